/** Exemptions and checks made by hand, for what is said of them. */
import type { Exemption } from "../../../policies/exemptions/schema";
import type { AuditSubject, CheckedEnvironment } from "../../../policies/exemptions/subject";

/** The day on which all of these tests take place. */
export const TODAY = "2026-11-21";

export const SECRET_TYPE = "kubernetes:core/v1:Secret";

/** A resource's URN; it lies in a component. */
export function urnOf(environment: string, name: string, type = SECRET_TYPE): string {
  return `urn:pulumi:${environment}::keybuzz::keybuzz:k8s:Group$${type}::${name}`;
}

/** An exemption that holds, of a rule that exists. */
export function exemption(more: Partial<Exemption> = {}): Exemption {
  return {
    rule: "postgres/dedicated-role",
    reason: "PROD is moved to its own role in March",
    owner: "platform@keybuzz.io",
    expires: "2027-03-31",
    index: 0,
    line: 2,
    column: 5,
    ...more,
  };
}

/** An environment that ran to its end and declares a Secret `database`. */
export function checked(name: string, more: Partial<CheckedEnvironment> = {}): CheckedEnvironment {
  return { name, whole: true, urns: [urnOf(name, "database")], ...more };
}

/** A whole check of DEV and PROD in which nothing was found. */
export function subject(more: Partial<AuditSubject> = {}): AuditSubject {
  return {
    today: TODAY,
    environments: ["dev", "prod"],
    checked: [checked("dev"), checked("prod")],
    rules: ["postgres/dedicated-role", "kubernetes/probes", "isolation/distinct-secrets", "cis/no-default"],
    findings: [],
    complete: true,
    ...more,
  };
}

/** A file with one entry, of these lines. */
export function fileOf(...entries: readonly Readonly<Record<string, string>>[]): string {
  if (entries.length === 0) return "exemptions: []\n";
  const lines = entries.flatMap((entry) =>
    Object.entries(entry).map(([key, value], index) => `  ${index === 0 ? "-" : " "} ${key}: ${value}`),
  );
  return `${["exemptions:", ...lines].join("\n")}\n`;
}

/** An entry as it is written. */
export const ENTRY = {
  rule: "postgres/dedicated-role",
  reason: "PROD is moved to its own role in March",
  owner: "platform@keybuzz.io",
  expires: "2027-03-31",
} as const;
