/** Proves that all problems of a component come in one error, each with what was seen and what is allowed. */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { Problems } from "../../components/problems";
import { refusedProperties } from "./kubernetes-fixtures";

test("nothing is thrown where there is no problem", () => {
  const problems = new Problems("Workload api");
  problems.require(true, "name", "api", "a name", "rename it");
  expect(() => problems.throwIfAny()).not.toThrow();
});

test("all problems stand in one error that Pulumi prints without a stack", () => {
  const problems = new Problems("Workload api");
  problems.port("port", 0);
  problems.require(false, "name", undefined, "a name", "name it");
  const thrown = () => problems.throwIfAny();
  expect(thrown).toThrow(pulumi.RunError);
  expect(thrown).toThrow(
    [
      "Workload api has 2 problems:",
      "- port: is 0, must be a whole number from 1 to 65535; correct the number",
      "- name: is not given, must be a name; name it",
    ].join("\n"),
  );
});

describe("forms", () => {
  type Check = "objectName" | "hostName" | "address" | "cidr";
  const cases: [Check, string[], string[]][] = [
    ["objectName", ["a", "keybuzz-api", "a".repeat(63)], ["", "1a", "a-", "A", "a.b", "a".repeat(64)]],
    [
      "hostName",
      ["api.keybuzz.io", "keybuzz.pro"],
      ["", "api", "https://api.keybuzz.io", "api.keybuzz.io/", "a..b"],
    ],
    ["address", ["10.0.0.10"], ["", "10.0.0", "10.0.0.256", "mail.keybuzz.io", "::1"]],
    [
      "cidr",
      ["10.0.0.0/16", "0.0.0.0/0", "10.0.0.1/32"],
      ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "x/8", "10.0.0.0/8/8"],
    ],
  ];
  test.each(cases)("%s takes %j and refuses %j", (check, good, bad) => {
    const problems = new Problems("test");
    for (const value of good) problems[check]("good", value);
    bad.forEach((value, i) => {
      problems[check](`bad ${i}`, value);
    });
    expect(refusedProperties(() => problems.throwIfAny())).toEqual(bad.map((_, i) => `bad ${i}`));
  });

  test.each([-1, 0, 1.5, Number.NaN, 65536])("%d is no port", (port) => {
    const problems = new Problems("test");
    problems.port("port", port);
    expect(() => problems.throwIfAny()).toThrow("test has a problem:");
  });
});
