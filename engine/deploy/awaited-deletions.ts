/**
 * What becomes of resources that are deleted because another is made anew. Each comes back, or is forgotten, when it is
 * gone, and not before: it may be asked for again while its deletion is still to come, and its deletion may fail. What
 * it depends on goes after it too, also where another resource's replacement deletes that.
 */
import type { ResourceState } from "../checkpoint/state";
import type { DeleteStep, Step } from "../plan/step";

interface Awaited {
  readonly gone: Promise<boolean>;
  readonly end: (gone: boolean) => void;
}

export class AwaitedDeletions {
  readonly #awaited = new Map<ResourceState, Awaited>();
  /** Those that were neither made nor given up yet. */
  readonly #open = new Set<ResourceState>();
  /** What has to be gone before a state is deleted. */
  readonly #dependents = new Map<ResourceState, readonly ResourceState[]>();

  /**
   * Takes note of the deletions of a plan. To be told before anything else is planned.
   *
   * @param everythingUnder what a state depends on, directly or not
   */
  expect(
    steps: readonly Step[],
    everythingUnder: (state: ResourceState) => ReadonlySet<ResourceState>,
  ): void {
    const deletions = deletionsOf(steps);
    if (deletions.length === 0) return;
    const others = [...this.#open].map((state) => ({ state, under: everythingUnder(state) }));
    for (const { old } of deletions) {
      const dependents = others.filter(({ under }) => under.has(old)).map(({ state }) => state);
      if (dependents.length > 0) this.#dependents.set(old, dependents);
      let end = (_gone: boolean): void => {};
      const gone = new Promise<boolean>((resolve) => {
        end = resolve;
      });
      this.#awaited.set(old, { gone, end });
      this.#open.add(old);
    }
    this.#followContainers(deletions);
  }

  /** What is deleted with another resource is gone when that one is. */
  #followContainers(deletions: readonly DeleteStep[]): void {
    for (const { old, spared } of deletions) {
      if (spared !== "deleted-with") continue;
      const own = this.#awaited.get(old);
      const container = deletions.find((step) => step.awaitsReplacement && step.old.urn === old.deletedWith);
      const around = container && this.#awaited.get(container.old);
      if (own === undefined || around === undefined) continue;
      const gone = Promise.all([own.gone, around.gone]).then((ends) => ends.every(Boolean));
      this.#awaited.set(old, { ...own, gone });
    }
  }

  /** Takes note that the deletions of these steps were made, or, where nobody said so before, that they were not. */
  end(steps: readonly Step[], gone: boolean): void {
    for (const { old } of deletionsOf(steps)) {
      this.#awaited.get(old)?.end(gone);
      this.#open.delete(old);
    }
  }

  /** Why a step cannot be taken, when what has to be gone before it is known; undefined when it can. */
  async obstacle(step: Step): Promise<string | undefined> {
    const old = takesFreedPlace(step);
    if (old !== undefined && !(await this.isGone(old))) {
      return "it is not made anew, because the old one could not be deleted";
    }
    for (const state of isDeletion(step) ? (this.#dependents.get(step.old) ?? []) : []) {
      if (await this.isGone(state)) continue;
      return `it is not deleted, because ${state.urn}, which depends on it, could not be deleted`;
    }
    return undefined;
  }

  /** Whether a resource is gone, when that is known. One that nobody deletes is not. */
  async isGone(state: ResourceState): Promise<boolean> {
    return state.pendingReplacement === true || (await this.#awaited.get(state)?.gone) === true;
  }
}

function isDeletion(step: Step): step is DeleteStep {
  return "awaitsReplacement" in step;
}

function deletionsOf(steps: readonly Step[]): DeleteStep[] {
  return steps.filter(isDeletion);
}

/** The state whose place a step takes once its resource is gone. */
function takesFreedPlace(step: Step): ResourceState | undefined {
  if (step.op === "import") return step.old;
  return step.op === "create-replacement" && !step.keepsOld ? step.old : undefined;
}
