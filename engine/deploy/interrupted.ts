/**
 * What a run that was killed had begun. A create of which the id was known beforehand is looked for: what is there
 * was made by that run, since nothing was there when it began. Of any other create nobody can tell; it stays noted,
 * until a refresh is told to forget it.
 */

import { subjectOf } from "../apply/intent";
import type { ProviderRegistry } from "../apply/registry";
import { withSecretOutputs } from "../apply/secrets";
import { withCurrentNames } from "../checkpoint/references";
import type { PendingOperation, ResourceState, Snapshot } from "../checkpoint/state";
import { type Diagnostic, EngineError, messageOf } from "../diagnostic";

/** The snapshot as it is to be taken, and what to tell of it. */
export interface Settled {
  readonly snapshot: Snapshot;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Settles the creates of a snapshot that were interrupted. The same snapshot when there are none. Throws EngineError
 * `state` when a provider cannot be asked: to go on would be to make a resource twice, or to refuse one's own.
 */
export async function settleInterrupted(snapshot: Snapshot, registry: ProviderRegistry): Promise<Settled> {
  const diagnostics: Diagnostic[] = [];
  const kept: PendingOperation[] = [];
  let resources: readonly ResourceState[] = snapshot.resources;
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
    if (found !== undefined) resources = withCurrentNames(withResource(resources, found));
  }
  if (diagnostics.length === 0) return { snapshot, diagnostics };
  return { snapshot: { ...snapshot, resources, pendingOperations: kept }, diagnostics };
}

async function lookedFor(
  resource: ResourceState,
  registry: ProviderRegistry,
): Promise<ResourceState | undefined> {
  const { id = "", provider = "", inputs } = resource;
  try {
    const loaded = await registry.get(provider);
    const found = await loaded.read({ ...subjectOf(resource), id, inputs, outputs: inputs });
    return found && withSecretOutputs({ ...resource, id: found.id, outputs: found.outputs });
  } catch (error) {
    throw new EngineError("state", [
      `${resource.urn}: an earlier deployment was interrupted while creating this resource, and it cannot be looked ` +
        `for: ${messageOf(error)}; nothing was done; mend that and try again`,
    ]);
  }
}

/**
 * The new resource in the place of the one of its URN, or of its former one, which was to be replaced by it: what
 * stands behind that one may refer to it, and what the new one refers to stands before it. Behind all others when there
 * is none.
 */
function withResource(resources: readonly ResourceState[], made: ResourceState): ResourceState[] {
  const names = [made.urn, ...(made.aliases ?? [])];
  const isReplaced = ({ urn, delete: doomed }: ResourceState): boolean =>
    names.includes(urn) && doomed !== true;
  if (!resources.some(isReplaced)) return [...resources, made];
  return resources.flatMap((state) => {
    if (!isReplaced(state)) return [state];
    return state.pendingReplacement === true ? [made] : [made, { ...state, delete: true }];
  });
}
