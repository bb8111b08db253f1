/** An exemption whose last day is over. */
import type { RuleRecord } from "../rule";
import { holds } from "./match";
import type { Exemption } from "./schema";
import { type AuditSubject, type ExemptionFinding, environmentsOf, scopeText } from "./subject";

export const expiredRecord: RuleRecord = {
  id: "exemptions/expired",
  title: "No exemption is kept beyond its last day",
  why:
    "An exemption is an agreement for some time. Once that is over, its findings count again; an entry that stays " +
    "behind says that somebody agrees who was not asked.",
  prevents: [],
  fix: "Mend what was exempted and remove the entry, or have its owner agree to another day.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
};

/** Told where one of its environments is checked: an exemption of PROD is no matter of a check of DEV. */
export function expiredFinding(exemption: Exemption, subject: AuditSubject): ExemptionFinding | undefined {
  if (holds(exemption, subject.today)) return undefined;
  const names = environmentsOf(exemption, subject);
  // An environment that does not exist is checked by nobody: then whoever comes first is told.
  const concerned = subject.checked.some(({ name }) => names.includes(name));
  if (!concerned && names.some((name) => subject.environments.includes(name))) return undefined;
  const { expires, owner } = exemption;
  const message = `was ${expires}: ${scopeText(exemption)} is not exempted any more (${owner} answers for it)`;
  return { rule: expiredRecord.id, exemption, key: "expires", message };
}
