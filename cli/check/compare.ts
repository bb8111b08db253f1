/** Runs the rules that compare environments, and keeps what no rule of the pack has told already. */
import { isolationRules } from "../../policies/isolation";
import type { EnvironmentView, LandscapeFinding } from "../../policies/isolation/landscape";
import { placeOfError } from "../../policies/judge";
import { noVaultToken } from "../../policies/rules/kubernetes/no-vault-token";
import type { RawFinding, RawUndetermined } from "./findings";
import type { CheckFailure } from "./report";

/** What comparing gave. */
export interface Comparison {
  readonly findings: readonly RawFinding[];
  readonly undetermined: readonly RawUndetermined[];
  readonly failures: readonly CheckFailure[];
}

/** Rules of the pack that judge whose a name is. */
const WHOSE_NAME = [
  "postgres/dedicated-database",
  "postgres/dedicated-role",
  "kubernetes/own-hosts",
  "kubernetes/own-namespace",
  "vault/own-names",
  "vault/own-prefix",
  "vault/policy-own-prefix",
  "aws/own-names",
];

/**
 * Rules of the pack that tell the same fact when they find fault with the same property. What any other rule says of
 * it is another fact: a database may be open to everybody, and two environments' at once.
 */
export const sameFact: Readonly<Record<string, readonly string[]>> = {
  "isolation/disjoint-claims": WHOSE_NAME,
  "isolation/foreign-reference": WHOSE_NAME,
  "isolation/same-shape": ["kubernetes/outbound-worker-secrets"],
  "isolation/proven-images": ["kubernetes/pinned-images"],
};

/** Says of an object that it should not be there at all: then it is no model for anybody. */
const REFUSING: ReadonlySet<string> = new Set([noVaultToken.id]);

/**
 * Lays environments side by side. What is left out is told already, of the same property, or is about a model that
 * should not be there itself.
 *
 * @param told findings of the pack's rules
 */
export function compare(views: readonly EnvironmentView[], told: readonly RawFinding[]): Comparison {
  const known = new Known();
  for (const finding of told) known.add(finding);
  const refused = new Set(
    told
      .filter(({ rule, property }) => REFUSING.has(rule) && /(?:^|\.)metadata\.name$/.test(property))
      .map(resourceOf),
  );
  const findings: RawFinding[] = [];
  const undetermined: RawUndetermined[] = [];
  const failures: CheckFailure[] = [];
  for (const rule of isolationRules) {
    try {
      const verdict = rule.check(views);
      for (const { model, ...finding } of verdict.findings) {
        if (model !== undefined && refused.has(resourceOf(model))) continue;
        if (known.has(rule.id, finding)) continue;
        const raw = { ...finding, rule: rule.id };
        known.add(raw);
        findings.push(raw);
      }
      for (const { properties, ...open } of verdict.undetermined ?? []) {
        const untold = properties.filter(
          (property) => !known.has(rule.id, { ...open, property, message: "" }),
        );
        if (untold.length > 0) undetermined.push({ ...open, properties: untold, rule: rule.id });
      }
    } catch (error) {
      failures.push({ rule: rule.id, message: `the rule broke: ${placeOfError(error)}` });
    }
  }
  return { findings, undetermined, failures };
}

/** The facts that are told. */
class Known {
  readonly #told = new Map<string, RawFinding[]>();

  add(finding: RawFinding): void {
    const place = placeOf(finding);
    const before = this.#told.get(place);
    if (before === undefined) this.#told.set(place, [finding]);
    else before.push(finding);
  }

  /** A property may name several things; of one that is told as a whole nothing more is. */
  has(rule: string, finding: LandscapeFinding): boolean {
    const name = nameOf(finding);
    return (this.#told.get(placeOf(finding)) ?? []).some((told) => {
      const toldName = nameOf(told);
      if (name !== undefined && toldName !== undefined) return name === toldName;
      return sameFact[rule]?.includes(told.rule) ?? false;
    });
  }
}

/** An address is told with its host; a name is one fact, whatever kinds of things are called so. */
function nameOf({ reference }: LandscapeFinding): string | undefined {
  return reference?.kind === "backend-address" ? reference.name.replace(/:\d+$/, "") : reference?.name;
}

/** What has no property of a resource is told apart by its words. */
function placeOf({ environment, urn, property, message }: LandscapeFinding): string {
  return JSON.stringify([
    environment,
    urn ?? "",
    urn === undefined || property === "" ? { message } : property,
  ]);
}

function resourceOf({
  environment,
  urn = "",
}: {
  readonly environment: string;
  readonly urn?: string;
}): string {
  return `${environment} ${urn}`;
}
