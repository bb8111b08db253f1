/** Names that a provider's check made up: it lists the properties that it filled in by itself. */
import { describe, expect, it } from "vitest";
import { explicitNames } from "../../../../policies/rules/general/explicit-names";
import { estate, resource } from "../../cases";

describe("general/explicit-names", () => {
  it.each([
    [
      "a name that the provider filled in is made up",
      { name: "a-1b2c3d4", __defaults: ["name"] },
      "findings",
    ],
    ["a given name is given, whatever else was filled in", { name: "a", __defaults: ["path"] }, "compliant"],
    ["a missing name is missing, whatever else was filled in", { __defaults: ["path"] }, "findings"],
  ])("%s", (_, properties, want) => {
    const verdict = explicitNames.check(resource("aws:iam/user:User", properties), estate());
    expect(verdict.outcome).toBe(want);
    if (verdict.outcome === "findings") {
      expect(verdict.findings.map(({ property }) => property)).toEqual(["name"]);
    }
  });
});
