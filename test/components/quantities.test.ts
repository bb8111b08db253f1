/** Proves that amounts of processor and memory are compared by size, whatever unit they are written in. */
import { describe, expect, test } from "vitest";
import { Problems } from "../../components/problems";
import { bytes, checkAmount, checkResources, half, millicores, smaller } from "../../components/quantities";
import { refusedProperties } from "./kubernetes-fixtures";

test.each([
  ["2", 2000],
  ["250m", 250],
  ["1.5", 1500],
  ["0.001", 1],
  ["1.5m", undefined],
  ["1.2345", undefined],
  ["2 cores", undefined],
  ["-1", undefined],
  ["", undefined],
])("%j cores are %j thousandths", (cpu, want) => {
  expect(millicores(cpu)).toBe(want);
});

test.each([
  ["512", 512],
  ["1Ki", 1024],
  ["1.5Gi", 1.5 * 1024 ** 3],
  ["1k", 1000],
  ["2M", 2e6],
  ["1GB", undefined],
  ["1gi", undefined],
  ["", undefined],
])("%j of memory are %j bytes", (memory, want) => {
  expect(bytes(memory)).toBe(want);
});

test.each([
  [{ cpu: "4", memory: "6Gi" }, { cpu: "2", memory: "3Gi" }, "whole cores stay whole"],
  [{ cpu: "1", memory: "3Gi" }, { cpu: "500m", memory: "1536Mi" }, "no fraction is written"],
  [{ cpu: "3m", memory: "3Mi" }, { cpu: "1m", memory: "1Mi" }, "what cannot be halved is rounded down"],
  [{ cpu: "x", memory: "x" }, { cpu: "0", memory: "0Mi" }, "what is no amount gives nothing"],
])("half of %j is %j: %s", (amount, want) => {
  expect(half(amount)).toEqual(want);
});

describe("checks", () => {
  const refused = (check: (problems: Problems) => void) =>
    refusedProperties(() => {
      const problems = new Problems("test");
      check(problems);
      problems.throwIfAny();
    });

  test("nothing at all is no amount", () => {
    expect(refused((p) => checkAmount(p, "quota", { cpu: "0", memory: "0Mi" }))).toEqual([
      "quota.cpu",
      "quota.memory",
    ]);
  });

  test("a request above its limit is refused, in whatever units", () => {
    const resources = {
      requests: { cpu: "1", memory: "1Gi" },
      limits: { cpu: "500m", memory: "1000Mi" },
    };
    expect(refused((p) => checkResources(p, "resources", resources))).toEqual([
      "resources.requests.cpu",
      "resources.requests.memory",
    ]);
  });

  test("what is no amount is reported once, and not compared", () => {
    const resources = { requests: { cpu: "lots", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
    expect(refused((p) => checkResources(p, "resources", resources))).toEqual(["resources.requests.cpu"]);
  });
});

test.each([
  [
    { cpu: "250m", memory: "256Mi" },
    { cpu: "1", memory: "0.1Gi" },
    { cpu: "250m", memory: "0.1Gi" },
  ],
  [
    { cpu: "0.25", memory: "256Mi" },
    { cpu: "250m", memory: "0.25Gi" },
    { cpu: "0.25", memory: "256Mi" },
  ],
  [
    { cpu: "1", memory: "x" },
    { cpu: "x", memory: "1Gi" },
    { cpu: "1", memory: "1Gi" },
  ],
])("the smaller of %j and %j, part by part, is %j", (one, other, want) => {
  expect(smaller(one, other)).toEqual(want);
});
