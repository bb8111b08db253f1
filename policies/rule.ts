/**
 * What a rule is: a pure function over plain data and a record that says why it exists. A rule knows neither
 * Pulumi nor who asks; the pack, `kb check` and the comparison with reality run the same ones.
 */
import type { Estate } from "./estate";
import type { Resource, Stack } from "./resource";
import { type Path, pathText } from "./value";

/** What is wrong with a resource. */
export interface Finding {
  /** Property at fault, as Pulumi writes paths; empty for the resource as a whole. */
  readonly property: string;
  /** One sentence: the value seen (never a secret) and what is allowed. */
  readonly message: string;
  /** Another environment's name that stands there, so that two rules do not tell of it twice. */
  readonly reference?: { readonly kind: string; readonly name: string };
}

/** The answer of a rule about one resource. */
export type Verdict =
  /** The rule has nothing to say about such a resource, or about this environment. */
  | { readonly outcome: "not-applicable" }
  | { readonly outcome: "compliant" }
  /** A value that decides is not known yet. Shown, and never a pass. */
  | { readonly outcome: "undetermined"; readonly properties: readonly string[] }
  | { readonly outcome: "findings"; readonly findings: readonly Finding[] };

/** The answer of a rule that needs the whole stack, about one of its resources. */
export interface StackVerdict {
  readonly urn: string;
  readonly verdict: Verdict;
}

export type Severity = "low" | "medium" | "high" | "critical";
/** `mandatory` refuses, `advisory` tells. Whoever runs the pack may set another level. */
export type Level = "advisory" | "mandatory";

/** What is said about a rule wherever it is listed; the documentation is made of it. */
export interface RuleRecord {
  /** `<family>/<rule>`: the path of its file below rules/. */
  readonly id: string;
  /** What holds where the rule is kept: one sentence without a full stop. */
  readonly title: string;
  /** What happens, or happened, where it is not. */
  readonly why: string;
  /** Findings of the audit that it prevents, F1 to F16. */
  readonly prevents: readonly AuditFinding[];
  /** What to do about a finding. */
  readonly fix: string;
  readonly severity: Severity;
  readonly level: Level;
  /** `production` rules are not applicable elsewhere. */
  readonly environments: "all" | "production";
}

export type AuditFinding = `F${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16}`;

/** A rule that can judge a resource by itself. */
export interface ResourceRule extends RuleRecord {
  readonly scope: "resource";
  readonly check: (resource: Resource, estate: Estate) => Verdict;
}

/** A rule that has to see the environment's other resources too. */
export interface StackRule extends RuleRecord {
  readonly scope: "stack";
  /** One answer for each resource that it has something to say about. */
  readonly check: (stack: Stack, estate: Estate) => readonly StackVerdict[];
}

export type Rule = ResourceRule | StackRule;

export const NOT_APPLICABLE: Verdict = { outcome: "not-applicable" };
export const COMPLIANT: Verdict = { outcome: "compliant" };

/** Collects what a rule sees in one resource. */
export class Assessment {
  readonly #findings: Finding[] = [];
  readonly #unknown: string[] = [];

  /** @param path where; empty for the resource as a whole */
  finding(path: Path, message: string, reference?: Finding["reference"]): void {
    const property = pathText(path);
    this.#findings.push({ property, message, ...(reference === undefined ? {} : { reference }) });
  }

  /** A value that decides is not known. */
  unknown(path: Path): void {
    this.#unknown.push(pathText(path));
  }

  /** Findings before unknown values: what is wrong stays wrong. */
  get verdict(): Verdict {
    if (this.#findings.length > 0) return { outcome: "findings", findings: this.#findings };
    if (this.#unknown.length > 0) return { outcome: "undetermined", properties: [...new Set(this.#unknown)] };
    return COMPLIANT;
  }
}
