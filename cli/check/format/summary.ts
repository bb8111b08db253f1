/** What a report adds up to: the numbers and words that all formats share. */
import { parseUrn } from "../../../engine/urn";
import type { Level, Severity } from "../../../policies/rule";
import { shortType } from "../../format/short-type";
import {
  type CheckReport,
  type ReportedEnvironment,
  type ReportedFinding,
  type ReportedRule,
  type ReportedUndetermined,
  verdictOf,
} from "../report";
import { plainLine } from "./plain";

/** How many answers of each kind. An exempted finding is in no other number. */
export interface Counts {
  readonly mandatory: number;
  readonly advisory: number;
  readonly exempted: number;
  readonly undetermined: number;
}

export function countsOf({
  findings,
  undetermined,
}: {
  readonly findings: readonly ReportedFinding[];
  readonly undetermined: readonly ReportedUndetermined[];
}): Counts {
  const open = findings.filter(({ exemption }) => exemption === undefined);
  const mandatory = open.filter(({ level }) => level === "mandatory").length;
  return {
    mandatory,
    advisory: open.length - mandatory,
    exempted: findings.length - open.length,
    undetermined: undetermined.length,
  };
}

/** What a report says about one environment. */
export interface EnvironmentView {
  readonly name: string;
  /** Undefined when only findings name it. */
  readonly environment: ReportedEnvironment | undefined;
  readonly findings: readonly ReportedFinding[];
  readonly undetermined: readonly ReportedUndetermined[];
}

/** The environments in the report's order, and after them any that only findings name. */
export function environmentViews(report: CheckReport): readonly EnvironmentView[] {
  const environments = grouped(report.environments, ({ name }) => name);
  const findings = grouped(report.findings, ({ environment }) => environment);
  const undetermined = grouped(report.undetermined, ({ environment }) => environment);
  const names = new Set([...environments.keys(), ...findings.keys(), ...undetermined.keys()]);
  return [...names].map((name) => ({
    name,
    environment: environments.get(name)?.[0],
    findings: findings.get(name) ?? [],
    undetermined: undetermined.get(name) ?? [],
  }));
}

/** Items by a key, each group in the order of the items. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low"];
const LEVELS: readonly Level[] = ["mandatory", "advisory"];

/** The most pressing first: by level, then severity; the report's own order decides the rest. */
export function byUrgency(
  a: Pick<ReportedFinding, "level" | "severity">,
  b: Pick<ReportedFinding, "level" | "severity">,
): number {
  return (
    LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)
  );
}

/** Findings of one rule. */
export interface RuleGroup {
  readonly rule: ReportedRule;
  readonly level: Level;
  readonly severity: Severity;
  readonly findings: readonly ReportedFinding[];
}

/** Findings by rule, the most pressing rule first. */
export function byRule(
  findings: readonly ReportedFinding[],
  rules: readonly ReportedRule[],
): readonly RuleGroup[] {
  const records = new Map(rules.map((rule) => [rule.id, rule]));
  const groups = grouped(findings, ({ level, rule }) => `${level} ${rule}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { level, severity } = first;
      return [{ rule: records.get(first.rule) ?? recordOf(first), level, severity, findings: group }];
    })
    .sort(byUrgency);
}

/** Every rule that a report names, once; one that has no record gets what the report says about it. */
export function allRules({ rules, findings, undetermined }: CheckReport): readonly ReportedRule[] {
  const named = undetermined.map(({ rule: id }): ReportedRule => {
    return { id, title: id, severity: "medium", level: "advisory", prevents: [] };
  });
  const known = new Map<string, ReportedRule>();
  for (const rule of [...rules, ...findings.map(recordOf), ...named]) {
    if (!known.has(rule.id)) known.set(rule.id, rule);
  }
  return [...known.values()];
}

function recordOf({ rule, severity, level, fix }: ReportedFinding): ReportedRule {
  return { id: rule, title: rule, severity, level, prevents: [], ...(fix === undefined ? {} : { fix }) };
}

/** A resource as Pulumi's messages call it, `kubernetes:core/v1:Secret (database)`; a text that is no URN as it is. */
export function resourceText(urn: string): string {
  const { type, name } = resourceOf(urn);
  return type === "" ? name : `${type} (${name})`;
}

/** Type and name of a resource; what is no URN is a name without a type. */
export function resourceOf(urn: string): { readonly type: string; readonly name: string } {
  try {
    const { qualifiedType, name } = parseUrn(urn);
    const type = qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
    return { type: shortType(type), name };
  } catch {
    return { type: "", name: urn };
  }
}

/** What an undetermined answer lacks: ` depends on metadata.name, data.HOST: the history is shallow`; may be empty. */
export function missingText({ properties, reason }: ReportedUndetermined): string {
  const on = properties.length === 0 ? "" : ` depends on ${properties.join(", ")}`;
  return reason === undefined ? on : `${on}: ${reason}`;
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Only the numbers that are not zero, in words. */
export function countsText({ mandatory, advisory, exempted, undetermined }: Counts): string {
  const parts = [
    ...(mandatory === 0 ? [] : [counted(mandatory, "mandatory finding")]),
    ...(advisory === 0 ? [] : [counted(advisory, "advisory finding")]),
    ...(exempted === 0 ? [] : [`${exempted} exempted`]),
    ...(undetermined === 0 ? [] : [`${undetermined} undetermined`]),
  ];
  return parts.length === 0 ? "no findings" : parts.join(", ");
}

/** How many were checked; a part of them was not compared with the rest, which no verdict may hide. */
function environmentsText({ environments, leftOut = [] }: CheckReport): string {
  if (leftOut.length === 0) return counted(environments.length, "environment");
  const all = counted(environments.length + leftOut.length, "environment");
  return `${environments.length} of ${all}, not compared with ${plainLine(leftOut.join(", "))}`;
}

/** The verdict in one line without a full stop. */
export function verdictText(report: CheckReport): string {
  const counts = countsOf(report);
  const scope = `${counted(report.rules.length, "rule")}, ${environmentsText(report)}`;
  switch (verdictOf(report)) {
    case "passed":
      return `check passed: ${countsText(counts)} (${scope})`;
    case "refused": {
      const strict =
        report.strict && counts.undetermined > 0 ? "; undetermined answers count (--strict)" : "";
      return `check refused: ${countsText(counts)} (${scope})${strict}`;
    }
    case "incomplete":
      return (
        `check incomplete: ${counted(report.failures.length, "failure")} kept it from being made; ` +
        `${countsText(counts)} so far`
      );
  }
}
