/**
 * What becomes of resources that are deleted because another is made anew. Each comes back, or is forgotten, when it is
 * gone, and not before: it may be asked for again while its deletion is still to come, and its deletion may fail. What
 * it depends on goes after it too, also where another resource's replacement deletes that.
 */
import type { ResourceState } from "../checkpoint/state";
import { type DeleteStep, goingAlong, type Step } from "../plan/step";

interface Awaited {
  readonly gone: Promise<boolean>;
  readonly end: (gone: boolean) => void;
}

export class AwaitedDeletions {
  readonly #awaited = new Map<ResourceState, Awaited>();
  /** Those that were neither made nor given up yet. */
  readonly #open = new Set<ResourceState>();
  readonly #remaining = new Set<ResourceState>();
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
  }

  /** Takes note that the deletions of these steps were made, or, where nobody said so before, that they were not. */
  end(steps: readonly Step[], gone: boolean): void {
    for (const { old } of deletionsOf(steps)) {
      if (!this.#open.delete(old)) continue;
      this.#awaited.get(old)?.end(gone);
      if (!gone) this.#remaining.add(old);
    }
  }

  /** What was to be deleted, and was not. */
  get remaining(): ReadonlySet<ResourceState> {
    return this.#remaining;
  }

  /** Why a step cannot be taken, when what has to be gone before it is known; undefined when it can. */
  async obstacle(step: Step): Promise<string | undefined> {
    const old = this.#freedPlace(step);
    if (old !== undefined && !(await this.#isGone(old))) {
      return "it is not made anew, because the old one could not be deleted";
    }
    if (!isDeletion(step)) return undefined;
    for (const state of deletionsOf([step]).flatMap((each) => this.#dependents.get(each.old) ?? [])) {
      if (await this.#isGone(state)) continue;
      return `it is not deleted, because ${state.urn}, which depends on it, could not be deleted`;
    }
    return undefined;
  }

  /** The state whose place a step takes once its resource is gone. */
  #freedPlace(step: Step): ResourceState | undefined {
    if (step.op === "import") return step.old;
    if (step.op === "read") return step.old && this.#awaited.has(step.old) ? step.old : undefined;
    return step.op === "create-replacement" && !step.keepsOld ? step.old : undefined;
  }

  /** Whether a resource is gone, when that is known. One that nobody deletes is not. */
  async #isGone(state: ResourceState): Promise<boolean> {
    return state.pendingReplacement === true || (await this.#awaited.get(state)?.gone) === true;
  }
}

function isDeletion(step: Step): step is DeleteStep {
  return "awaitsReplacement" in step;
}

function deletionsOf(steps: readonly Step[]): DeleteStep[] {
  return steps.filter(isDeletion).flatMap((step) => [...goingAlong(step), step]);
}
