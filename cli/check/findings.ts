/** Makes of what rules found what a report tells: in order, with a level, a fix and a fingerprint. */
import { createHash } from "node:crypto";
import type { Declaration } from "../../engine/monitor/declaration";
import type { Finding, Level, RuleRecord, Severity } from "../../policies/rule";
import type { ReportedFinding, SourceLocation } from "./report";

/** A finding as rules give it. */
export interface RawFinding extends Finding {
  readonly rule: string;
  readonly environment: string;
  readonly urn?: string;
  /** @default those of the rule's record */
  readonly severity?: Severity;
  readonly level?: Level;
  readonly fix?: string;
}

/** An answer that could not be given. */
export interface RawUndetermined {
  readonly rule: string;
  readonly environment: string;
  readonly urn: string;
  readonly properties: readonly string[];
  /** What is missing to decide. @default the value is known only after a deployment */
  readonly reason?: string;
}

const SEVERITIES = ["critical", "high", "medium", "low"] as const;

/**
 * @param records of every rule that was run
 * @param locate the line that caused a finding, where a file says it
 */
export function finish(
  found: readonly RawFinding[],
  records: readonly RuleRecord[],
  declarations: readonly Declaration[],
  locate: (finding: RawFinding) => SourceLocation | undefined = () => undefined,
): ReportedFinding[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  const seen = new Map<string, number>();
  const reported = found.map((finding): ReportedFinding => {
    const { rule, environment, urn, property, message } = finding;
    const record = byId.get(rule);
    const location = locate(finding);
    const fix = finding.fix ?? record?.fix;
    return {
      rule,
      severity: finding.severity ?? record?.severity ?? "high",
      level: finding.level ?? record?.level ?? "mandatory",
      environment,
      ...(urn === undefined ? {} : { urn }),
      ...(property === "" ? {} : { property }),
      message,
      ...(fix === undefined ? {} : { fix }),
      ...(location === undefined ? {} : { location }),
      fingerprint: fingerprint(finding, seen),
    };
  });
  const order = new Map(declarations.map(({ environment }, index) => [environment, index]));
  const rank = ({ environment, severity }: ReportedFinding): number =>
    (order.get(environment) ?? order.size) * SEVERITIES.length + SEVERITIES.indexOf(severity);
  return reported.sort((a, b) => rank(a) - rank(b) || compareTexts(keyOf(a), keyOf(b)));
}

function keyOf({ rule, urn = "", property = "" }: ReportedFinding): string {
  return `${rule} ${urn} ${property}`;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same finding after a list was reordered or another one mended keeps its fingerprint. */
function fingerprint(finding: RawFinding, seen: Map<string, number>): string {
  const { rule, environment, urn = "", property, reference } = finding;
  const place = property.replace(/\[\d+\]/g, "[]");
  const parts = [rule, environment, urn, place, reference?.kind ?? "", reference?.name ?? ""];
  const key = JSON.stringify(parts);
  const count = (seen.get(key) ?? 0) + 1;
  seen.set(key, count);
  return createHash("sha256").update(`${key} ${count}`).digest("hex").slice(0, 32);
}
