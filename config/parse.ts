/**
 * Reads structured values by the schema. Beside every mistake it gives what remains without the mistaken parts, so
 * that the checks that span fields can still run on the rest and one run reports everything.
 */
import { z } from "zod";
import { type Finding, suggest } from "./mistakes";
import { type Draft, type EnvironmentConfig, environmentSchema } from "./schema";
import * as structure from "./schema/introspect";

export interface Parsed {
  /** The typed configuration, when there is no mistake in it. */
  readonly config?: EnvironmentConfig;
  readonly draft: Draft;
  readonly findings: readonly Finding[];
}

// An environment is parsed once: compiling the schema would take longer than it saves.
const PARSE = { reportInput: true, jitless: true };

export function parseSections(values: Readonly<Record<string, unknown>>): Parsed {
  const result = environmentSchema.safeParse(values, PARSE);
  if (result.success) return { config: result.data, draft: result.data, findings: [] };

  const unknown = unknownKeys(environmentSchema, values, []);
  const meant = new Set(unknown.map(({ path, suggestion }) => key([...path.slice(0, -1), suggestion ?? ""])));
  const findings = result.error.issues
    .flatMap((issue) => findingOf(issue, values))
    // A key that is there under a wrong name is one mistake, not two.
    .filter((finding) => finding.at !== "missing" || !meant.has(key(finding.path)));
  const draft = remains(environmentSchema, values) as Draft;
  return { draft, findings: firstPerPath([...unknown, ...findings]) };
}

function key(path: structure.Path): string {
  return JSON.stringify(path);
}

function firstPerPath(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ path }) => !seen.has(key(path)) && seen.add(key(path)));
}

function unknownKeys(schema: structure.Schema, value: unknown, path: structure.Path): Finding[] {
  if (Array.isArray(value)) {
    const element = structure.childOf(schema, value, 0);
    return element === undefined
      ? []
      : value.flatMap((entry, i) => unknownKeys(element, entry, [...path, i]));
  }
  if (!structure.isGroup(value)) return [];
  const names = structure.keysOf(schema, value);
  return Object.entries(value).flatMap(([name, child]) => {
    if (names !== undefined && !names.includes(name)) {
      const absent = names.filter((candidate) => !Object.hasOwn(value, candidate));
      const suggestion = suggest(name, absent);
      const allowed = absent.length > 0 ? `keys ${names.join(", ")}` : "nothing more";
      const finding: Finding = { path: [...path, name], problem: "is an unknown key", allowed, at: "key" };
      return [suggestion === undefined ? finding : { ...finding, suggestion }];
    }
    const field = structure.childOf(schema, value, name);
    return field === undefined ? [] : unknownKeys(field, child, [...path, name]);
  });
}

function findingOf(issue: z.core.$ZodIssue, values: unknown): Finding[] {
  if (issue.code === "unrecognized_keys") return [];
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  const { parent, value } = valueAt(values, path);
  const field = structure.fieldAt(environmentSchema, values, path);
  const facts = (field && structure.factsOf(field)) ?? {
    noun: "what is asked for",
    allowed: "see the reference",
  };
  const finding = { path, value, allowed: facts.allowed };

  if (issue.code === "invalid_key") {
    const keys = keyFacts(values, path) ?? facts;
    return [{ path, problem: `is not ${keys.noun}`, allowed: keys.allowed, at: "key" }];
  }
  if (issue.code === "invalid_union") {
    const union = structure.fieldAt(environmentSchema, values, path.slice(0, -1));
    const choices = union === undefined ? [] : structure.discriminatorValues(union);
    return [choiceFinding({ path, value, allowed: choices.join(", ") }, choices)];
  }
  if (value === undefined && (parent === undefined || !Object.hasOwn(parent, path.at(-1) ?? ""))) {
    return [{ path, allowed: facts.allowed, problem: "is missing", at: "missing" }];
  }
  if (value === null) return [{ ...finding, problem: "has no value" }];
  if (issue.code === "custom") return [{ ...finding, problem: issue.message }];
  if (issue.code === "invalid_value") return [choiceFinding(finding, issue.values.map(String))];
  if (issue.code === "too_small" || issue.code === "too_big") {
    const problem = issue.origin === "array" ? "is too short" : "is out of range";
    return [{ ...finding, problem }];
  }
  const problem =
    issue.code === "invalid_type" ? wrongType(issue.expected, value, facts.noun) : `is not ${facts.noun}`;
  return [{ ...finding, problem }];
}

function choiceFinding(finding: Omit<Finding, "problem">, choices: readonly string[]): Finding {
  if (finding.value === undefined) return { ...finding, problem: "is missing", at: "missing" };
  const suggestion = typeof finding.value === "string" ? suggest(finding.value, choices) : undefined;
  const problem = "is not one of the choices";
  return suggestion === undefined ? { ...finding, problem } : { ...finding, problem, suggestion };
}

/** What the keys of the mapping around a path must look like. */
function keyFacts(values: unknown, path: structure.Path) {
  const mapping = structure.fieldAt(environmentSchema, values, path.slice(0, -1));
  const field = mapping && structure.bare(mapping);
  return field instanceof z.ZodRecord ? structure.factsOf(field.keyType) : undefined;
}

function wrongType(expected: string, value: unknown, noun: string): string {
  if (expected === "string" && typeof value === "number") {
    return `is a number, not ${noun}: put it in quotes, so that it stays as it is written`;
  }
  const json = expected === "object" && typeof value === "string" && /^\s*[{[]/.test(value);
  return json ? "is not valid JSON" : `is not ${noun}`;
}

/** What is left of a value when the parts that the schema refuses are taken out. */
function remains(schema: structure.Schema, value: unknown): unknown {
  const result = z.safeParse(schema, value, PARSE);
  if (result.success) return result.data;
  if (!structure.isGroup(value)) return undefined;
  const [form, ...others] = structure.formsFor(schema, value);
  if (!(form instanceof z.ZodObject) || others.length > 0) return undefined;
  const parts = Object.entries(form.shape).map(
    ([name, field]) => [name, remains(field, value[name])] as const,
  );
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
}

/** The value at a path, and the group or list that it stands in. */
function valueAt(values: unknown, path: structure.Path): { parent?: object; value?: unknown } {
  let parent: object | undefined;
  let value = values;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return {};
    parent = value;
    value = (value as Record<string | number, unknown>)[part];
  }
  return parent === undefined ? { value } : { parent, value };
}
