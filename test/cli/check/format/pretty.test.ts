/** Proves what a reader at a terminal sees of a check. */
import { describe, expect, it } from "vitest";
import { prettyCheck } from "../../../../cli/check/format/pretty";
import { paint } from "../../../../cli/format/color";
import { environment, finding, incomplete, refused, report } from "./reports";

describe("the text", () => {
  it("groups findings by environment and rule, with the fix once per rule and the verdict last", () => {
    expect(prettyCheck(refused)).toBe(`\
Checking dev (3 resources, 7 compliant answers): 1 undetermined

  undetermined (a value is known only after a deployment; not a pass; --strict makes it fail the check):
    - postgres/dedicated-role: kubernetes:core/v1:Secret (elsewhere) depends on data.PGUSER, data.PGHOST

Checking prod (3 resources, 7 compliant answers): 2 mandatory findings, 1 advisory finding, 1 exempted

  [mandatory] postgres/dedicated-role (critical, F1)
    Roles are those of their own environment
    - kubernetes:core/v1:Secret (keybuzz-api-postgres): stringData.PGUSER names the PostgreSQL role keybuzz_api_dev of dev; prod has its own
      at Pulumi.prod.yaml:41:7
    - kubernetes:apps/v1:Deployment (keybuzz-api): spec.containers[0].env["DATABASE|URL"] names the PostgreSQL role keybuzz_api_dev of dev; prod has its own
      at stacks/api.ts:12
    fix: Name a role of this environment.

  [advisory] kubernetes/probes (medium)
    Containers say when they are ready
    - kubernetes:apps/v1:Deployment (keybuzz-client): has a container without readinessProbe
    fix: Give the container a readinessProbe.

  exempted:
    - kubernetes/probes: kubernetes:apps/v1:Deployment (website): spec.template has a container without readinessProbe
      until 2026-12-31, platform answers for it: static pages

error: check refused: 2 mandatory findings, 1 advisory finding, 1 exempted, 1 undetermined (2 rules, 2 environments)
`);
  });

  it("tells what kept a check from being made, and what the program said", () => {
    expect(prettyCheck(incomplete)).toBe(`\
Checking prod (3 resources, 7 compliant answers): no findings

  error: no such file
    | at index.ts:3
  error: the program failed, so that less was judged than there is

What kept the check from being made:
  error: prod: the program failed
  error: prod: postgres/dedicated-role: TypeError at policies/foreign.ts:3

error: check incomplete: 2 failures kept it from being made; no findings so far
`);
  });

  it("is short when all is well", () => {
    expect(prettyCheck(report({ environments: [environment("dev", { resources: 1, compliant: 1 })] }))).toBe(
      "Checking dev (1 resource, 1 compliant answer): no findings\n\ncheck passed: no findings (2 rules, 1 environment)\n",
    );
  });

  it("shows the fix at each finding when fixes differ", () => {
    const findings = [finding({ fix: "Do this." }), finding({ fix: "Do that." })];
    const text = prettyCheck(report({ findings }));
    expect(text.match(/^ {6}fix: Do th(is|at)\.$/gm)).toHaveLength(2);
  });

  it("puts mandatory rules before advisory ones, and severe ones before others", () => {
    const findings = [
      finding({ rule: "a/low", severity: "low" }),
      finding({ rule: "a/told", level: "advisory", severity: "critical" }),
      finding({ rule: "a/high", severity: "high" }),
    ];
    const order = prettyCheck(report({ findings })).match(/a\/\w+/g);
    expect(order).toEqual(["a/high", "a/low", "a/told"]);
  });

  it("names findings of environments that were not checked, and of none", () => {
    const findings = [finding({ environment: "staging" }), finding({ environment: "" })];
    const text = prettyCheck(report({ findings }));
    expect(text).toContain("Checking staging: 1 mandatory finding\n");
    expect(text).toContain("Checking the project: 1 mandatory finding\n");
  });

  it("says that undetermined answers fail a strict check", () => {
    const text = prettyCheck({ ...refused, findings: [], strict: true });
    expect(text).toContain("each fails the check (--strict)");
    expect(text).toContain(
      "error: check refused: 1 undetermined (2 rules, 2 environments); undetermined answers count",
    );
  });
});

it("holds nothing that GitHub Actions would take for a command, for a pack's title or a message", () => {
  const rules = [
    { id: "a/rule", title: "::add-mask::a", severity: "low", level: "mandatory", prevents: [] },
  ] as const;
  const findings = [finding({ rule: "a/rule", message: "is ##[error]b" })];
  const text = prettyCheck(report({ rules, findings }));
  expect(text).toContain("    \u200b::add-mask::a\n");
  expect(text).toContain("is ##\u200b[error]b\n");
});

describe("on a terminal", () => {
  it("no line is longer than the terminal is wide, unless it is one word", () => {
    for (const width of [30, 60, 100]) {
      const lines = prettyCheck(refused, { width }).split("\n");
      const long = lines
        .filter((line) => line.length > width)
        .map((line) => line.trim().replace(/^(- |at )/, ""));
      expect(long.filter((line) => line.includes(" "))).toEqual([]);
    }
  });

  it("the words are the same, whatever the width", () => {
    const words = (text: string): string[] => text.split(/\s+/);
    expect(words(prettyCheck(refused, { width: 40 }))).toEqual(words(prettyCheck(refused)));
  });

  it("colours mark levels, exemptions and the verdict, and nothing else is changed", () => {
    const text = prettyCheck(refused, { paint: paint(true) });
    expect(text).toContain("\u001b[31m[mandatory] postgres/dedicated-role\u001b[39m (critical, F1)");
    expect(text).toContain("\u001b[33m[advisory] kubernetes/probes\u001b[39m");
    expect(text).toContain("\u001b[90m  exempted:\u001b[39m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are made of them
    expect(text.replace(/\u001b\[\d+m/g, "")).toBe(prettyCheck(refused));
    expect(prettyCheck(report(), { paint: paint(true) })).toContain("\u001b[32mcheck passed\u001b[39m");
  });
});
