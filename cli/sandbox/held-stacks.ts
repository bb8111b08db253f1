/** Holds the stacks of a sandbox, so that nothing is deployed there while they are deleted. */
import { listStacks, stackPaths } from "../../engine/checkpoint/backend";
import { type Lock, lockStack } from "../../engine/checkpoint/lock";
import { EngineError } from "../../engine/diagnostic";
import { CommandError, EXIT } from "../exit-codes";
import { stateFolder } from "./state-folder";

/**
 * Does something while no deployment works on any stack, be it deployed already or not. Throws CommandError when one
 * does, naming it.
 */
export async function withStacksHeld<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const held: Lock[] = [];
  try {
    for (const stack of await listStacks(stateFolder(folder))) {
      const { locks, qualifiedName } = stackPaths(stack);
      held.push(await lockStack(locks, qualifiedName));
    }
    return await work();
  } catch (error) {
    if (error instanceof EngineError) throw new CommandError(EXIT.failure, error.problems);
    throw error;
  } finally {
    for (const lock of held) await lock.release();
  }
}
