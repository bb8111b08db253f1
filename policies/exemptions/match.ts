/**
 * Which findings an exemption covers. Everything is compared as a whole and by equality, so that an exemption never
 * reaches further than what it names.
 */
import type { ExemptionTerms } from "./schema";

/** A finding, as far as exemptions are concerned. */
export interface ExemptibleFinding {
  readonly rule: string;
  readonly environment: string;
  /** Absent for what only files say. */
  readonly urn?: string;
  /** As Pulumi writes paths; absent or empty for the resource as a whole. */
  readonly property?: string;
}

/** The parts of an exemption that say what it is about. */
export type ExemptionScope = Pick<ExemptionTerms, "rule" | "environment" | "resource" | "property">;

/** Whether an exemption is about a finding, whatever the day. */
export function covers(
  scope: ExemptionScope,
  { rule, environment, urn, property = "" }: ExemptibleFinding,
): boolean {
  return (
    scope.rule === rule &&
    (scope.environment === undefined || scope.environment === environment) &&
    isResource(scope.resource, urn) &&
    (scope.property === undefined || scope.property === property)
  );
}

/** Whether an exemption still holds: its last day counts. */
export function holds({ expires }: Pick<ExemptionTerms, "expires">, today: string): boolean {
  return today <= expires;
}

/** The first exemption that covers a finding and still holds. */
export function exemptionOf<T extends ExemptionTerms>(
  exemptions: readonly T[],
  finding: ExemptibleFinding,
  today: string,
): T | undefined {
  return exemptions.find((exemption) => holds(exemption, today) && covers(exemption, finding));
}

/**
 * Whether the resource that an exemption names is the one with this URN; none is named for what has no URN. A text
 * with `::` is a type and a name, any other one a logical name.
 */
export function isResource(named: string | undefined, urn: string | undefined): boolean {
  if (named === undefined || urn === undefined) return named === urn;
  if (named.startsWith("urn:")) return named === urn;
  // A name may contain `::`, so a URN is split at most three times.
  const [, qualified, name] = /^urn:pulumi:[^:]*::(?:(?!::).)*::((?:(?!::).)*)::(.*)$/s.exec(urn) ?? [];
  if (qualified === undefined || name === undefined) return false;
  const end = named.indexOf("::");
  if (end < 0) return named === name;
  return named.slice(end + 2) === name && typesOf(qualified).includes(named.slice(0, end));
}

/** What a resource's type may be called: with its parents', alone, and as reports show it. */
function typesOf(qualified: string): readonly string[] {
  const type = qualified.slice(qualified.lastIndexOf("$") + 1);
  return [qualified, type, shownType(type)];
}

/** A type as reports show it: `aws:iam:User` for `aws:iam/user:User`. */
function shownType(type: string): string {
  const [packageName = "", module = "", name = ""] = type.split(":");
  const [folder = "", file = ""] = module.split("/");
  return file !== "" && file.toLowerCase() === name.toLowerCase() ? `${packageName}:${folder}:${name}` : type;
}
