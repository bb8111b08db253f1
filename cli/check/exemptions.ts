/** Lays a project's exemptions over a report: what is exempted does not count, and exemptions are judged too. */

import { formatMistakes } from "../../config/mistakes";
import { EngineError } from "../../engine/diagnostic";
import type { Declaration } from "../../engine/monitor/declaration";
import { listEnvironments, type Project } from "../../engine/project/project";
import { auditExemptions, exemptionRules } from "../../policies/exemptions/audit";
import { exemptionOf } from "../../policies/exemptions/match";
import { readExemptions } from "../../policies/exemptions/read";
import { EXEMPTIONS_FILE, type Exemption } from "../../policies/exemptions/schema";
import type { ExemptionFinding } from "../../policies/exemptions/subject";
import { finish } from "./findings";
import type { CheckReport, ReportedFinding } from "./report";

/**
 * The project's exemptions. Throws EngineError `configuration` with every mistake of the file.
 *
 * @param today as 2026-12-31, in UTC
 */
export function exemptionsOf(project: Project, today: string): readonly Exemption[] {
  const reading = readExemptions(project.root, today);
  if (reading.valid) return reading.exemptions;
  throw new EngineError("configuration", formatMistakes(reading.mistakes).split("\n"));
}

/** What else has to be known of the check. */
export interface ExemptionContext {
  readonly project: Project;
  readonly exemptions: readonly Exemption[];
  /** Of every environment that was evaluated. */
  readonly declarations: readonly Declaration[];
  readonly today: string;
}

/**
 * The report with its exemptions: exempted findings stay in it and do not count, and what is wrong with exemptions
 * is told behind the environments, as findings of the project.
 *
 * @param report whole: rules and findings of other packs are in it
 */
export function withExemptions(report: CheckReport, context: ExemptionContext): CheckReport {
  const { project, exemptions, declarations, today } = context;
  if (exemptions.length === 0) return report;
  const audited = auditExemptions(exemptions, {
    today,
    environments: listEnvironments(project),
    checked: declarations.map(({ environment, outcome, resources }) => ({
      name: environment,
      whole: outcome === "succeeded",
      urns: resources.map(({ urn }) => urn),
    })),
    rules: report.rules.map(({ id }) => id),
    findings: report.findings,
    complete: report.failures.length === 0,
  });
  const findings = report.findings.map((finding) => exempted(finding, exemptions, today));
  return { ...report, findings: [...findings, ...audited.flatMap(reported)] };
}

function exempted(
  finding: ReportedFinding,
  exemptions: readonly Exemption[],
  today: string,
): ReportedFinding {
  const exemption = exemptionOf(exemptions, finding, today);
  if (exemption === undefined) return finding;
  const { reason, owner, expires } = exemption;
  return { ...finding, exemption: { reason, owner, expires } };
}

/** A finding about the file: its place is the entry, and its identity what the entry says it is about. */
function reported({ rule, exemption, key, message, level }: ExemptionFinding): ReportedFinding[] {
  const { index, line, column } = exemption;
  const scope = [exemption.rule, exemption.environment, exemption.resource, exemption.property];
  const raw = {
    rule,
    environment: "",
    property: `exemptions[${index}]${key === undefined ? "" : `.${key}`}`,
    message,
    reference: { kind: "exemption", name: JSON.stringify(scope) },
  };
  return finish([raw], exemptionRules, []).map((finding) => ({
    ...finding,
    ...(level === undefined ? {} : { level }),
    location: { file: EXEMPTIONS_FILE, line, column },
  }));
}
