/**
 * What becomes of resources that are deleted because another is made anew. Each comes back, or is forgotten, when it is
 * gone, and not before: it may be asked for again while its deletion is still to come, and its deletion may fail.
 */
import type { ResourceState } from "../checkpoint/state";
import type { Step } from "../plan/step";

interface Awaited {
  readonly gone: Promise<boolean>;
  readonly end: (gone: boolean) => void;
}

export class AwaitedDeletions {
  readonly #awaited = new Map<ResourceState, Awaited>();

  /** Takes note of the deletions of a plan. To be told before anything else is planned. */
  expect(steps: readonly Step[]): void {
    for (const state of awaitedBy(steps)) {
      let end = (_gone: boolean): void => {};
      const gone = new Promise<boolean>((resolve) => {
        end = resolve;
      });
      this.#awaited.set(state, { gone, end });
    }
    this.#followContainers(steps);
  }

  /** What is deleted with another resource is gone when that one is. */
  #followContainers(steps: readonly Step[]): void {
    const states = awaitedBy(steps);
    for (const step of steps) {
      if (!("spared" in step) || step.spared !== "deleted-with") continue;
      const own = this.#awaited.get(step.old);
      const container = states.find(({ urn }) => urn === step.old.deletedWith);
      const around = container && this.#awaited.get(container);
      if (own === undefined || around === undefined) continue;
      const gone = Promise.all([own.gone, around.gone]).then((ends) => ends.every(Boolean));
      this.#awaited.set(step.old, { ...own, gone });
    }
  }

  /** Takes note that the deletions of these steps were made, or, where nobody said so before, that they were not. */
  end(steps: readonly Step[], gone: boolean): void {
    for (const state of awaitedBy(steps)) this.#awaited.get(state)?.end(gone);
  }

  /** Whether the place that a step's resource takes is free, when that is known. */
  async isPlaceFree(step: Step): Promise<boolean> {
    const old = takesFreedPlace(step);
    return old === undefined || this.isGone(old);
  }

  /** Whether a resource is gone, when that is known. One that nobody deletes is not. */
  async isGone(state: ResourceState): Promise<boolean> {
    return state.pendingReplacement === true || (await this.#awaited.get(state)?.gone) === true;
  }
}

function awaitedBy(steps: readonly Step[]): ResourceState[] {
  return steps.flatMap((step) => ("awaitsReplacement" in step && step.awaitsReplacement ? [step.old] : []));
}

/** The state whose place a step takes once its resource is gone. */
function takesFreedPlace(step: Step): ResourceState | undefined {
  if (step.op === "import") return step.old;
  return step.op === "create-replacement" && !step.keepsOld ? step.old : undefined;
}
