/** What packs say in Pulumi's words, in those of a check. */
import type { PackJudgement, PolicyInfo, Violation } from "../../engine/policy/judgement";
import type { Judgement } from "../../policies/judge";
import { readTold } from "../../policies/pack/told";
import type { RawFinding, RawUndetermined } from "./findings";
import type { ReportedRule } from "./report";

/** Of a policy that gives none. */
const SEVERITY = "medium";

/** The id of another pack's policy. */
function ruleId({ name }: PackJudgement, policy: string): string {
  return `${name}/${policy}`;
}

/** The rules that another pack ran. */
export function rulesOf(judgement: PackJudgement): ReportedRule[] {
  return judgement.policies
    .filter(({ level }) => level !== "disabled")
    .map((policy) => ({
      id: ruleId(judgement, policy.name),
      title: titleOf(policy),
      severity: policy.severity ?? SEVERITY,
      level: policy.level === "advisory" ? "advisory" : "mandatory",
      ...(policy.remediationSteps === undefined ? {} : { fix: policy.remediationSteps }),
      prevents: [],
      pack: `${judgement.name}@${judgement.version}`,
    }));
}

function titleOf({ displayName, description, name }: PolicyInfo): string {
  const [first = ""] = description.trim().split("\n");
  return displayName ?? (first === "" ? name : first);
}

/** What another pack found. */
export function findingsOf(judgement: PackJudgement, environment: string): RawFinding[] {
  const steps = new Map(judgement.policies.map(({ name, remediationSteps }) => [name, remediationSteps]));
  return judgement.violations.map((violation) => {
    const { policy, urn, level, severity } = violation;
    const fix = steps.get(policy);
    return {
      ...{ rule: ruleId(judgement, policy), environment, urn, property: "", level },
      severity: severity ?? SEVERITY,
      message: messageOf(violation),
      ...(fix === undefined ? {} : { fix }),
    };
  });
}

/** Pulumi puts the policy's description before what the policy said. */
function messageOf({ message, description }: Violation): string {
  const text = message.startsWith(`${description}\n`) ? message.slice(description.length + 1) : message;
  return text.trim() === "" ? description : text.trim();
}

/** Policies of another pack that touched a value which is not known. */
export function undeterminedOf(judgement: PackJudgement, environment: string): RawUndetermined[] {
  return judgement.undetermined.map(({ policy, urn, message }) => {
    const [, property] = / value at \.(.+) can't be known during preview$/.exec(message) ?? [];
    return {
      rule: ruleId(judgement, policy),
      environment,
      urn,
      properties: property === undefined ? [] : [property],
    };
  });
}

/**
 * What this project's own pack said, as its rules would have said it directly. Its rules read no value that is not
 * known, so Pulumi's word that one did means that the rule was not run to its end.
 */
export function ownJudgement(judgement: PackJudgement): Judgement {
  const violations: Judgement["violations"][number][] = [];
  const undetermined: Judgement["undetermined"][number][] = [];
  const compliant = new Map<string, number>();
  for (const violation of judgement.violations) {
    const told = readTold(messageOf(violation));
    const { policy, urn } = violation;
    if ("finding" in told) violations.push({ ...told.finding, rule: policy, urn });
    else if ("undetermined" in told) undetermined.push({ ...told.undetermined, urn });
    else for (const [rule, count] of Object.entries(told.compliant)) compliant.set(rule, count);
  }
  const failures = judgement.undetermined.map(({ policy, urn }) => ({
    rule: policy,
    urn,
    message: "it read a value that is not known",
  }));
  return { violations, undetermined, failures, compliant };
}

/** Nothing was said. */
export function brokenJudgement(): Judgement {
  return { violations: [], undetermined: [], failures: [], compliant: new Map() };
}
