/** The verdict of a check on one environment, for the preview that shows it in passing. */
import type { CheckReport } from "../check/report";
import type { Paint } from "./color";

/** Counts of what `kb check` would tell of an environment. */
export interface PolicySummary {
  readonly verdict: "passed" | "refused" | "incomplete";
  readonly mandatory: number;
  readonly advisory: number;
  readonly exempted: number;
  readonly undetermined: number;
  /** How many rules were run. */
  readonly rules: number;
}

/** By environment. What is said of no environment in particular counts for none. */
export function policySummaries(report: CheckReport): ReadonlyMap<string, PolicySummary> {
  return new Map(
    report.environments.map(({ name }) => {
      const findings = report.findings.filter(({ environment }) => environment === name);
      const counted = findings.filter(({ exemption }) => exemption === undefined);
      const mandatory = counted.filter(({ level }) => level === "mandatory").length;
      const failed = report.failures.some(({ environment = name }) => environment === name);
      const summary: PolicySummary = {
        verdict: failed ? "incomplete" : mandatory > 0 ? "refused" : "passed",
        mandatory,
        advisory: counted.length - mandatory,
        exempted: findings.length - counted.length,
        undetermined: report.undetermined.filter(({ environment }) => environment === name).length,
        rules: report.rules.length,
      };
      return [name, summary];
    }),
  );
}

/** One line that says where to read on. */
export function policyLine(environment: string, summary: PolicySummary, paint: Paint): string {
  const { verdict, mandatory, advisory, exempted, undetermined, rules } = summary;
  const counts = [
    ...(mandatory > 0 ? [`${mandatory} mandatory`] : []),
    ...(advisory > 0 ? [`${advisory} advisory`] : []),
    ...(exempted > 0 ? [`${exempted} exempted`] : []),
    ...(undetermined > 0 ? [`${undetermined} undetermined`] : []),
  ];
  const more = counts.length === 0 ? "" : `: ${counts.join(", ")}`;
  const where = `; see kb check ${environment}`;
  switch (verdict) {
    case "refused":
      return `${paint("red", "refused")} by ${rules} rules${more}${where}`;
    case "incomplete":
      return `${paint("yellow", "not judged as a whole")}${more}${where}`;
    case "passed":
      return `passed ${rules} rules${more}${counts.length === 0 ? "" : where}`;
  }
}
