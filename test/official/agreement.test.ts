/**
 * kb's preview agrees with the official CLI's, URN by URN: kind, parent, provider, inputs, options, dependencies
 * of the resource and of each property, outputs of components and of the stack, functions called and messages.
 * The CLI's previews are recordings (docs/official-cli.md); neither the CLI nor a network is needed here. Where
 * the two may differ, programs.ts names the place and the reason; a name that no longer applies fails too.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Declaration } from "../../engine/monitor/declaration";
import { type Difference, differences, fromDeclaration, fromFixture } from "./agreement";
import {
  declare,
  keybuzz,
  type RecordedProgram,
  RUNNERS,
  type Runner,
  readFixture,
  sampler,
  transforms,
} from "./programs";

/** The differences that are there, and those that may be. */
function compare(
  program: RecordedProgram,
  runner: Runner,
  declarations: ReadonlyMap<string, Declaration>,
): { found: Difference[]; named: Difference[] }[] {
  const named = program.named
    .filter((difference) => difference.runner === undefined || difference.runner === runner)
    .map(({ reason: _, runner: __, ...difference }) => difference);
  return Object.entries(program.recordings).map(([environment, recording]) => {
    const declaration = declarations.get(environment);
    if (declaration === undefined) throw new Error(`${environment} was not declared`);
    const found = differences(fromFixture(readFixture(recording)), fromDeclaration(declaration));
    return { found: inOrder(found), named: inOrder(named) };
  });
}

function inOrder(list: readonly Difference[]): Difference[] {
  const place = ({ path }: Difference): string => path.join("\n");
  return list.toSorted((left, right) => (place(left) < place(right) ? -1 : 1));
}

describe.each(Object.entries({ keybuzz, sampler, transforms }))("the preview of %s", (_, program) => {
  it.each(RUNNERS)("agrees with the CLI's but for what is named, in the %s runner", async (runner) => {
    for (const { found, named } of compare(program, runner, await declare(program, runner))) {
      expect(found).toEqual(named);
    }
  });
});

it("agrees in the same way when the secrets of the configuration are unlocked", async () => {
  for (const { found, named } of compare(sampler, "shared", await declare(sampler, "shared", "recording"))) {
    expect(found).toEqual(named);
  }
});

it("gives a reason for every difference that may be", () => {
  for (const { reason } of [...sampler.named, ...transforms.named]) expect(reason).toMatch(/^.{20,}[^.]$/s);
  expect(keybuzz.named).toEqual([]);
});

describe.each([
  { name: "keybuzz-dev", resources: 150, defaultProviders: 1 },
  { name: "keybuzz-prod", resources: 170, defaultProviders: 1 },
  { name: "sampler-dev", resources: 59, defaultProviders: 11 },
  { name: "transforms-dev", resources: 9, defaultProviders: 3 },
])("the recording $name", ({ name, resources, defaultProviders }) => {
  const fixture = readFixture(name);

  it("is of a whole program", () => {
    expect(fixture.steps.length).toBeGreaterThanOrEqual(resources);
    expect(Object.keys(fixture.defaultProviders)).toHaveLength(defaultProviders);
    expect(fixture.cli).toBe("3.259.0");
  });

  it("holds nothing of the machine on which it was made", () => {
    const text = readFileSync(join(__dirname, "fixtures", `${name}.fixture.json`), "utf8");
    expect(text).not.toMatch(/file:\/|node_modules|sourcePosition|\/(?:home|root|Users|work)\//);
  });
});
