/**
 * What a run that was killed had begun. A create of which the id was known beforehand is looked for: what is there
 * was made by that run, since nothing was there when it began. Of any other create nobody can tell; it stays noted,
 * until a refresh is told to forget it.
 */

import { subjectOf } from "../apply/intent";
import type { ProviderRegistry } from "../apply/registry";
import { withSecretOutputs } from "../apply/secrets";
import type { PendingOperation, ResourceState, Snapshot } from "../checkpoint/state";
import type { Diagnostic } from "../diagnostic";

/** The snapshot as it is to be taken, and what to tell of it. */
export interface Settled {
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
}

/** Settles the creates of a snapshot that were interrupted. The same snapshot when there are none. */
export async function settleInterrupted(snapshot: Snapshot, registry: ProviderRegistry): Promise<Settled> {
  const diagnostics: Diagnostic[] = [];
  const kept: PendingOperation[] = [];
  let resources = snapshot.resources;
  for (const operation of snapshot.pendingOperations) {
    const { type, resource } = operation;
    const { urn } = resource;
    if (type !== "creating") continue;
    if (resource.id === undefined || resource.provider === undefined) {
      kept.push(operation);
      const message =
        "an earlier deployment was interrupted while creating this resource, and nobody can tell whether it exists; " +
        "look for it, import or remove it if it does, then refresh with --clear-pending-creates";
      diagnostics.push({ severity: "warning", message, urn });
      continue;
    }
    const found = await lookedFor(resource, registry);
    const what = found === undefined ? "was not made" : "was made, and is taken into the state";
    const message = `an earlier deployment was interrupted while creating this resource; it ${what}`;
    diagnostics.push({ severity: "info", message, urn });
    if (found !== undefined) resources = withResource(resources, found);
  }
  if (diagnostics.length === 0) return { snapshot, diagnostics };
  return { snapshot: { ...snapshot, resources, pendingOperations: kept }, diagnostics };
}

async function lookedFor(
  resource: ResourceState,
  registry: ProviderRegistry,
): Promise<ResourceState | undefined> {
  const { id = "", provider = "", inputs } = resource;
  const loaded = await registry.get(provider);
  const found = await loaded.read({ ...subjectOf(resource), id, inputs, outputs: inputs });
  return found && withSecretOutputs({ ...resource, id: found.id, outputs: found.outputs });
}

/** The new resource behind all others; one of the same URN was to be replaced by it. */
function withResource(resources: readonly ResourceState[], made: ResourceState): ResourceState[] {
  const others = resources.flatMap((state) => {
    if (state.urn !== made.urn || state.delete === true) return [state];
    return state.pendingReplacement === true ? [] : [{ ...state, delete: true }];
  });
  return [...others, made];
}
