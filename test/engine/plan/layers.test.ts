/** The order in which states go, with some that go in the step of another. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ResourceState } from "../../../engine/checkpoint/state";
import { layersOf } from "../../../engine/plan/layers";
import { seed } from "../../support/seed";

const named = (urn: string): ResourceState => ({
  urn,
  type: "t:i:T",
  custom: true,
  inputs: {},
  outputs: {},
  dependencies: [],
  propertyDependencies: {},
});

/** States by name, and what each depends on. */
function world(under: Readonly<Record<string, readonly string[]>>) {
  const states = new Map(Object.keys(under).map((name) => [name, named(name)]));
  const of = (name: string): ResourceState => states.get(name) ?? named(name);
  const dependenciesOf = ({ urn }: ResourceState): ResourceState[] => (under[urn] ?? []).map(of);
  return { of, all: [...states.values()], dependenciesOf };
}

const names = (layers: readonly (readonly ResourceState[])[]): string[][] =>
  layers.map((layer) => layer.map(({ urn }) => urn).sort());

describe("what is deleted", () => {
  it("goes before what it depends on", () => {
    const { all, dependenciesOf } = world({ a: [], b: ["a"], c: ["a"], d: ["b"], e: [] });
    const { layers, tangled } = layersOf(all, dependenciesOf, new Map());
    expect(names(layers)).toEqual([["c", "d", "e"], ["b"], ["a"]]);
    expect(tangled.size).toBe(0);
  });

  it("goes after what depends on anything that goes along with it, and before what that depends on", () => {
    const { of, all, dependenciesOf } = world({
      role: [],
      database: [],
      grant: ["database", "role"],
      user: ["grant"],
    });
    const { layers } = layersOf(all, dependenciesOf, new Map([[of("grant"), of("database")]]));
    expect(names(layers)).toEqual([["user"], ["database"], ["role"]]);
  });

  it("is tangled where something stands between it and what it is to go along with", () => {
    const { of, all, dependenciesOf } = world({
      database: [],
      schema: ["database"],
      grant: ["database", "schema"],
    });
    const { tangled } = layersOf(all, dependenciesOf, new Map([[of("grant"), of("database")]]));
    expect([...tangled].map(({ urn }) => urn).sort()).toEqual(["database", "schema"]);
  });

  it("goes in an order that no dependency breaks, whatever goes along, or is tangled", () => {
    const node = fc.record({ under: fc.array(fc.nat(20), { maxLength: 3 }), carrier: fc.option(fc.nat(20)) });
    const check = (nodes: readonly { readonly under: number[]; readonly carrier: number | null }[]): void => {
      const earlier = (index: number, number: number): string => String(number % index);
      const { of, all, dependenciesOf } = world(
        Object.fromEntries(
          nodes.map(({ under }, index) => [
            String(index),
            index === 0 ? [] : under.map((number) => earlier(index, number)),
          ]),
        ),
      );
      const carriers = new Map<ResourceState, ResourceState>();
      for (const [index, { carrier }] of nodes.entries()) {
        if (carrier !== null && index > 0) carriers.set(of(String(index)), of(earlier(index, carrier)));
      }
      const rootOf = (state: ResourceState): ResourceState => {
        const carrier = carriers.get(state);
        return carrier === undefined ? state : rootOf(carrier);
      };
      const { layers, tangled } = layersOf(all, dependenciesOf, carriers);
      const level = new Map(layers.flatMap((layer, index) => layer.map((state) => [state, index] as const)));
      expect(level.size + tangled.size + carriers.size).toBe(all.length);
      if (carriers.size === 0) expect(tangled.size).toBe(0);
      for (const state of all) {
        for (const dependency of dependenciesOf(state)) {
          const [own, its] = [level.get(rootOf(state)), level.get(rootOf(dependency))];
          if (own === undefined || its === undefined || rootOf(state) === rootOf(dependency)) continue;
          expect(own).toBeLessThan(its);
        }
      }
    };
    fc.assert(fc.property(fc.array(node, { minLength: 1, maxLength: 12 }), check), {
      seed: seed(),
      numRuns: 500,
    });
  });
});
