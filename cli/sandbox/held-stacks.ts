/** Holds the stacks of a sandbox, so that nothing is deployed there while they are deleted. */
import { type Dirent, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Lock, lockStack } from "../../engine/checkpoint/lock";
import { EngineError } from "../../engine/diagnostic";
import { CommandError, EXIT } from "../exit-codes";
import { stateFolder } from "./state-folder";

/**
 * Does something while no deployment works on any stack: neither on one that somebody deployed nor on one that has only a
 * state. Throws CommandError when one does, naming it.
 */
export async function withStacksHeld<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const root = join(stateFolder(folder), ".pulumi");
  const locks = join(root, "locks", "organization");
  const held: Lock[] = [];
  try {
    for (const project of new Set([...foldersIn(locks), ...foldersIn(join(root, "stacks"))])) {
      const stated = namesIn(join(root, "stacks", project)).flatMap((name) => STATE.exec(name)?.[1] ?? []);
      for (const stack of new Set([...foldersIn(join(locks, project)), ...stated])) {
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

/** The file of a stack's state. */
const STATE = /^([^.].*)\.json(?:\.gz|\.zst)?$/;

function foldersIn(folder: string): string[] {
  return entriesIn(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function namesIn(folder: string): string[] {
  return entriesIn(folder).map(({ name }) => name);
}

function entriesIn(folder: string): Dirent[] {
  return existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
}
