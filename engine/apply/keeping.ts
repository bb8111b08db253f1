/** Whether an unchanged resource must be written to the state at once. */
import { isDeepStrictEqual } from "node:util";
import type { ResourceState } from "../checkpoint/state";

/** What says nothing of the resource itself; it may wait for the next write. */
const ADVISORY: readonly (keyof ResourceState)[] = [
  "sourcePosition",
  "initErrors",
  "modified",
  "created",
  "aliases",
];

/** Whether anything that matters differs between the two states of a resource. */
export function isWorthKeeping(old: ResourceState, state: ResourceState): boolean {
  return old.urn !== state.urn || !isDeepStrictEqual(essential(old), essential(state));
}

function essential(state: ResourceState): Record<string, unknown> {
  const entries = Object.entries({ ...state, dependencies: [...state.dependencies].sort() });
  return Object.fromEntries(
    entries.filter(([key, value]) => value !== undefined && !ADVISORY.includes(key as keyof ResourceState)),
  );
}
