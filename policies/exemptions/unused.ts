/** An exemption that no finding needs. */
import type { RuleRecord } from "../rule";
import { covers } from "./match";
import type { Exemption } from "./schema";
import {
  type AuditSubject,
  type ExemptionFinding,
  isComparing,
  scopeText,
  wholeEnvironments,
} from "./subject";

export const unusedRecord: RuleRecord = {
  id: "exemptions/unused",
  title: "Every exemption is needed by a finding",
  why:
    "What was exempted has been mended, or is called otherwise now. The entry that stays behind would hide the same " +
    "mistake when somebody makes it again.",
  prevents: [],
  fix: "Remove the entry. If its finding is still told, correct the entry as the finding shows it.",
  severity: "low",
  level: "mandatory",
  environments: "all",
};

/**
 * Judged only where every finding is known that could need the exemption: all of its environments were evaluated to
 * their end, all environments for a rule that compares them, and nothing kept the check from being made.
 */
export function unusedFinding(exemption: Exemption, subject: AuditSubject): ExemptionFinding | undefined {
  const { complete, rules, environments, checked, findings } = subject;
  if (!complete || !rules.includes(exemption.rule)) return undefined;
  if (wholeEnvironments(exemption, subject) === undefined) return undefined;
  if (isComparing(exemption.rule) && checked.filter(({ whole }) => whole).length < environments.length)
    return undefined;
  if (findings.some((finding) => covers(exemption, finding))) return undefined;
  const message = `exempts nothing: there is no finding of ${scopeText(exemption)}`;
  return { rule: unusedRecord.id, exemption, message };
}
