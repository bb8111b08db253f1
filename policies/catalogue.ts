/**
 * All rules there are, whoever runs them, as records: what `kb rules` and docs/rules.md list. A new list of rules is
 * added here, and nowhere else.
 */
import { exemptionRules } from "./exemptions/audit";
import { determined } from "./general/determined";
import { isolationRules } from "./isolation";
import type { RuleRecord } from "./rule";
import { rules } from "./rules";

/** A rule with the file that decides it. */
export interface CatalogueEntry {
  readonly record: RuleRecord;
  /** The first part of the id: `postgres`. */
  readonly family: string;
  /** The rule's file, relative to the root of the repository. */
  readonly source: string;
}

/** Lists of rules, each with the folder that their ids are paths below. */
const LISTS: readonly { readonly folder: string; readonly records: readonly RuleRecord[] }[] = [
  { folder: "policies/rules", records: rules },
  { folder: "policies", records: isolationRules },
  { folder: "policies", records: exemptionRules },
  { folder: "policies", records: [determined] },
];

/** In order of family and id, so that what is made of it does not depend on the order of imports. */
export const catalogue: readonly CatalogueEntry[] = LISTS.flatMap(({ folder, records }) =>
  records.map((record) => ({
    record,
    family: record.id.slice(0, record.id.indexOf("/")),
    source: `${folder}/${record.id}.ts`,
  })),
).sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
