/** What a policy pack is and what it says of a declaration, as plain data. */
import type { PropertyMap } from "../property/values";

/** How a policy is enforced, as Pulumi names it. */
export const ENFORCEMENT_LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const;
export type EnforcementLevel = (typeof ENFORCEMENT_LEVELS)[number];

export type PolicySeverity = "low" | "medium" | "high" | "critical";

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Values of a policy's configuration, by property. */
export type PolicyProperties = Readonly<Record<string, Json>>;

/** What a policy's configuration has to look like: JSON Schemas by property. */
export interface PolicySchema {
  readonly properties: Readonly<Record<string, Json>>;
  readonly required: readonly string[];
}

/** One policy, as its pack describes it. */
export interface PolicyInfo {
  readonly name: string;
  readonly description: string;
  readonly displayName?: string;
  readonly kind: "resource" | "stack" | "unknown";
  /** The level in force: the pack's own until a configuration was applied. */
  readonly level: EnforcementLevel;
  readonly severity?: PolicySeverity;
  readonly tags: readonly string[];
  readonly url?: string;
  readonly remediationSteps?: string;
  readonly schema?: PolicySchema;
}

/** A policy that is broken. Mandatory violations fail a preview, advisory ones are told. */
export interface Violation {
  readonly policy: string;
  readonly level: "advisory" | "mandatory";
  readonly severity?: PolicySeverity;
  readonly message: string;
  readonly description: string;
  /** The resource; the root of the stack when a stack policy names none that the stack has. */
  readonly urn: string;
}

/** A policy that touched a value which is not known before a deployment, and so gave no answer. */
export interface Undetermined {
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
}

/** What a pack was asked when it answered. */
export type PolicyStep = "remediate" | "analyze" | "analyze-stack";

/** A policy that said that it does not apply. */
export interface NotApplicable {
  readonly policy: string;
  readonly step: PolicyStep;
  /** Absent when a stack policy does not apply to the stack. */
  readonly urn?: string;
  /** Empty when the policy gave none. */
  readonly reason: string;
}

/** Inputs that a policy changed. What was judged after it are the changed ones. */
export interface Remediation {
  readonly policy: string;
  readonly description: string;
  readonly urn: string;
  readonly before: PropertyMap;
  readonly after: PropertyMap;
}

/** Everything one pack said of one declaration. Lists are in the order of the declaration's resources. */
export interface PackJudgement {
  readonly name: string;
  readonly version: string;
  /** Whether the stack as a whole was judged: only after a program that succeeded. */
  readonly stackJudged: boolean;
  /** Sorted by name. */
  readonly policies: readonly PolicyInfo[];
  readonly violations: readonly Violation[];
  readonly undetermined: readonly Undetermined[];
  readonly notApplicable: readonly NotApplicable[];
  readonly remediations: readonly Remediation[];
}
