/** Numbers, truth values and durations in the spellings that providers take. */
import { describe, expect, it } from "vitest";
import { isFalse, isMissing, isTrue, numberOf, secondsOf } from "../../policies/literals";
import { UNKNOWN, type Value } from "../../policies/value";

describe("a literal", () => {
  it.each<[Value | undefined, number | undefined]>([
    [5, 5],
    ["5", 5],
    [" -1 ", -1],
    ["+2.5", 2.5],
    ["", undefined],
    ["0x10", undefined],
    ["5 s", undefined],
    [true, undefined],
    [null, undefined],
    [undefined, undefined],
    [UNKNOWN, undefined],
    [["5"], undefined],
  ])("%j is the number %j", (value, want) => {
    expect(numberOf(value)).toBe(want);
  });

  it.each<[Value, number | undefined]>([
    [3600, 3600],
    ["3600", 3600],
    ["1h30m", 5400],
    ["7d", 604_800],
    ["1.5s", 1.5],
    ["500ms", 0.5],
    ["1m1ms", 60.001],
    ["", undefined],
    ["1 h", undefined],
    ["h", undefined],
    ["1y", undefined],
    [UNKNOWN, undefined],
  ])("%j is %j seconds", (value, want) => {
    expect(secondsOf(value)).toBe(want);
  });

  it.each<[Value | undefined, "true" | "false" | "neither"]>([
    [true, "true"],
    ["true", "true"],
    ["T", "true"],
    [1, "true"],
    ["1", "true"],
    [false, "false"],
    ["False", "false"],
    [0, "false"],
    ["f", "false"],
    ["yes", "neither"],
    ["tRUE", "neither"],
    [2, "neither"],
    [null, "neither"],
    [undefined, "neither"],
    [UNKNOWN, "neither"],
  ])("%j is %s", (value, want) => {
    expect(isTrue(value) ? "true" : isFalse(value) ? "false" : "neither").toBe(want);
  });

  it("is missing when it is left out or empty, and not when it is unknown, 0 or false", () => {
    expect([undefined, null, ""].every(isMissing)).toBe(true);
    expect([UNKNOWN, 0, false, " ", []].some(isMissing)).toBe(false);
  });
});
