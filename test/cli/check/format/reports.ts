/** Reports made by hand, for what formats make of them. */
import type {
  CheckReport,
  ReportedEnvironment,
  ReportedFinding,
  ReportedRule,
} from "../../../../cli/check/report";

export function environment(name: string, more: Partial<ReportedEnvironment> = {}): ReportedEnvironment {
  return { name, outcome: "succeeded", resources: 3, compliant: 7, diagnostics: [], ...more };
}

export function finding(more: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    rule: "postgres/dedicated-role",
    severity: "critical",
    level: "mandatory",
    environment: "prod",
    urn: "urn:pulumi:prod::keybuzz::keybuzz:k8s:Secret$kubernetes:core/v1:Secret::keybuzz-api-postgres",
    property: "stringData.PGUSER",
    message: "names the PostgreSQL role keybuzz_api_dev of dev; prod has its own",
    fix: "Name a role of this environment.",
    fingerprint: "f1",
    ...more,
  };
}

export const roleRule: ReportedRule = {
  id: "postgres/dedicated-role",
  title: "Roles are those of their own environment",
  severity: "critical",
  level: "mandatory",
  why: "PROD logged in as keybuzz_api_dev.",
  fix: "Name a role of this environment.",
  prevents: ["F1"],
};

export const probeRule: ReportedRule = {
  id: "kubernetes/probes",
  title: "Containers say when they are ready",
  severity: "medium",
  level: "advisory",
  why: "A pod that is not ready gets requests.",
  fix: "Give the container a readinessProbe.",
  prevents: [],
};

export function report(more: Partial<CheckReport> = {}): CheckReport {
  return {
    project: "keybuzz",
    environments: [environment("dev"), environment("prod")],
    rules: [roleRule, probeRule],
    findings: [],
    undetermined: [],
    failures: [],
    strict: false,
    ...more,
  };
}

const deployment = (name: string): string =>
  `urn:pulumi:prod::keybuzz::kubernetes:apps/v1:Deployment::${name}`;

/** One of everything that lets a check end with a verdict. */
export const refused = report({
  findings: [
    finding({ location: { file: "Pulumi.prod.yaml", line: 41, column: 7 } }),
    finding({
      urn: deployment("keybuzz-api"),
      property: 'spec.containers[0].env["DATABASE|URL"]',
      location: { file: "stacks/api.ts", line: 12 },
      fingerprint: "f2",
    }),
    finding({
      rule: "kubernetes/probes",
      severity: "medium",
      level: "advisory",
      urn: deployment("keybuzz-client"),
      property: "",
      message: "has a container without readinessProbe",
      fix: "Give the container a readinessProbe.",
      fingerprint: "f3",
    }),
    finding({
      rule: "kubernetes/probes",
      severity: "medium",
      level: "advisory",
      urn: deployment("website"),
      property: "spec.template",
      message: "has a container without readinessProbe",
      fix: "Give the container a readinessProbe.",
      fingerprint: "f4",
      exemption: { reason: "static pages", owner: "platform", expires: "2026-12-31" },
    }),
  ],
  undetermined: [
    {
      rule: "postgres/dedicated-role",
      environment: "dev",
      urn: "urn:pulumi:dev::keybuzz::kubernetes:core/v1:Secret::elsewhere",
      properties: ["data.PGUSER", "data.PGHOST"],
    },
  ],
});

/** A check that could not be made. */
export const incomplete = report({
  environments: [
    environment("prod", {
      outcome: "failed",
      diagnostics: [{ severity: "error", message: "no such file\n  at index.ts:3" }],
    }),
  ],
  failures: [
    { environment: "prod", message: "the program failed" },
    { environment: "prod", rule: "postgres/dedicated-role", message: "TypeError at policies/foreign.ts:3" },
  ],
});
