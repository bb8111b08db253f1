/**
 * Every rule: its cases, in the form in which a program declares resources and in the form in which a provider's
 * check returns them. That the rules do the same in Pulumi's runner is shown in pack.test.ts.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { check, judge } from "../../policies/judge";
import type { Resource } from "../../policies/resource";
import type { Rule, Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { allCases } from "./all-cases";
import { checkedForm, estate, type RuleCase, type RuleCases } from "./cases";

/** What a rule says about the first of the resources. */
function verdictOf(rule: Rule, given: readonly Resource[], environment: "dev" | "prod"): Verdict {
  const [subject] = given;
  if (subject === undefined) throw new Error("a case needs a resource");
  if (rule.scope === "resource") return check(rule, subject, estate(environment));
  const judgement = judge({ declared: [], stack: { resources: given } }, estate(environment), [rule]);
  if (judgement.failures.length > 0) throw new Error(judgement.failures.map(({ message }) => message).join());
  const findings = judgement.violations.filter(({ urn }) => urn === subject.urn);
  if (findings.length > 0) return { outcome: "findings", findings };
  const open = judgement.undetermined.find(({ urn }) => urn === subject.urn);
  if (open !== undefined) return { outcome: "undetermined", properties: open.properties };
  return { outcome: judgement.compliant.has(rule.id) ? "compliant" : "not-applicable" };
}

function placesOf(verdict: Verdict): readonly string[] | undefined {
  if (verdict.outcome === "findings") return verdict.findings.map(({ property }) => property);
  return verdict.outcome === "undetermined" ? verdict.properties : undefined;
}

const listed = (given: RuleCase["given"]): readonly Resource[] =>
  Array.isArray(given) ? given : [given as Resource];

describe.each(allCases.map((cases): [string, RuleCases] => [cases.rule.id, cases]))(
  "%s",
  (_, { rule, cases }) => {
    it.each(cases.map((each): [string, RuleCase] => [each.name, each]))("%s", (_name, each) => {
      const given = listed(each.given);
      const verdict = verdictOf(rule, given, each.environment ?? "prod");
      expect(verdict.outcome, JSON.stringify(verdict)).toBe(each.want);
      if (each.at !== undefined) expect(placesOf(verdict)).toEqual(each.at);
      const checked = verdictOf(rule, given.map(checkedForm), each.environment ?? "prod");
      expect(checked.outcome, `as checked: ${JSON.stringify(checked)}`).toBe(each.want);
    });

    it("has a case for every outcome", () => {
      const outcomes = new Set(cases.map(({ want }) => want));
      expect([...outcomes].sort()).toEqual(["compliant", "findings", "not-applicable", "undetermined"]);
    });
  },
);

describe("the rules", () => {
  const root = join(__dirname, "..", "..", "policies", "rules");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /^\w+\/(?!index)[\w-]+\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ""));

  it("have an id that is the path of their file, and every file is listed", () => {
    expect(rules.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  it("are mandatory, and hold in every environment but for what only production can lose", () => {
    const others = rules.filter(({ level, environments }) => level !== "mandatory" || environments !== "all");
    expect(others.map(({ id, level, environments }) => [id, level, environments])).toEqual([
      ["general/protected-data", "mandatory", "production"],
    ]);
  });

  it("judge a resource or a stack", () => {
    expect([...new Set(rules.map(({ scope }) => scope))].sort()).toEqual(["resource", "stack"]);
  });

  it("have cases, every one of them", () => {
    expect(allCases.map(({ rule }) => rule.id).sort()).toEqual(files.sort());
  });
});
