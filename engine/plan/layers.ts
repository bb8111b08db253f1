/**
 * The order in which states go: in layers, of which all of one may go at once, and nothing of a later one depends on
 * an earlier one. A state may go in the step of another, its carrier; then it is in no layer itself.
 */
import type { ResourceState } from "../checkpoint/state";

export interface Layers {
  readonly layers: readonly (readonly ResourceState[])[];
  /** What is in no layer, since with these carriers everything of it would have to go before something else of it. */
  readonly tangled: ReadonlySet<ResourceState>;
}

/** What goes in one step, and what goes later. */
interface Node {
  readonly state: ResourceState;
  /** So many that go earlier have no layer yet. */
  waitsFor: number;
  level: number;
  readonly under: Set<Node>;
}

/**
 * @param states what goes, in the order of the checkpoint
 * @param dependenciesOf what a state depends on; it has to go later
 * @param carriers by the state that goes along
 */
export function layersOf(
  states: readonly ResourceState[],
  dependenciesOf: (state: ResourceState) => Iterable<ResourceState>,
  carriers: ReadonlyMap<ResourceState, ResourceState>,
): Layers {
  const nodes = new Map<ResourceState, Node>();
  for (const state of states) {
    if (!carriers.has(state)) nodes.set(state, { state, waitsFor: 0, level: 0, under: new Set() });
  }
  for (const state of states) {
    const node = nodes.get(carrierOf(state, carriers));
    if (node === undefined) continue;
    for (const dependency of dependenciesOf(state)) {
      const below = nodes.get(carrierOf(dependency, carriers));
      if (below === undefined || below === node || node.under.has(below)) continue;
      node.under.add(below);
      below.waitsFor += 1;
    }
  }
  const layers: ResourceState[][] = [];
  const tangled = new Set(nodes.keys());
  const free = [...nodes.values()].filter(({ waitsFor }) => waitsFor === 0);
  for (const { state, level, under } of free) {
    tangled.delete(state);
    layers[level] ??= [];
    layers[level]?.push(state);
    for (const below of under) {
      below.level = Math.max(below.level, level + 1);
      below.waitsFor -= 1;
      // The loop goes on to what is added here.
      if (below.waitsFor === 0) free.push(below);
    }
  }
  return { layers, tangled };
}

function carrierOf(state: ResourceState, carriers: ReadonlyMap<ResourceState, ResourceState>): ResourceState {
  const carrier = carriers.get(state);
  return carrier === undefined ? state : carrierOf(carrier, carriers);
}
