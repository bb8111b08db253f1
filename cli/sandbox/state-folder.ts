/** Where the states of a sandbox's stacks stand, closed to others: the sandbox's own folder lets its servers' user through. */
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** The folder of the stacks' states, whether it is there or not. */
export function stateFolder(folder: string): string {
  return join(folder, "state");
}

/** Makes the folder of the stacks' states if there is none, and closes it to others if it is open. */
export function makeStateFolder(folder: string): string {
  const state = stateFolder(folder);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  chmodSync(state, 0o700);
  return state;
}
