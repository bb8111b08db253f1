/**
 * Writes docs/configuration.md: the chapters that stand in configuration-chapters.ts, and tables made from the
 * schema. Change those, and run `npx tsx scripts/generate-configuration-reference.ts`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { checks } from "../config/checks";
import { claimKinds } from "../config/claims";
import { PROJECT } from "../config/names";
import { environmentSchema } from "../config/schema";
import * as structure from "../config/schema/introspect";
import { chaptersAfter, chaptersBefore } from "./configuration-chapters";

export const referenceFile = join(__dirname, "../docs/configuration.md");

export function renderReference(): string {
  const sections = Object.entries(environmentSchema.shape).map(([name, section]) =>
    renderSection(name, section),
  );
  const parts = [
    chaptersBefore,
    "## Reference",
    "A key without a default must be given, unless it says *optional*.",
    ...sections,
    "## What must hold between settings",
    checks.map(({ rule }) => `- ${rule}`).join("\n"),
    chaptersAfter(claimKinds),
  ];
  return `${parts.map((part) => part.trim()).join("\n\n")}\n`;
}

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly allowed: string;
  readonly description: string;
}

function renderSection(name: string, section: structure.Schema): string {
  const lines = childRows(section, "", new Map()).map((row) => {
    const cells = [`\`${row.key}\``, row.type, row.fallback, row.allowed, row.description];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return [
    `### \`${PROJECT}:${name}\``,
    "",
    structure.descriptionOf(section),
    "",
    "| Key | Type | Default | Allowed | Description |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}

/**
 * Rows of the fields below a field. With `seen`, a group like one that the section describes already is described
 * by naming that one.
 */
function childRows(schema: structure.Schema, prefix: string, seen?: Map<string, string>): Row[] {
  return structure.forms(schema).flatMap((form) => {
    const when = conditionOf(schema, form);
    if (form instanceof z.ZodArray) return childRows(form.element, `${prefix.slice(0, -1)}[].`, seen);
    if (!(form instanceof z.ZodObject)) return [];
    return Object.entries(form.shape).flatMap(([name, field]) => {
      const key = `${prefix}${name}`;
      const row = rowOf(key, field, when);
      const shape = childRows(field, ".");
      const twin = shape.length > 1 ? seen?.get(JSON.stringify(shape)) : undefined;
      if (twin !== undefined) return [{ ...row, allowed: `the same keys as \`${twin}\`` }];
      seen?.set(JSON.stringify(shape), key);
      return [row, ...childRows(field, `${key}.`, seen)];
    });
  });
}

/** Which form of a union a field belongs to: `source: vault`. */
function conditionOf(union: structure.Schema, form: structure.Schema): string | undefined {
  const key = structure.discriminatorOf(union);
  const field = key !== undefined && form instanceof z.ZodObject ? form.shape[key] : undefined;
  return field instanceof z.ZodLiteral ? `${key}: ${[...field.values].join(", ")}` : undefined;
}

function rowOf(key: string, field: structure.Schema, when: string | undefined): Row {
  const inner = structure.bare(field);
  return {
    key,
    type: when === undefined ? typeOf(inner) : `${typeOf(inner)}, with \`${when}\``,
    fallback: fallbackOf(field),
    allowed: allowedOf(inner),
    description: structure.descriptionOf(field),
  };
}

function typeOf(field: structure.Schema): string {
  if (field instanceof z.ZodString) return "text";
  if (field instanceof z.ZodNumber) return "integer";
  if (field instanceof z.ZodBoolean) return "yes or no";
  if (structure.isChoice(field)) return "choice";
  if (field instanceof z.ZodArray) return `list of ${typeOf(field.element)}s`;
  if (field instanceof z.ZodRecord) return "mapping";
  return "group";
}

function allowedOf(field: structure.Schema): string {
  const allowed = structure.factsOf(field)?.allowed ?? "";
  if (field instanceof z.ZodObject) return "";
  if (structure.isChoice(field)) {
    const values = allowed.split(", ").map((value) => `\`${value}\``);
    return values.join(", ");
  }
  if (!(field instanceof z.ZodArray)) return allowed;
  const item = allowedOf(field.element);
  return item === "" ? allowed : `${allowed}: ${item}`;
}

function fallbackOf(field: structure.Schema): string {
  if (field instanceof z.ZodExactOptional || field instanceof z.ZodOptional) return "*optional*";
  if (field instanceof z.ZodPrefault) return "its defaults";
  if (field instanceof z.ZodDefault)
    return `\`${JSON.stringify(field.def.defaultValue).replaceAll('"', "")}\``;
  return "";
}

if (require.main === module) writeFileSync(referenceFile, renderReference());
