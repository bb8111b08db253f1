/** Holds the stacks of a sandbox, so that nothing is deployed there while they are deleted. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Lock, lockStack } from "../../engine/checkpoint/lock";
import { EngineError } from "../../engine/diagnostic";
import { CommandError, EXIT } from "../exit-codes";

/** Does something while no deployment works on any stack. Throws CommandError when one does, naming it. */
export async function withStacksHeld<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const locks = join(folder, "state", ".pulumi", "locks", "organization");
  const held: Lock[] = [];
  try {
    for (const project of namesIn(locks)) {
      for (const stack of namesIn(join(locks, project))) {
        held.push(await lockStack(join(locks, project, stack), `organization/${project}/${stack}`));
      }
    }
    return await work();
  } catch (error) {
    if (error instanceof EngineError) throw new CommandError(EXIT.failure, error.problems);
    throw error;
  } finally {
    for (const lock of held) await lock.release();
  }
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
