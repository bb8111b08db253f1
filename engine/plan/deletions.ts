/** What is deleted once a program has said all: what it does not declare any more, and what was replaced. */
import type { ResourceState } from "../checkpoint/state";
import { objectKey, type Progress } from "./progress";
import type { DeleteStep, ForgetStep, Reason, Spared } from "./step";

/** Plans the deletions, in layers: the steps of one may be taken at once, and each waits for the one before. */
export function planDeletions(progress: Progress): (DeleteStep | ForgetStep)[][] {
  const doomed = new Map<ResourceState, "superseded" | "undeclared" | "forgotten">();
  for (const state of progress.snapshot.resources) {
    if (progress.condemned.has(state)) {
      // It was deleted to be made anew, and nobody asked for it again.
      if (state.delete !== true && !progress.isHandled(state.urn)) doomed.set(state, "forgotten");
    } else if (state.delete === true || progress.superseded.has(state)) doomed.set(state, "superseded");
    else if (!progress.isHandled(state.urn) && !progress.deleted.has(state.urn)) {
      doomed.set(state, state.pendingReplacement === true ? "forgotten" : "undeclared");
    }
  }
  for (const state of doomed.keys()) progress.deleted.add(state.urn);
  // What is protected stays, and what is deleted with it has a step of its own.
  const goes = (state: ResourceState) =>
    doomed.has(state) && !(state.protect === true && doomed.get(state) === "undeclared");
  const gone = progress.whatGoes(progress.deleted, goes);
  const layers = progress.graph.layers(new Set(doomed.keys()));
  return layers.map((layer) =>
    layer.map((state) => {
      const why = doomed.get(state);
      if (why === "forgotten") return { op: "remove-pending-replace", reason: "undeclared", old: state };
      return deletionOf(state, why ?? "undeclared", false, gone, progress.imported);
    }),
  );
}

/**
 * The step that deletes a state.
 *
 * @param gone whether everything that has a URN is deleted too
 * @param imported objects that are another resource's now: the official engine deletes them under their old name
 */
export function deletionOf(
  state: ResourceState,
  reason: Reason,
  awaitsReplacement: boolean,
  gone: (urn: string) => boolean,
  imported: ReadonlySet<string> = new Set(),
): DeleteStep {
  const spared = imported.has(objectKey(state)) ? "taken-over" : sparedBecause(state, gone);
  const replaced = reason !== "undeclared";
  const external = state.external === true;
  const op = replaced ? (external ? "discard-replaced" : "delete-replaced") : external ? "discard" : "delete";
  return { op, reason, old: state, awaitsReplacement, ...(spared === undefined ? {} : { spared }) };
}

function sparedBecause(state: ResourceState, gone: (urn: string) => boolean): Spared | undefined {
  if (state.external === true) return "external";
  if (state.retainOnDelete === true) return "retained";
  return state.deletedWith !== undefined && gone(state.deletedWith) ? "deleted-with" : undefined;
}
