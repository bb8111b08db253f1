/** What is not deleted in the end, although no program declares it: something that failed may still need it. */
import type { ResourceState } from "../checkpoint/state";
import type { Planner } from "../plan/planner";
import { type DeleteStep, type ForgetStep, goingAlong } from "../plan/step";

export class Staying {
  readonly #states = new Set<ResourceState>();

  constructor(private readonly planner: Pick<Planner, "oldStates" | "everythingOver" | "everythingUnder">) {}

  /** The steps that may be taken. What the others would have deleted stays, with everything that goes along. */
  permitted<S extends DeleteStep | ForgetStep>(steps: readonly S[]): S[] {
    const refused = new Set(steps.filter(({ old }) => this.#states.has(old)));
    for (const step of refused) this.keepOf(step);
    return steps.filter((step) => !refused.has(step));
  }

  /** Keeps what a step would have deleted, with what goes along. */
  keepOf(step: DeleteStep | ForgetStep): void {
    for (const { old } of [step, ...goingAlong(step)]) this.keep(old);
  }

  /** Keeps a state, with everything that it depends on. */
  keep(state: ResourceState): void {
    this.#states.add(state);
    for (const dependency of this.planner.everythingUnder(state)) this.#states.add(dependency);
  }

  /**
   * Keeps what a resource was that failed in this run, with what depends on that or is within it: the program might
   * have declared those, had it come to know the resource.
   */
  keepAround(urn: string): void {
    for (const state of this.planner.oldStates(urn)) {
      this.keep(state);
      for (const over of this.planner.everythingOver(state)) this.keep(over);
    }
  }
}
