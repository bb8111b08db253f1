/**
 * The pack does in Pulumi's own policy runner what its rules do when they are asked directly: every case of every
 * rule, in the form of a program and in the form of a provider's check, and everything that the project declares.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { subjectOf } from "../../cli/check/subject";
import type { Declaration } from "../../engine/monitor/declaration";
import { judge as judgeByPacks } from "../../engine/policy/analyze";
import type { PackJudgement } from "../../engine/policy/judgement";
import type { RunningPack } from "../../engine/policy/runner";
import { environmentsIn } from "../../policies/environment-files";
import { estateOf } from "../../policies/estate";
import { undeterminedText } from "../../policies/general/determined";
import { judge } from "../../policies/judge";
import { findingText } from "../../policies/pack/told";
import type { Resource } from "../../policies/resource";
import type { Rule, Verdict } from "../../policies/rule";
import { rules } from "../../policies/rules";
import { repository, trial } from "../support/project";
import { allCases } from "./all-cases";
import { checkedForm, estate, type RuleCase } from "./cases";
import { declarationOf, declaredCase, originOf, projectFolder, SOURCE, startOwnPack } from "./pack-trial";

const ENVIRONMENTS = ["dev", "prod"] as const;
const FORMS = ["program", "checked"] as const;

/** One case in one form, with the declaration in which it is judged. */
interface Given {
  readonly rule: Rule;
  readonly environment: "dev" | "prod";
  readonly want: Verdict["outcome"];
  /** Whether Pulumi cannot tell where the case's unknown values come from. */
  readonly mixed: boolean;
  readonly declaration: Declaration;
  readonly urn: string;
}

const listed = (given: RuleCase["given"]): readonly Resource[] =>
  Array.isArray(given) ? given : [given as Resource];

const idOf = (rule: number, at: number, form: string): string => `r${rule}c${at}${form}`;

/** Every case in every form; the id of a form that is sent in the same words is that of the other one. */
const given = new Map<string, Given>();
const sameAs = new Map<string, string>();
for (const [ruleAt, { rule, cases }] of allCases.entries()) {
  for (const [at, each] of cases.entries()) {
    const sent = new Map<string, string>();
    for (const form of FORMS) {
      const id = idOf(ruleAt, at, form);
      const resources = listed(each.given).map((one) => (form === "checked" ? checkedForm(one) : one));
      const words = JSON.stringify(
        resources.map(({ properties: { __defaults: _, ...properties }, ...rest }) => [rest, properties]),
      );
      sameAs.set(id, sent.get(words) ?? id);
      if (sent.has(words)) continue;
      sent.set(words, id);
      const declared = declaredCase(id, resources);
      const subject = declared[declared.length - resources.length];
      if (subject === undefined) throw new Error(`${each.name}: a case needs a resource`);
      const environment = each.environment ?? "prod";
      given.set(id, {
        ...{ rule, environment, want: each.want, urn: subject.urn },
        mixed: resources.some(({ properties }) =>
          Object.values(properties).some((value) => originOf(value) === "mixed"),
        ),
        declaration: declarationOf(environment, [SOURCE, ...declared]),
      });
    }
  }
}

/** Pulumi does not keep the order of keys, so that properties may be told in another order. */
const sorted = (text: string): string =>
  text
    .split(/(?:, | )/)
    .sort()
    .join(" ");

/** What the rule says when it is asked directly. */
function directly({ rule, declaration, environment, urn }: Given): { outcome: string; texts: string[] } {
  const judgement = judge(subjectOf(declaration), estate(environment), [rule]);
  expect(judgement.failures).toEqual([]);
  const findings = judgement.violations.filter((each) => each.urn === urn);
  if (findings.length > 0) return { outcome: "findings", texts: findings.map(findingText).sort() };
  const open = judgement.undetermined.filter((each) => each.urn === urn);
  if (open.length > 0) {
    return {
      outcome: "undetermined",
      texts: open.map(({ properties }) => sorted(undeterminedText(rule.id, properties))),
    };
  }
  return { outcome: judgement.compliant.has(rule.id) ? "compliant" : "not-applicable", texts: [] };
}

/** What the pack says of the same. */
function byPack({ rule, urn }: Given, judgement: PackJudgement): { outcome: string; texts: string[] } {
  const description = (policy: string): string =>
    `${judgement.policies.find(({ name }) => name === policy)?.description}\n`;
  const said = (policy: string): string[] =>
    judgement.violations
      .filter((each) => each.policy === policy && each.urn === urn)
      .map(({ message }) => message.replace(description(policy), ""))
      .sort();
  const findings = said(rule.id);
  if (findings.length > 0) return { outcome: "findings", texts: findings };
  const open = said("general/determined").filter((text) => text.includes(` ${rule.id}: `));
  if (open.length > 0) return { outcome: "undetermined", texts: open.map(sorted) };
  const reasons = judgement.notApplicable
    .filter(
      ({ policy, step, urn: about }) => policy === rule.id && (step === "analyze-stack" || about === urn),
    )
    .map(({ reason }) => reason);
  // What was decided late, and is no finding, is not told.
  if (reasons.some((reason) => reason.startsWith("it is decided"))) return { outcome: "silent", texts: [] };
  return { outcome: reasons.length > 0 ? "not-applicable" : "compliant", texts: [] };
}

const running = new Map<string, RunningPack>();
const judgements = new Map<string, PackJudgement>();
const folders: string[] = [];

async function judged(pack: RunningPack, declaration: Declaration): Promise<PackJudgement> {
  const [judgement] = await judgeByPacks(declaration, [pack]);
  if (judgement === undefined) throw new Error("expected a judgement");
  return judgement;
}

beforeAll(async () => {
  const root = projectFolder("keybuzz", join(repository, "test", "official", "environments"));
  folders.push(root);
  for (const environment of ENVIRONMENTS) {
    running.set(environment, startOwnPack({ environment, variables: { KEYBUZZ_PROJECT_ROOT: root } }));
  }
  await Promise.all(
    ENVIRONMENTS.map(async (environment) => {
      const pack = running.get(environment) as RunningPack;
      const own = [...given].filter(([, each]) => each.environment === environment);
      for (const { rule } of allCases) {
        const ofRule = own.filter(([, each]) => each.rule === rule);
        if (rule.scope === "stack") {
          for (const [id, { declaration }] of ofRule) judgements.set(id, await judged(pack, declaration));
          continue;
        }
        // What is judged by itself can share a stack.
        const resources = ofRule.flatMap(([, { declaration }]) =>
          declaration.resources.filter((each) => each !== SOURCE),
        );
        const together = await judged(pack, declarationOf(environment, [SOURCE, ...resources]));
        for (const [id] of ofRule) judgements.set(id, together);
      }
    }),
  );
}, 300_000);

afterAll(async () => {
  await Promise.all([...running.values()].map((pack) => pack.end()));
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe.each(allCases.map(({ rule, cases }, at) => ({ id: rule.id, at, cases })))("$id", ({ at, cases }) => {
  it.each(cases.map(({ name }, index) => ({ name, index })))("$name", ({ index }) => {
    for (const form of FORMS) {
      const id = sameAs.get(idOf(at, index, form)) as string;
      const each = given.get(id) as Given;
      const seen = byPack(each, judgements.get(id) as PackJudgement);
      const direct = directly(each);
      if (seen.outcome === "silent") {
        expect(["compliant", "not-applicable"], form).toContain(direct.outcome);
        expect(seen.texts, form).toEqual(direct.texts);
      } else expect(seen, form).toEqual(direct);
      if (!each.mixed) expect(direct.outcome, form).toBe(each.want);
    }
  });
});

describe("the pack on the project's own environments", () => {
  it("says what the rules say directly, and asked every rule", async () => {
    const { declarations } = await trial(repository);
    const all = environmentsIn(repository);
    expect(declarations.map(({ environment }) => environment)).toEqual(["dev", "prod"]);
    for (const declaration of declarations) {
      const { environment } = declaration;
      const pack = startOwnPack({ environment });
      try {
        const judgement = await judged(pack, declaration);
        const direct = judge(subjectOf(declaration), estateOf(environment, all), rules);
        const told = judgement.violations.map(({ policy, urn, message }) => [
          policy,
          urn,
          message.split("\n").slice(1).join("\n"),
        ]);
        const wanted = [
          ...direct.violations.map((finding) => [finding.rule, finding.urn, findingText(finding)]),
          ...direct.undetermined.map(({ rule, urn, properties }) => [
            "general/determined",
            urn,
            undeterminedText(rule, properties),
          ]),
        ];
        expect(told.map(String).sort()).toEqual(wanted.map(String).sort());
        expect(judgement.undetermined).toEqual([]);
        expect(judgement.policies.map(({ name }) => name)).toEqual(
          [...rules.map(({ id }) => id), "general/determined"].sort(),
        );
      } finally {
        await pack.end();
      }
    }
  });
});
