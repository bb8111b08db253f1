/**
 * Judges what one environment declares, in the two stages of Pulumi's policy runner: every resource by its inputs,
 * then the whole stack by its outputs. A rule that throws is a failure of the check, never a pass.
 */
import type { Estate } from "./estate";
import type { Resource, Stack } from "./resource";
import { type Finding, NOT_APPLICABLE, type ResourceRule, type Rule, type Verdict } from "./rule";

/** A finding with the rule and the resource that it belongs to. */
export interface Violation extends Finding {
  readonly rule: string;
  readonly urn: string;
}

/** A rule that could not decide about a resource. */
export interface Undetermined {
  readonly rule: string;
  readonly urn: string;
  readonly properties: readonly string[];
}

/** A rule that threw. */
export interface RuleFailure {
  readonly rule: string;
  readonly urn?: string;
  readonly message: string;
}

/** What the rules say about one environment. */
export interface Judgement {
  readonly violations: readonly Violation[];
  readonly undetermined: readonly Undetermined[];
  readonly failures: readonly RuleFailure[];
  /** How many resources each rule found compliant, by rule. */
  readonly compliant: ReadonlyMap<string, number>;
}

/** What is judged: the same resources twice, as declared and as they are known when the program has ended. */
export interface Subject {
  /** Inputs, in order of registration. */
  readonly declared: readonly Resource[];
  /** Outputs, with what unknown values come from; undefined when the program failed. */
  readonly stack?: Stack;
}

export function judge(subject: Subject, estate: Estate, rules: readonly Rule[]): Judgement {
  const judging = new Judging(estate);
  for (const rule of rules) {
    if (rule.scope === "resource") judging.resources(rule, subject);
    else if (subject.stack !== undefined) judging.stack(rule, subject.stack);
  }
  return judging;
}

/** Whether a rule holds for the environment at all. */
export function appliesTo({ environments }: Rule, { production }: Estate): boolean {
  return environments === "all" || production;
}

/** The answer of a resource rule. */
export function check(rule: ResourceRule, resource: Resource, estate: Estate): Verdict {
  return appliesTo(rule, estate) ? rule.check(resource, estate) : NOT_APPLICABLE;
}

class Judging implements Judgement {
  readonly violations: Violation[] = [];
  readonly undetermined: Undetermined[] = [];
  readonly failures: RuleFailure[] = [];
  readonly compliant = new Map<string, number>();

  constructor(private readonly estate: Estate) {}

  resources(rule: ResourceRule, { declared, stack }: Subject): void {
    const known = new Map(stack?.resources.map((resource) => [resource.urn, resource]));
    for (const resource of declared) {
      const verdict = this.#guarded(rule, resource.urn, () => check(rule, resource, this.estate));
      if (verdict === undefined) continue;
      const later = verdict.outcome === "undetermined" ? known.get(resource.urn) : undefined;
      // Only the whole stack says where an unknown value comes from.
      const final =
        later === undefined
          ? verdict
          : this.#guarded(rule, resource.urn, () => check(rule, later, this.estate));
      if (final !== undefined) this.#take(rule, resource.urn, final);
    }
  }

  stack(rule: Extract<Rule, { scope: "stack" }>, stack: Stack): void {
    if (!appliesTo(rule, this.estate)) return;
    const verdicts = this.#guarded(rule, undefined, () => rule.check(stack, this.estate)) ?? [];
    for (const { urn, verdict } of verdicts) this.#take(rule, urn, verdict);
  }

  #take({ id: rule }: Rule, urn: string, verdict: Verdict): void {
    switch (verdict.outcome) {
      case "findings":
        this.violations.push(...verdict.findings.map((finding) => ({ ...finding, rule, urn })));
        break;
      case "undetermined":
        this.undetermined.push({ rule, urn, properties: verdict.properties });
        break;
      case "compliant":
        this.compliant.set(rule, (this.compliant.get(rule) ?? 0) + 1);
        break;
      case "not-applicable":
        break;
    }
  }

  #guarded<T>(rule: Rule, urn: string | undefined, run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      const message = placeOfError(error);
      this.failures.push({ rule: rule.id, message, ...(urn === undefined ? {} : { urn }) });
      return undefined;
    }
  }
}

/**
 * What may be told of an error that a rule threw: its kind and its place in the code. The message could quote a value.
 */
export function placeOfError(error: unknown): string {
  if (!(error instanceof Error)) return "it threw something that is no error";
  const line = error.stack?.split("\n").find((each) => /^\s+at /.test(each));
  const place = /(?:policies\/[^\s()]+)/.exec(line ?? "")?.[0] ?? "a place that is not known";
  return `${error.name} at ${place}`;
}
