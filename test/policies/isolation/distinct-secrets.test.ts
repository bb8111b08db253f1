/** A value that two environments know is told once per environment and place, by keyed hashes alone. */
import { describe, expect, it } from "vitest";
import { distinctSecrets } from "../../../policies/isolation/distinct-secrets";
import { findingsOf, told, view } from "./views";

const holding = (name: string, ...secrets: readonly (readonly [property: string, digest: string])[]) =>
  view(name, {
    secrets: secrets.map(([property, digest]) => ({
      urn: `urn:pulumi:${name}::shop::t::s`,
      property,
      digest,
    })),
  });

describe("secret values", () => {
  it("that two environments have are told at production, in any order of environments", () => {
    const [dev, prod] = [holding("dev", ["a", "1"]), holding("prod", ["b", "1"])];
    expect(told(distinctSecrets, dev, prod)).toEqual(["prod s b -"]);
    expect(told(distinctSecrets, prod, dev)).toEqual(["prod s b -"]);
    expect(told(distinctSecrets, prod, holding("qa", ["a", "1"]))).toEqual(["prod s b -"]);
    expect(told(distinctSecrets, holding("dev", ["a", "2"]), prod)).toEqual([]);
  });

  it("that three environments have are told twice", () => {
    const views = ["qa", "prod", "dev"].map((name) => holding(name, ["a", "1"]));
    expect(told(distinctSecrets, ...views).sort()).toEqual(["prod s a -", "qa s a -"]);
  });

  it("that one environment has at several places are its own affair", () => {
    expect(
      told(distinctSecrets, holding("dev", ["a", "1"], ["b", "1"]), holding("prod", ["a", "2"])),
    ).toEqual([]);
  });

  it("are told once, wherever the other environment repeats them", () => {
    const prod = holding("prod", ["a", "1"], ["b", "1"], ["c", "1"]);
    expect(told(distinctSecrets, holding("dev", ["x", "1"]), prod)).toEqual(["prod s a -"]);
  });

  it("of one property are told once", () => {
    const both = [
      ["dataJson", "1"],
      ["dataJson", "2"],
    ] as const;
    expect(told(distinctSecrets, holding("dev", ...both), holding("prod", ...both))).toEqual([
      "prod s dataJson -",
    ]);
  });

  it("are told by where they stand, without their hash", () => {
    const digest = "c2VjcmV0LWRpZ2VzdA==";
    const findings = findingsOf(
      distinctSecrets,
      holding("dev", ["a", digest]),
      holding("prod", ["b", digest]),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain("a of s in dev");
    expect(JSON.stringify(findings)).not.toContain(digest);
  });
});
