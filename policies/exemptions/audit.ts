/** Judges the exemptions themselves: what has expired, names what does not exist, or is not needed. */
import type { RuleRecord } from "../rule";
import { expiredFinding, expiredRecord } from "./expired";
import type { Exemption } from "./schema";
import type { AuditSubject, ExemptionFinding } from "./subject";
import { unknownNames, unknownRecord } from "./unknown";
import { unusedFinding, unusedRecord } from "./unused";

/** What findings about exemptions are told by. */
export const exemptionRules: readonly RuleRecord[] = [expiredRecord, unknownRecord, unusedRecord];

/** In order of the records, and then of the file. Of an exemption only what its owner has to act on first is told. */
export function auditExemptions(exemptions: readonly Exemption[], subject: AuditSubject): ExemptionFinding[] {
  const found = exemptions.flatMap((exemption) => {
    const over = expiredFinding(exemption, subject);
    if (over !== undefined) return [over];
    const names = unknownNames(exemption, subject);
    if (names.length > 0) return names;
    return unusedFinding(exemption, subject) ?? [];
  });
  return exemptionRules.flatMap(({ id }) => found.filter(({ rule }) => rule === id));
}
