/** A list of resources that the official CLI would refuse is refused, on reading and before writing. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { integrityProblems } from "../../../engine/checkpoint/integrity";
import type { ResourceState } from "../../../engine/checkpoint/state";
import { PROVIDER_URN, providerState, STACK_URN, stackState, thing, urnOf } from "./states";
import { open, refusal, stackFile, stackWith } from "./trial";

const good = [stackState, providerState, thing("a"), thing("b", { dependencies: [urnOf("a")] })];

/** `b` with something more, behind everything it may refer to but `late`. */
const besides = (more: Partial<ResourceState>): ResourceState[] => [
  stackState,
  providerState,
  thing("a"),
  thing("b", more),
  thing("late"),
];

const late = urnOf("late");
const missing = urnOf("missing");

const refused: readonly [name: string, resources: readonly ResourceState[], problem: string][] = [
  ["no URN", [{ ...stackState, urn: "" }], "resource 0: has no urn"],
  ["no type", [{ ...stackState, type: "" }], `${STACK_URN}: has no type`],
  ["an id without being custom", [{ ...stackState, id: "x" }], "has an id although it is not custom"],
  ["a provider without an id", [{ ...providerState, id: "" }], "is a provider without an id"],
  ["a provider's type on another URN", [{ ...providerState, urn: urnOf("p") }], "URN is not a provider's"],
  ["a malformed provider", besides({ provider: "nonsense" }), "its provider nonsense is not of the form"],
  [
    "an unknown provider",
    besides({ provider: `${PROVIDER_URN}2::x` }),
    `its provider ${PROVIDER_URN}2::x is missing`,
  ],
  [
    "a provider of another id",
    besides({ provider: `${PROVIDER_URN}::x` }),
    "has another id or comes after it",
  ],
  [
    "a provider that comes later",
    [stackState, thing("a"), providerState],
    "has another id or comes after it",
  ],
  ["a missing parent", besides({ parent: missing }), `its parent ${missing} is missing`],
  ["a later parent", besides({ parent: late }), `its parent ${late} comes after it`],
  ["a missing dependency", besides({ dependencies: [missing] }), `its dependency ${missing} is missing`],
  ["a later dependency", besides({ dependencies: [late] }), `its dependency ${late} comes after it`],
  [
    "a dependency on itself",
    besides({ dependencies: [urnOf("b")] }),
    `its dependency ${urnOf("b")} comes after it`,
  ],
  [
    "a missing property dependency",
    besides({ propertyDependencies: { p: [missing] } }),
    `its dependency of property p ${missing} is missing`,
  ],
  ["a missing deletedWith", besides({ deletedWith: missing }), `its deletedWith ${missing} is missing`],
  ["a later replaceWith", besides({ replaceWith: [late] }), `its replaceWith ${late} comes after it`],
  ["a URN twice", [...good, thing("a")], `${urnOf("a")}: stands 2 times without being marked for deletion`],
];

describe("integrity", () => {
  it("is given in a list where everything stands before what refers to it", () => {
    expect(integrityProblems(good)).toEqual([]);
  });

  it.each(refused)("is not given with %s", (_, resources, problem) => {
    expect(integrityProblems(resources).join("\n")).toContain(problem);
  });

  it("allows a URN many times when all but one are to be deleted, or all", () => {
    const leaving = thing("a", { delete: true });
    expect(integrityProblems([...good, leaving, leaving])).toEqual([]);
    expect(integrityProblems([stackState, providerState, leaving, leaving])).toEqual([]);
  });

  it("lets a resource that is pending replacement do without its provider", () => {
    const waiting = thing("b", { provider: `${PROVIDER_URN}::gone`, pendingReplacement: true });
    expect(integrityProblems([...good.slice(0, 3), waiting])).toEqual([]);
  });

  it("names all problems at once", () => {
    expect(integrityProblems([{ ...stackState, type: "" }, thing("a", { parent: missing })])).toHaveLength(3);
  });

  it("is verified before a state replaces the one that was there", async () => {
    const location = await stackWith(thing("a"));
    const before = readFileSync(stackFile(location), "utf8");
    const stack = await open(location);
    const resources = [...stack.snapshot.resources, thing("b", { parent: missing, dependencies: [late] })];
    const error = await refusal(stack.rewrite({ ...stack.snapshot, resources }));
    expect(error.code).toBe("state");
    expect(error.problems).toHaveLength(2);
    expect(readFileSync(stackFile(location), "utf8")).toBe(before);
    await stack.abandon();
  });
});
