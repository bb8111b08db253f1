/** The part of SARIF 2.1.0 that a check needs. Names and meanings are the standard's; numbers in comments are its sections. */

export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly SarifRun[];
}

export interface SarifRun {
  readonly tool: { readonly driver: SarifDriver };
  /** Sets of results are told apart by it (3.17.2): text before the last slash is the same for every run. */
  readonly automationDetails: { readonly id: string };
  /** What columns count (3.14.17). */
  readonly columnKind: "utf16CodeUnits";
  readonly invocations: readonly SarifInvocation[];
  readonly results: readonly SarifResult[];
}

export interface SarifDriver {
  readonly name: string;
  readonly semanticVersion: string;
  readonly rules: readonly SarifRule[];
}

export interface SarifText {
  readonly text: string;
}

export type SarifLevel = "error" | "warning" | "note" | "none";

export interface SarifRule {
  readonly id: string;
  readonly shortDescription: SarifText;
  readonly fullDescription: SarifText;
  readonly help: SarifText & { readonly markdown: string };
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: {
    readonly tags: readonly string[];
    /** GitHub's: 0.0 to 10.0, of which it makes low, medium, high and critical. */
    readonly "security-severity": string;
  };
}

export interface SarifInvocation {
  readonly executionSuccessful: boolean;
  readonly toolExecutionNotifications: readonly SarifNotification[];
}

export interface SarifNotification {
  readonly level: SarifLevel;
  readonly message: SarifText;
  readonly associatedRule?: { readonly id: string; readonly index: number };
}

export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  /** `open`: there is not enough information to decide (3.27.9). */
  readonly kind: "fail" | "open";
  /** `none` for every kind but `fail` (3.27.10). */
  readonly level: SarifLevel;
  readonly message: SarifText;
  readonly locations: readonly SarifLocation[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  /** Empty says that it is not suppressed; to leave it out says nothing (3.27.23). */
  readonly suppressions: readonly SarifSuppression[];
  readonly properties: { readonly environment: string; readonly [key: string]: unknown };
}

export interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
    readonly region: { readonly startLine: number; readonly startColumn?: number };
  };
  readonly logicalLocations?: readonly {
    readonly name: string;
    readonly fullyQualifiedName: string;
    readonly kind: string;
  }[];
}

export interface SarifSuppression {
  /** `external`: agreed to in a file of its own, not in the code (3.35.2). */
  readonly kind: "external";
  readonly status: "accepted";
  readonly justification: string;
}
