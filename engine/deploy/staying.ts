/** What is not deleted in the end, although no program declares it: something that failed may still need it. */
import type { ResourceState } from "../checkpoint/state";
import type { Planner } from "../plan/planner";

export class Staying {
  readonly #states = new Set<ResourceState>();

  constructor(private readonly planner: Pick<Planner, "oldStates" | "everythingOver" | "everythingUnder">) {}

  has(state: ResourceState): boolean {
    return this.#states.has(state);
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
