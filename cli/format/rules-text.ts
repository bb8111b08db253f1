/** `kb rules` for a reader: the list by family, and all that is known of one rule. */
import { auditFindings } from "../../policies/audit";
import type { CatalogueEntry } from "../../policies/catalogue";
import type { Paint } from "./color";

/** How the text is made. */
export interface RulesTextOptions {
  readonly paint: Paint;
}

/** One line per rule, grouped by family. */
export function ruleList(entries: readonly CatalogueEntry[], { paint }: RulesTextOptions): string {
  const widest = Math.max(0, ...entries.map(({ record }) => record.id.length));
  const families = [...new Set(entries.map(({ family }) => family))];
  const groups = families.map((family) => {
    const lines = entries
      .filter((entry) => entry.family === family)
      .map(({ record: { id, severity, level, title } }) => {
        const color = level === "mandatory" ? "red" : "yellow";
        return `  ${id.padEnd(widest)}  ${severity.padEnd(8)}  ${paint(color, level)}${" ".repeat(11 - level.length)}${title}`;
      });
    return [paint("bold", family), ...lines].join("\n");
  });
  const total = `${entries.length} ${entries.length === 1 ? "rule" : "rules"}; kb rules <id> tells why, and what to do`;
  return `${[...groups, total].join("\n\n")}\n`;
}

/** All that is known of a rule. */
export function ruleText({ record, source }: CatalogueEntry, { paint }: RulesTextOptions): string {
  const { id, title, why, fix, severity, level, environments, prevents } = record;
  const facts = [
    ["severity", severity],
    ["level", level === "mandatory" ? "mandatory: a finding fails the check" : "advisory: a finding is told"],
    ["environments", environments === "all" ? "all" : "those in production only"],
    ["source", source],
  ] as const;
  const parts = [
    `${paint("bold", id)}\n${title}`,
    facts.map(([name, value]) => `  ${name.padEnd(12)}  ${value}`).join("\n"),
    `${paint("bold", "Why:")}\n  ${why}`,
    `${paint("bold", "Fix:")}\n  ${fix}`,
    ...(prevents.length === 0
      ? []
      : [
          [
            paint("bold", "Prevents, of what the audit found:"),
            ...prevents.map((name) => `  ${name.padEnd(3)}  ${auditFindings[name]}`),
          ].join("\n"),
        ]),
  ];
  return `${parts.join("\n\n")}\n`;
}
