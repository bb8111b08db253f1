/** Whether an unchanged resource must be written to the state at once. */
import { isDeepStrictEqual } from "node:util";
import type { ResourceState } from "../checkpoint/state";

/**
 * What another run could not do without. Anything else waits for the next write.
 *
 * Source: pulumi/pulumi, pkg/backend/snapshot.go (sameSnapshotMutation.mustWrite).
 */
const ESSENTIAL: readonly (keyof ResourceState)[] = [
  "urn",
  "type",
  "custom",
  "inputs",
  "outputs",
  "parent",
  "provider",
  "protect",
  "retainOnDelete",
  "deletedWith",
  "replaceWith",
  "customTimeouts",
  "replacementTrigger",
];

/** Whether anything that matters differs between the two states of a resource. */
export function isWorthKeeping(old: ResourceState, state: ResourceState): boolean {
  return (
    ESSENTIAL.some((key) => !isDeepStrictEqual(old[key], state[key])) ||
    !isDeepStrictEqual([...old.dependencies].sort(), [...state.dependencies].sort())
  );
}
