/**
 * What depends on what among the states of a checkpoint. Resources are named by URN, and a URN may stand for two
 * states: one that is to be deleted, and the one that replaced it. Everything that a state refers to stands before it.
 */
import type { ResourceState } from "../checkpoint/state";
import { referencedUrn } from "../provider-reference";

/** What names other resources. */
export type References = Pick<
  ResourceState,
  "dependencies" | "propertyDependencies" | "deletedWith" | "replaceWith" | "provider"
>;

/** URNs that a state refers to, but for its parent. */
export function referencesOf(state: References): Set<string> {
  const urns = new Set(state.dependencies);
  for (const dependencies of Object.values(state.propertyDependencies)) {
    for (const urn of dependencies) urns.add(urn);
  }
  if (state.deletedWith !== undefined) urns.add(state.deletedWith);
  for (const urn of state.replaceWith ?? []) urns.add(urn);
  if (state.provider !== undefined) urns.add(referencedUrn(state.provider));
  return urns;
}

export class DependencyGraph {
  readonly #positions = new Map<ResourceState, number>();
  readonly #byUrn = new Map<string, number[]>();
  readonly #children = new Map<string, number[]>();

  constructor(private readonly states: readonly ResourceState[]) {
    for (const [position, state] of states.entries()) {
      this.#positions.set(state, position);
      append(this.#byUrn, state.urn, position);
      if (state.parent !== undefined) append(this.#children, state.parent, position);
    }
  }

  has(state: ResourceState): boolean {
    return this.#positions.has(state);
  }

  /** What depends on a state, directly or not, in order. To be a child is not to depend. */
  dependents(of: ResourceState): ResourceState[] {
    return this.#reachedFrom(of, (state, reached) =>
      [...referencesOf(state)].some((urn) => reached.has(urn)),
    );
  }

  /** What depends on a state or is within it, directly or not, in order. */
  everythingOver(of: ResourceState): ResourceState[] {
    return this.#reachedFrom(
      of,
      (state, reached) =>
        reached.has(state.parent ?? "") || [...referencesOf(state)].some((urn) => reached.has(urn)),
    );
  }

  /** What a state depends on directly, its parent too. Whoever depends on a component depends on what is in it. */
  dependencies(of: ResourceState): Set<ResourceState> {
    const end = this.#position(of);
    const found = new Set<ResourceState>();
    const add = (position: number): void => {
      const state = this.states[position];
      if (position < end && state !== undefined) found.add(state);
    };
    for (const urn of referencesOf(of)) {
      for (const position of this.#byUrn.get(urn) ?? []) {
        add(position);
        if (this.states[position]?.custom === false) this.#inside(urn, end).forEach(add);
      }
    }
    if (of.parent !== undefined) this.#byUrn.get(of.parent)?.forEach(add);
    return found;
  }

  /** Everything that a state depends on, directly or not, ancestors included. */
  everythingUnder(of: ResourceState): Set<ResourceState> {
    const found = new Set<ResourceState>();
    const open = [of];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const state of this.dependencies(next)) {
        if (found.has(state)) continue;
        found.add(state);
        open.push(state);
      }
    }
    return found;
  }

  #reachedFrom(
    of: ResourceState,
    isReached: (state: ResourceState, reached: ReadonlySet<string>) => boolean,
  ): ResourceState[] {
    const reached = new Set([of.urn]);
    return this.states.slice(this.#position(of) + 1).filter((state) => {
      if (!isReached(state, reached)) return false;
      reached.add(state.urn);
      return true;
    });
  }

  #inside(urn: string, end: number): number[] {
    const children = (this.#children.get(urn) ?? []).filter((position) => position < end);
    return children.flatMap((position) => {
      const child = this.states[position];
      return child === undefined || child.urn === urn
        ? [position]
        : [position, ...this.#inside(child.urn, end)];
    });
  }

  #position(state: ResourceState): number {
    const position = this.#positions.get(state);
    if (position === undefined)
      throw new Error(`${state.urn} is not in the checkpoint that the run started from`);
    return position;
  }
}

function append(map: Map<string, number[]>, key: string, position: number): void {
  const positions = map.get(key);
  if (positions === undefined) map.set(key, [position]);
  else positions.push(position);
}
