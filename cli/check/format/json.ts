/** `kb check --format json`, described in docs/check-json.md. */
import { type CheckReport, type ReportedFinding, type ReportedRule, verdictOf } from "../report";
import { plainJson } from "./plain";
import { allRules, countsOf } from "./summary";

/** Raised when the form changes in a way that readers must know of. */
const FORMAT_VERSION = 1;

/**
 * The whole document, ending in a line break. Every field is named here, so that a new one of the report reaches
 * readers on purpose only.
 */
export function checkJson(report: CheckReport): string {
  const { project, strict, environments, undetermined, failures } = report;
  return plainJson({
    version: FORMAT_VERSION,
    kind: "check",
    project,
    verdict: verdictOf(report),
    strict,
    counts: { ...countsOf(report), failures: failures.length },
    environments: environments.map(({ name, outcome, resources, compliant, diagnostics }) => ({
      environment: name,
      outcome,
      resources,
      compliant,
      diagnostics: diagnostics.map(({ severity, message, urn }) => ({ severity, message, urn })),
    })),
    leftOut: report.leftOut?.length ? report.leftOut : undefined,
    rules: allRules(report).map(ruleJson),
    findings: report.findings.map(findingJson),
    undetermined: undetermined.map(({ rule, environment, urn, properties, reason }) => ({
      rule,
      environment,
      urn,
      properties,
      reason,
    })),
    failures: failures.map(({ environment, rule, message }) => ({ environment, rule, message })),
  });
}

function ruleJson({ id, title, severity, level, why, fix, prevents, pack }: ReportedRule): object {
  return { id, title, severity, level, why, fix, prevents, pack };
}

function findingJson(finding: ReportedFinding): object {
  const { rule, severity, level, environment, urn, property, message, fix, fingerprint } = finding;
  const { location, exemption } = finding;
  return {
    rule,
    severity,
    level,
    environment,
    urn,
    property,
    message,
    fix,
    location: location && { file: location.file, line: location.line, column: location.column },
    fingerprint,
    exemption: exemption && {
      reason: exemption.reason,
      owner: exemption.owner,
      expires: exemption.expires,
    },
  };
}
