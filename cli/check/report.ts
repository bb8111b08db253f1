/**
 * What a check found, as one record: every format is a view of it. Plain data without secrets: values of properties
 * are never part of it, names are.
 */
import type { Diagnostic } from "../../engine/diagnostic";
import type { Outcome } from "../../engine/monitor/declaration";
import type { Level, Severity } from "../../policies/rule";

/** Where a finding was caused: a file of the project, relative to its root, with slashes. */
export interface SourceLocation {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column?: number;
}

/** The agreement to live with a finding for some time. */
export interface AppliedExemption {
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds, as 2026-12-31. */
  readonly expires: string;
}

/** One thing that is wrong, or, for an exempted one, known to be. */
export interface ReportedFinding {
  /** Id of the rule: `postgres/dedicated-role`, `isolation/…`, `exemptions/…`, or `<pack>/<policy>` of other packs. */
  readonly rule: string;
  readonly severity: Severity;
  /** A mandatory finding fails the check. */
  readonly level: Level;
  readonly environment: string;
  /** The resource; absent for findings about files. */
  readonly urn?: string;
  /** Property at fault, as Pulumi writes paths. */
  readonly property?: string;
  /** One sentence that begins with a verb whose subject is the property: `names the database …`. */
  readonly message: string;
  readonly fix?: string;
  readonly location?: SourceLocation;
  /** Stays the same as long as the finding does, whatever else changes. */
  readonly fingerprint: string;
  readonly exemption?: AppliedExemption;
}

/** A rule that could not decide, because a value is not known before a deployment. */
export interface ReportedUndetermined {
  readonly rule: string;
  readonly environment: string;
  readonly urn: string;
  readonly properties: readonly string[];
  /** What is missing to decide. @default the value is known only after a deployment */
  readonly reason?: string;
}

/** Something that kept the check from being made. It is then neither passed nor refused. */
export interface CheckFailure {
  readonly environment?: string;
  readonly rule?: string;
  readonly message: string;
}

/** What is said of a rule that a report mentions or that was run. */
export interface ReportedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly level: Level;
  readonly why?: string;
  readonly fix?: string;
  /** Findings of the audit that it prevents: F1 to F16. */
  readonly prevents: readonly string[];
  /** Name and version of the pack that it belongs to; absent for kb's own rules. */
  readonly pack?: string;
}

/** One environment in the report. */
export interface ReportedEnvironment {
  readonly name: string;
  readonly outcome: Outcome;
  readonly resources: number;
  /** How many answers of rules said that a resource is as it should be. */
  readonly compliant: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** The whole result of a check. */
export interface CheckReport {
  readonly project: string;
  readonly environments: readonly ReportedEnvironment[];
  /** Other environments of the project: nothing was compared with them. @default none */
  readonly leftOut?: readonly string[];
  /** Every rule that was run. */
  readonly rules: readonly ReportedRule[];
  /** In order of environment, severity and rule. Exempted ones stand here too. */
  readonly findings: readonly ReportedFinding[];
  readonly undetermined: readonly ReportedUndetermined[];
  readonly failures: readonly CheckFailure[];
  /** Whether undetermined answers fail the check. */
  readonly strict: boolean;
}

/** How a check ended. */
export type Verdict = "passed" | "refused" | "incomplete";

/** A check that could not be made is neither passed nor refused. */
export function verdictOf({ findings, undetermined, failures, strict }: CheckReport): Verdict {
  if (failures.length > 0) return "incomplete";
  const refused = findings.some(({ level, exemption }) => level === "mandatory" && exemption === undefined);
  return refused || (strict && undetermined.length > 0) ? "refused" : "passed";
}
