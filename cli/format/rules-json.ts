/** `kb rules --json`, described in docs/check-json.md. */
import type { CatalogueEntry } from "../../policies/catalogue";

/** Raised when the form changes in a way that readers must know of. */
const FORMAT_VERSION = 1;

/** The whole document, ending in a line break. */
export function rulesJson(entries: readonly CatalogueEntry[]): string {
  const rules = entries.map(({ record, family, source }) => {
    const { id, title, why, fix, severity, level, environments, prevents } = record;
    return { id, family, title, severity, level, environments, prevents, why, fix, source };
  });
  return `${JSON.stringify({ version: FORMAT_VERSION, kind: "rules", rules }, undefined, 2)}\n`;
}
