/** Runs the rules that compare environments, and keeps what no rule of the pack has told already. */
import { isolationRules } from "../../policies/isolation";
import { distinctSecrets } from "../../policies/isolation/distinct-secrets";
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

/** A secret is in two hands whatever else is wrong at its place, and stays so when that is mended. */
const BESIDE: ReadonlySet<string> = new Set([distinctSecrets.id]);

/** Says of an object that it should not be there at all: then it is no model for anybody. */
const REFUSING: ReadonlySet<string> = new Set([noVaultToken.id]);

/**
 * Lays environments side by side. What is left out is told already of the same property, or is about a model that
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
        if (!BESIDE.has(rule.id)) {
          if (known.has(finding)) continue;
          known.add(finding);
        }
        findings.push({ ...finding, rule: rule.id });
      }
      for (const { properties, ...open } of verdict.undetermined ?? []) {
        const untold = properties.filter((property) => !known.has({ ...open, property, message: "" }));
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
  /** By place, the names that are told of; undefined among them where the property as a whole is. */
  readonly #names = new Map<string, Set<string | undefined>>();

  add(finding: LandscapeFinding): void {
    const place = placeOf(finding);
    this.#names.set(place, (this.#names.get(place) ?? new Set()).add(nameOf(finding)));
  }

  /** A property may name several things; of one that is told as a whole nothing more is. */
  has(finding: LandscapeFinding): boolean {
    const names = this.#names.get(placeOf(finding));
    const name = nameOf(finding);
    return names !== undefined && (name === undefined || names.has(undefined) || names.has(name));
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
