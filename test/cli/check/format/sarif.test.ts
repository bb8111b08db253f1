/** Proves that the SARIF output is valid, and that its results, rules and suppressions say what the report says. */
import { describe, expect, it } from "vitest";
import { sarifCheck } from "../../../../cli/check/format/sarif";
import type { SarifLog, SarifRun } from "../../../../cli/check/format/sarif-types";
import type { CheckReport } from "../../../../cli/check/report";
import { finding, incomplete, refused, report } from "./reports";
import { sarifMistakes } from "./sarif-schema";

function runOf(checked: CheckReport): SarifRun {
  const log = JSON.parse(sarifCheck(checked)) as SarifLog;
  const [run] = log.runs;
  if (run === undefined || log.runs.length !== 1) throw new Error("expected one run");
  return run;
}

describe("the SARIF schema", () => {
  it.each([
    ["a refused check", refused],
    ["an incomplete check", incomplete],
    ["a check without findings", report()],
  ])("takes %s", (_, checked) => {
    expect(sarifMistakes(JSON.parse(sarifCheck(checked)))).toEqual([]);
  });

  it("refuses documents that are no SARIF, so that it is asked in earnest", () => {
    const log = JSON.parse(sarifCheck(refused));
    expect(sarifMistakes({ ...log, version: "2.0.0" })).not.toEqual([]);
    log.runs[0].results[0].kind = "maybe";
    log.runs[0].results[1].locations[0].physicalLocation.region.startLine = 0;
    log.runs[0].results[2].surprise = true;
    expect(sarifMistakes(log)).toHaveLength(3);
  });
});

describe("a result", () => {
  const { results, tool } = runOf(refused);

  it("points at its rule by id and by index", () => {
    expect(results).toHaveLength(5);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  it("has the level of its finding, its place, its resource and its fingerprint", () => {
    expect(results[0]).toMatchObject({
      kind: "fail",
      level: "error",
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "Pulumi.prod.yaml" },
            region: { startLine: 41, startColumn: 7 },
          },
          logicalLocations: [{ name: "keybuzz-api-postgres", fullyQualifiedName: refused.findings[0]?.urn }],
        },
      ],
      partialFingerprints: { "kbCheck/v1": "f1" },
    });
    expect(results[2]).toMatchObject({ kind: "fail", level: "warning" });
  });

  it("is suppressed, with who agreed to what, when its finding is exempted, and says of others that they are not", () => {
    expect(results.map(({ suppressions }) => suppressions.length)).toEqual([0, 0, 0, 1, 0]);
    expect(results[3]?.suppressions).toEqual([
      {
        kind: "external",
        status: "accepted",
        justification: "static pages (until 2026-12-31; platform answers for it)",
      },
    ]);
  });

  it("is open, with no level, when a rule could not decide", () => {
    expect(results[4]).toMatchObject({ kind: "open", level: "none", properties: { environment: "dev" } });
  });

  it("has a place even when no line is known, because services refuse it otherwise", () => {
    expect(results[2]?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: "Pulumi.yaml" },
      region: { startLine: 1 },
    });
  });

  it("has a URI in which nothing but slashes has a meaning", () => {
    const file = "stacks/a b#1?/ü:%20.ts";
    const [result] = runOf(report({ findings: [finding({ location: { file, line: 1 } })] })).results;
    const uri = result?.locations[0]?.physicalLocation.artifactLocation.uri ?? "";
    expect(uri).toBe("stacks/a%20b%231%3F/%C3%BC%3A%2520.ts");
    expect(decodeURIComponent(uri)).toBe(file);
  });

  it("has no placeholder and no link in its message, whatever names it quotes", () => {
    const message = "is {0} and [here](1)";
    const [result] = runOf(report({ findings: [finding({ urn: "x", property: "", message })] })).results;
    expect(result?.message.text).toBe("x: is {{0}} and [here] (1)");
  });
});

describe("a rule", () => {
  it("has what GitHub shows: descriptions, help, tags and a number for its severity", () => {
    expect(runOf(refused).tool.driver.rules[0]).toEqual({
      id: "postgres/dedicated-role",
      shortDescription: { text: "Roles are those of their own environment" },
      fullDescription: { text: "PROD logged in as keybuzz_api_dev." },
      help: {
        text: "Why: PROD logged in as keybuzz_api_dev.\n\nFix: Name a role of this environment.",
        markdown: "**Why:** PROD logged in as keybuzz_api_dev.\n\n**Fix:** Name a role of this environment.",
      },
      defaultConfiguration: { level: "error" },
      properties: { tags: ["security", "postgres", "F1"], "security-severity": "9.5" },
    });
  });

  it("is made up for a result whose rule has no record", () => {
    const checked = report({
      rules: [],
      findings: [finding({ rule: "acme/tags", level: "advisory", severity: "low" })],
      undetermined: [{ rule: "acme/size", environment: "dev", urn: "u", properties: [] }],
    });
    const { tool, results } = runOf(checked);
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(["acme/tags", "acme/size"]);
    expect(results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 1]);
    expect(sarifMistakes(JSON.parse(sarifCheck(checked)))).toEqual([]);
  });
});

it("An incomplete check is an execution that did not succeed, with its failures as notifications", () => {
  const [invocation] = runOf(incomplete).invocations;
  expect(invocation).toEqual({
    executionSuccessful: false,
    toolExecutionNotifications: [
      { level: "error", message: { text: "prod: the program failed" } },
      {
        level: "error",
        message: { text: "prod: postgres/dedicated-role: TypeError at policies/foreign.ts:3" },
        associatedRule: { id: "postgres/dedicated-role", index: 0 },
      },
    ],
  });
  expect(runOf(refused).invocations[0]?.executionSuccessful).toBe(true);
});
