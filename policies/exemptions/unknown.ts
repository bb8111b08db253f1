/** An exemption that names what does not exist. */
import { suggest } from "../../config/mistakes";
import type { RuleRecord } from "../rule";
import { isResource } from "./match";
import type { Exemption } from "./schema";
import { type AuditSubject, type ExemptionFinding, wholeEnvironments } from "./subject";

export const unknownRecord: RuleRecord = {
  id: "exemptions/unknown",
  title: "Exemptions name rules, environments and resources that exist",
  why:
    "An exemption of something that does not exist exempts nothing today. It is misspelt, or left behind, and would " +
    "take effect unseen on the day when something of that name is made.",
  prevents: [],
  fix: "Correct the name as the finding shows it, or remove the entry.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
};

/** Every name in an exemption that nothing has. A resource is looked for where all that could have it is known. */
export function unknownNames(exemption: Exemption, subject: AuditSubject): ExemptionFinding[] {
  const found = [unknownRule(exemption, subject), unknownEnvironment(exemption, subject)];
  const named = found.filter((finding) => finding !== undefined);
  return named.length > 0 ? named : unknownResource(exemption, subject);
}

function unknownRule(exemption: Exemption, { rules }: AuditSubject): ExemptionFinding | undefined {
  const { rule } = exemption;
  if (rules.includes(rule)) return undefined;
  const meant = meantText(suggest(rule, rules));
  const finding = { rule: unknownRecord.id, exemption, key: "rule" } as const;
  if (rules.some((id) => familyOf(id) === familyOf(rule))) {
    return { ...finding, message: `names the rule ${rule}, which does not exist${meant}` };
  }
  // Whether another pack has such a policy is known where that pack is run.
  const message =
    `names the rule ${rule}, and no rule of ${familyOf(rule)} was run: if it is of another pack, check with ` +
    `--policy-pack${meant}`;
  return { ...finding, message, level: "advisory" };
}

/** The family of a rule, or the pack of a policy. */
function familyOf(rule: string): string {
  return rule.slice(0, rule.indexOf("/"));
}

function unknownEnvironment(
  exemption: Exemption,
  { environments }: AuditSubject,
): ExemptionFinding | undefined {
  const { environment } = exemption;
  if (environment === undefined || environments.includes(environment)) return undefined;
  const meant = meantText(suggest(environment, environments));
  const message = `names the environment ${environment}, which does not exist${meant}`;
  return { rule: unknownRecord.id, exemption, key: "environment", message };
}

function unknownResource(exemption: Exemption, subject: AuditSubject): ExemptionFinding[] {
  const { resource } = exemption;
  const whole = wholeEnvironments(exemption, subject);
  if (resource === undefined || whole === undefined) return [];
  if (whole.some(({ urns }) => urns.some((urn) => isResource(resource, urn)))) return [];
  const names = whole.map(({ name }) => name).join(", ");
  const message = `names ${resource}, which ${names} ${whole.length === 1 ? "does" : "do"} not declare`;
  return [{ rule: unknownRecord.id, exemption, key: "resource", message }];
}

function meantText(meant: string | undefined): string {
  return meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
}
