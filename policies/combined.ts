/** Several judgements of one rule about one resource, as one. */
import { COMPLIANT, NOT_APPLICABLE, type Verdict } from "./rule";

/** Findings of all before unknown values of all; compliant when one of them is. */
export function combined(...verdicts: readonly Verdict[]): Verdict {
  const findings = verdicts.flatMap((verdict) => (verdict.outcome === "findings" ? verdict.findings : []));
  if (findings.length > 0) return { outcome: "findings", findings };
  const open = verdicts.flatMap((verdict) => (verdict.outcome === "undetermined" ? verdict.properties : []));
  if (open.length > 0) return { outcome: "undetermined", properties: [...new Set(open)] };
  return verdicts.some(({ outcome }) => outcome === "compliant") ? COMPLIANT : NOT_APPLICABLE;
}
