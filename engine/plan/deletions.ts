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
  const doomed: Doomed[] = [];
  const forgotten = new Set<ResourceState>();
  for (const state of progress.snapshot.resources) {
    const doom = (reason: Reason) => doomed.push({ state, reason, awaitsReplacement: false });
    if (progress.condemned.has(state)) {
      // It was deleted to be made anew, and nobody asked for it again.
      if (state.delete !== true && !progress.isHandled(state.urn)) forgotten.add(state);
    } else if (state.delete === true || progress.superseded.has(state)) doom("superseded");
    else if (progress.isUntouched(state.urn)) {
      if (state.pendingReplacement === true) forgotten.add(state);
      else doom("undeclared");
    }
  }
  const deletions = new Deletions(doomed, progress);
  const going = progress.snapshot.resources.filter((state) => deletions.has(state) || forgotten.has(state));
  for (const { urn } of going) progress.deleted.add(urn);
  const dependencies = (state: ResourceState) => progress.graph.dependencies(state);
  let { layers, tangled } = layersOf(going, dependencies, deletions.carriers);
  while (tangled.size > 0) {
    deletions.part(tangled);
    ({ layers, tangled } = layersOf(going, dependencies, deletions.carriers));
  }
  return layers.map((layer) =>
    layer.map((state) =>
      forgotten.has(state)
        ? { op: "remove-pending-replace", reason: "undeclared", old: state }
        : deletions.step(state),
    ),
  );
}

/** States that are deleted together, and what of them goes along with what. */
export class Deletions {
  readonly #doomed: ReadonlyMap<ResourceState, Doomed>;
  readonly #progress: Progress;
  readonly #carriers = new Map<ResourceState, ResourceState>();

  /** Keeps the order of the states. */
  constructor(doomed: readonly Doomed[], progress: Progress) {
    this.#doomed = new Map(doomed.map((one) => [one.state, one]));
    this.#progress = progress;
    for (const one of doomed) {
      const carrier = this.#carrierOf(one);
      if (carrier !== undefined) this.#carriers.set(one.state, carrier);
    }
  }

  has(state: ResourceState): boolean {
    return this.#doomed.has(state);
  }

  /** What goes along, with the state in whose step it goes. */
  get carriers(): ReadonlyMap<ResourceState, ResourceState> {
    return this.#carriers;
  }

  /** Gives what goes along with one of these states a step of its own. */
  part(from: ReadonlySet<ResourceState>): void {
    for (const [state, carrier] of this.#carriers) {
      if (from.has(carrier) || this.#carriers.has(carrier)) this.#carriers.delete(state);
    }
  }

  /** The steps that delete all of them. */
  steps(): DeleteStep[] {
    return [...this.#doomed.keys()]
      .filter((state) => !this.#carriers.has(state))
      .map((state) => this.step(state));
  }

  /** The step that deletes a state, with what goes along. */
  step(state: ResourceState): DeleteStep {
    const one = this.#doomed.get(state);
    if (one === undefined) throw new Error(`${state.urn} is not deleted`);
    const { reason, awaitsReplacement } = one;
    const spared = this.#spared(state);
    const replaced = reason !== "undeclared";
    const external = state.external === true;
    const op = replaced
      ? external
        ? "discard-replaced"
        : "delete-replaced"
      : external
        ? "discard"
        : "delete";
    const along = [...this.#carriers]
      .filter(([, carrier]) => carrier === state)
      .map(([other]) => this.step(other));
    return {
      op,
      reason,
      old: state,
      awaitsReplacement,
      ...(spared === undefined ? {} : { spared }),
      ...(along.length === 0 ? {} : { along }),
    };
  }

  #carrierOf(one: Doomed): ResourceState | undefined {
    if (isRefused(one) || this.#ownReasonToSpare(one.state) !== undefined) return undefined;
    const container = this.#progress.containerOf(one.state, (state) => this.has(state));
    const around = container && this.#doomed.get(container);
    if (around === undefined || isRefused(around)) return undefined;
    return around.awaitsReplacement === one.awaitsReplacement ? around.state : undefined;
  }

  #spared(state: ResourceState): Spared | undefined {
    const own = this.#ownReasonToSpare(state);
    if (own !== undefined) return own;
    const isGone = (other: ResourceState): boolean => other.pendingReplacement === true;
    const goes = this.#carriers.has(state) || this.#progress.containerOf(state, isGone) !== undefined;
    return goes ? "deleted-with" : undefined;
  }

  #ownReasonToSpare(state: ResourceState): Spared | undefined {
    const { condemned, superseded } = this.#progress;
    const stays = (other: ResourceState): boolean =>
      !this.has(other) && !condemned.has(other) && !superseded.has(other);
    if (this.#progress.isTakenOver(state, stays)) return "taken-over";
    if (state.external === true) return "external";
    return state.retainOnDelete === true ? "retained" : undefined;
  }
}

/** Whether the deletion will be refused: what is protected is not deleted because nobody declares it. */
function isRefused({ state, reason }: Doomed): boolean {
  return state.protect === true && reason === "undeclared";
}
