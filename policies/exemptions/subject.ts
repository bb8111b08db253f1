/** What an audit of exemptions looks at, and in which words it tells of one. */
import { isolationRules } from "../isolation";
import type { Level } from "../rule";
import type { ExemptibleFinding } from "./match";
import type { Exemption } from "./schema";

/** One environment that was evaluated. */
export interface CheckedEnvironment {
  readonly name: string;
  /** Whether its program ran to its end, so that everything it declares is known. */
  readonly whole: boolean;
  /** URNs of all that it declares or reads. */
  readonly urns: readonly string[];
}

/** A check that was made, as far as exemptions are concerned. */
export interface AuditSubject {
  /** The day of UTC on which it was made: 2026-12-31. */
  readonly today: string;
  /** Names of all environments of the project, those that were not checked too. */
  readonly environments: readonly string[];
  readonly checked: readonly CheckedEnvironment[];
  /** Ids of every rule that was run, those of other packs too. */
  readonly rules: readonly string[];
  /** All findings, before any was exempted. */
  readonly findings: readonly ExemptibleFinding[];
  /** Whether nothing kept the check from being made. */
  readonly complete: boolean;
}

/** What is wrong with an exemption. */
export interface ExemptionFinding {
  /** Id of the record: `exemptions/unused`. */
  readonly rule: string;
  readonly exemption: Exemption;
  /** Key of the entry that is at fault; absent for the entry as a whole. */
  readonly key?: "rule" | "environment" | "resource" | "expires";
  /** Completes a sentence that begins with the entry, or its key. */
  readonly message: string;
  /** Another level than the record's. */
  readonly level?: Level;
}

/** Names of the environments that an exemption is about. */
export function environmentsOf(
  { environment }: Exemption,
  { environments }: AuditSubject,
): readonly string[] {
  return environment === undefined ? environments : [environment];
}

/** The evaluated environments that an exemption is about, when all of them were evaluated to their end. */
export function wholeEnvironments(
  exemption: Exemption,
  subject: AuditSubject,
): readonly CheckedEnvironment[] | undefined {
  const names = environmentsOf(exemption, subject);
  const whole = subject.checked.filter((each) => each.whole && names.includes(each.name));
  return whole.length === names.length ? whole : undefined;
}

/** Whether a rule only finds something where environments are laid side by side. */
export function isComparing(rule: string): boolean {
  return isolationRules.some(({ id }) => id === rule);
}

/** What an exemption is about, in words: `postgres/dedicated-role on keybuzz-api-postgres in prod`. */
export function scopeText({ rule, environment, resource, property }: Exemption): string {
  const where = environment === undefined ? "any environment" : environment;
  const what = property === undefined ? rule : `${rule} at ${property}`;
  return `${what}${resource === undefined ? "" : ` on ${resource}`} in ${where}`;
}
