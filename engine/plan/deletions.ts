/**
 * What is deleted: once a program has said all, what it does not declare any more and what was replaced; and how a
 * deletion looks. What is `deletedWith` another resource goes in that one's step, so that it is never taken for gone
 * while that one stays.
 */
import type { ResourceState } from "../checkpoint/state";
import { layersOf } from "./layers";
import type { Progress } from "./progress";
import type { DeleteStep, ForgetStep, Reason, Spared } from "./step";

/** A state to delete. */
export interface Doomed {
  readonly state: ResourceState;
  readonly reason: Reason;
  /** Whether the state stays, until the replacement was made. */
  readonly awaitsReplacement: boolean;
}

/** Plans the deletions, in layers: the steps of one may be taken at once, and each waits for the one before. */
export function planDeletions(progress: Progress): (DeleteStep | ForgetStep)[][] {
  const doomed = new Map<ResourceState, Doomed>();
  const forgotten = new Set<ResourceState>();
  for (const state of progress.snapshot.resources) {
    const doom = (reason: Reason) => doomed.set(state, { state, reason, awaitsReplacement: false });
    if (progress.condemned.has(state)) {
      // It was deleted to be made anew, and nobody asked for it again.
      if (state.delete !== true && !progress.isHandled(state.urn)) forgotten.add(state);
    } else if (state.delete === true || progress.superseded.has(state)) doom("superseded");
    else if (!progress.isHandled(state.urn) && !progress.deleted.has(state.urn)) {
      if (state.pendingReplacement === true) forgotten.add(state);
      else doom("undeclared");
    }
  }
  for (const state of [...doomed.keys(), ...forgotten]) progress.deleted.add(state.urn);
  const going = progress.snapshot.resources.filter((state) => doomed.has(state) || forgotten.has(state));
  const dependencies = (state: ResourceState) => progress.graph.dependencies(state);
  const carriers = new Map(carriersOf(doomed, progress));
  let { layers, tangled } = layersOf(going, dependencies, carriers);
  while (tangled.size > 0) {
    for (const [state, carrier] of carriers) {
      if (tangled.has(carrier) || carriers.has(carrier)) carriers.delete(state);
    }
    ({ layers, tangled } = layersOf(going, dependencies, carriers));
  }
  return layers.map((layer) =>
    layer.map((state) => {
      const one = doomed.get(state);
      if (one === undefined) return { op: "remove-pending-replace", reason: "undeclared", old: state };
      return deletionOf(one, doomed, carriers, progress);
    }),
  );
}

/** What goes along with what, of all that is deleted. */
export function carriersOf(
  doomed: ReadonlyMap<ResourceState, Doomed>,
  progress: Progress,
): Map<ResourceState, ResourceState> {
  const carriers = new Map<ResourceState, ResourceState>();
  for (const one of doomed.values()) {
    if (isRefused(one) || ownReasonToSpare(one.state, doomed, progress) !== undefined) continue;
    const container = progress.containerOf(one.state, (state) => doomed.has(state));
    const around = container && doomed.get(container);
    if (around === undefined || isRefused(around)) continue;
    if (around.awaitsReplacement === one.awaitsReplacement) carriers.set(one.state, around.state);
  }
  return carriers;
}

/** The step that deletes a state, with what goes along. */
export function deletionOf(
  one: Doomed,
  doomed: ReadonlyMap<ResourceState, Doomed>,
  carriers: ReadonlyMap<ResourceState, ResourceState>,
  progress: Progress,
): DeleteStep {
  const { state, reason, awaitsReplacement } = one;
  const spared = sparedBecause(state, doomed, carriers, progress);
  const replaced = reason !== "undeclared";
  const external = state.external === true;
  const op = replaced ? (external ? "discard-replaced" : "delete-replaced") : external ? "discard" : "delete";
  const carried = [...carriers].flatMap(([other, carrier]) => (carrier === state ? [other] : []));
  const along = carried.flatMap((other) => {
    const its = doomed.get(other);
    return its === undefined ? [] : [deletionOf(its, doomed, carriers, progress)];
  });
  return {
    op,
    reason,
    old: state,
    awaitsReplacement,
    ...(spared === undefined ? {} : { spared }),
    ...(along.length === 0 ? {} : { along }),
  };
}

/** Whether the deletion will be refused: what is protected is not deleted because nobody declares it. */
function isRefused({ state, reason }: Doomed): boolean {
  return state.protect === true && reason === "undeclared";
}

function sparedBecause(
  state: ResourceState,
  doomed: ReadonlyMap<ResourceState, Doomed>,
  carriers: ReadonlyMap<ResourceState, ResourceState>,
  progress: Progress,
): Spared | undefined {
  const own = ownReasonToSpare(state, doomed, progress);
  if (own !== undefined) return own;
  const isGone = (other: ResourceState): boolean => other.pendingReplacement === true;
  return carriers.has(state) || progress.containerOf(state, isGone) !== undefined
    ? "deleted-with"
    : undefined;
}

function ownReasonToSpare(
  state: ResourceState,
  doomed: ReadonlyMap<ResourceState, Doomed>,
  progress: Progress,
): Spared | undefined {
  const stays = (other: ResourceState): boolean =>
    !doomed.has(other) && !progress.condemned.has(other) && !progress.superseded.has(other);
  if (progress.isTakenOver(state, stays)) return "taken-over";
  if (state.external === true) return "external";
  return state.retainOnDelete === true ? "retained" : undefined;
}
