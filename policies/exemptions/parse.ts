/** Reads what the file says by the schema: either all of it is right, or every mistake in it is told. */
import type { z } from "zod";
import { type Finding, suggest } from "../../config/mistakes";
import { factsOf, fieldAt, isGroup, keysOf, type Path } from "../../config/schema/introspect";
import { type ExemptionTerms, exemptionsSchema } from "./schema";

// A file is parsed once: compiling the schema would take longer than it saves.
const PARSE = { jitless: true };

/** The entries, when none has a mistake; else the mistakes. */
export type Parsed =
  | { readonly terms: readonly ExemptionTerms[] }
  | { readonly findings: readonly Finding[] };

export function parseTerms(value: unknown): Parsed {
  const result = exemptionsSchema.safeParse(value, PARSE);
  if (result.success) return { terms: result.data.exemptions };
  const findings = result.error.issues.flatMap((issue) => findingsOf(issue, value));
  const meant = new Set(
    findings.flatMap(({ path, suggestion }) =>
      suggestion === undefined ? [] : [keyOf([...path.slice(0, -1), suggestion])],
    ),
  );
  // A key that is there under a wrong name is one mistake, not two.
  return { findings: findings.filter(({ at, path }) => at !== "missing" || !meant.has(keyOf(path))) };
}

function keyOf(path: Path): string {
  return JSON.stringify(path);
}

function findingsOf(issue: z.core.$ZodIssue, root: unknown): Finding[] {
  const path = issue.path.map((part) => (typeof part === "number" ? part : String(part)));
  const value = valueAt(root, path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => unknownKey([...path, name], value));
  const field = fieldAt(exemptionsSchema, root, path);
  const facts = field && factsOf(field);
  const finding = { path, ...(facts === undefined ? {} : { allowed: facts.allowed }) };
  if (value === undefined) return [{ ...finding, problem: "is missing", at: "missing" }];
  if (value === null) return [{ ...finding, value, problem: "has no value" }];
  if (issue.code === "custom") return [{ ...finding, value, problem: issue.message }];
  return [{ ...finding, value, problem: `is not ${facts?.noun ?? "what is asked for"}` }];
}

function unknownKey(path: Path, group: unknown): Finding {
  const around = fieldAt(exemptionsSchema, undefined, path.slice(0, -1));
  const names = (around && keysOf(around, group)) ?? [];
  const absent = names.filter((name) => !isGroup(group) || !Object.hasOwn(group, name));
  const suggestion = suggest(String(path.at(-1)), absent);
  const finding: Finding = {
    path,
    problem: "is an unknown key",
    allowed: `keys ${names.join(", ")}`,
    at: "key",
  };
  return suggestion === undefined ? finding : { ...finding, suggestion };
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, part)
        ? (value as Record<string | number, unknown>)[part]
        : undefined,
    root,
  );
}
