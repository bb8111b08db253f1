/**
 * Writes docs/rules.md from the rules' records in policies/: what each demands, why, and what to do. Change those,
 * and run `npx tsx scripts/generate-rule-reference.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { auditFindings } from "../policies/audit";
import { type CatalogueEntry, catalogue } from "../policies/catalogue";
import type { AuditFinding } from "../policies/rule";

export const referenceFile = join(__dirname, "../docs/rules.md");

const introduction = `
\`kb check\` holds every environment to these rules, and so does \`pulumi preview --policy-pack policies\` where one
environment is enough to judge. A *mandatory* finding fails the check, an *advisory* one is told. A rule that depends
on a value which is known only after a deployment is *undetermined*: shown, and never a pass.

\`npx kb rules\` lists them in a terminal, \`npx kb rules <id>\` tells of one.`;

const preventionIntroduction = `
What the audit of DEV and PROD found, and the rules that keep it from coming back. What no rule can see before a
deployment has none.`;

export function renderReference(): string {
  const families = [...new Set(catalogue.map(({ family }) => family))];
  const parts = [
    "# Rules",
    "<!-- Made by scripts/generate-rule-reference.ts from the records in policies/: change it there. -->",
    introduction,
    ...families.map(contents),
    "## What the audit found",
    preventionIntroduction,
    ["| Finding | What it was | Rules |", "| --- | --- | --- |", ...findingRows()].join("\n"),
    ...families.flatMap((family) => [`## ${family}`, ...inFamily(family).map(section)]),
  ];
  return `${parts.map((part) => part.trim()).join("\n\n")}\n`;
}

function inFamily(family: string): CatalogueEntry[] {
  return catalogue.filter((entry) => entry.family === family);
}

function contents(family: string): string {
  const rows = inFamily(family).map(
    ({ record: { id, title, severity, level } }) =>
      `| ${link(id)} | ${severity} | ${level} | ${cell(title)} |`,
  );
  const head = `| [${family}](#${family}) | Severity | Level | What holds |`;
  return [head, "| --- | --- | --- | --- |", ...rows].join("\n");
}

function findingRows(): string[] {
  return Object.entries(auditFindings).map(([finding, what]) => {
    const rules = catalogue.filter(({ record }) => record.prevents.includes(finding as AuditFinding));
    return `| ${finding} | ${cell(what)} | ${rules.map(({ record }) => link(record.id)).join(", ")} |`;
  });
}

function section({ record, source }: CatalogueEntry): string {
  const { id, title, why, fix, severity, level, environments, prevents } = record;
  const facts = [
    severity,
    level,
    environments === "all" ? "all environments" : "production only",
    ...(prevents.length === 0 ? [] : [`prevents ${prevents.join(", ")}`]),
    `[${source}](../${source})`,
  ];
  return [
    `### ${id}`,
    `${text(title)}.`,
    facts.join(" · "),
    `**Why:** ${text(why)}`,
    `**Fix:** ${text(fix)}`,
  ].join("\n\n");
}

/** GitHub's anchor of a heading leaves the slash out. */
function link(id: string): string {
  return `[${id}](#${id.replace(/[^\w-]/g, "").toLowerCase()})`;
}

/** Records are plain sentences: what Markdown would read as markup is kept, but for code between backticks. */
function text(sentence: string): string {
  return sentence
    .replace(/\s+/g, " ")
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\<>*[\]]/g, "\\$&")))
    .join("");
}

function cell(sentence: string): string {
  return text(sentence).replaceAll("|", "\\|");
}

if (require.main === module) writeFileSync(referenceFile, renderReference());
