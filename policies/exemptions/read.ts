/** Reads a project's exemptions: either the whole file is right, or every mistake in it is told with its place. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Finding, inOrder, type Mistake, shown } from "../../config/mistakes";
import { isGroup } from "../../config/schema/introspect";
import { pathText } from "../value";
import { aYearAfter, isDay } from "./days";
import { parseTerms } from "./parse";
import { EXEMPTIONS_FILE, type Exemption } from "./schema";
import { ExemptionsSource } from "./source";

/** What a file says, or what is wrong with it. */
export type ExemptionsReading =
  | { readonly valid: true; readonly exemptions: readonly Exemption[] }
  | { readonly valid: false; readonly mistakes: readonly Mistake[] };

/**
 * The exemptions in a project's root folder; none when there is no such file.
 *
 * @param today as 2026-12-31, in UTC
 */
export function readExemptions(root: string, today: string): ExemptionsReading {
  let text: string;
  try {
    text = readFileSync(join(root, EXEMPTIONS_FILE), "utf8");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { valid: true, exemptions: [] };
    return { valid: false, mistakes: [ofFile(`cannot be read (${code})`)] };
  }
  return parseExemptions(text, today);
}

/**
 * The exemptions that a text holds. An entry that expires more than a year after `today` is a mistake: at least once
 * a year somebody has to look at it again, and a day beyond that would turn the rule off for good. As days pass, an
 * entry only comes nearer to its end, so a file that is right once stays right.
 *
 * @param today as 2026-12-31, in UTC
 */
export function parseExemptions(text: string, today: string): ExemptionsReading {
  if (saysNone(text)) return { valid: true, exemptions: [] };
  const source = new ExemptionsSource(text);
  const syntax = source.syntaxProblems;
  if (syntax.length > 0) {
    return {
      valid: false,
      mistakes: syntax.map(({ problem, ...position }) => ({ ...ofFile(problem), ...position })),
    };
  }
  let value: unknown;
  try {
    value = source.value;
  } catch (error) {
    // Aliases that name nothing, or that multiply beyond measure.
    return { valid: false, mistakes: [ofFile((error as Error).message)] };
  }
  const parsed = parseTerms(value);
  const findings = [
    ...("findings" in parsed ? parsed.findings : []),
    ...tooFar(value, today),
    ...repeated(value),
  ];
  if ("terms" in parsed && findings.length === 0) {
    const exemptions = parsed.terms.map((terms, index) => ({
      ...terms,
      reason: terms.reason.replace(/\s+/g, " ").trim(),
      index,
      ...source.valuePosition(["exemptions", index]),
    }));
    return { valid: true, exemptions };
  }
  return { valid: false, mistakes: inOrder(findings.map((finding) => located(finding, source))) };
}

/** Whether a text says that there are none, and nothing else: the usual one, for which no library is loaded. */
function saysNone(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*(?:#.*)?$/.test(line));
  return lines.length === 1 && /^exemptions: *\[ *\] *(?: #.*)?$/.test(lines[0] ?? "");
}

/** Entries that would hold for more than a year. */
function tooFar(value: unknown, today: string): Finding[] {
  const last = aYearAfter(today);
  return entriesOf(value).flatMap(({ expires }, index) =>
    typeof expires === "string" && isDay(expires) && expires > last
      ? [
          {
            path: ["exemptions", index, "expires"],
            value: expires,
            problem: "is more than a year away",
            allowed: `${last} or earlier: an exemption is looked at again at least once a year`,
          },
        ]
      : [],
  );
}

/** Entries that are about the same as an earlier one: two ends, or two owners, for one thing. */
function repeated(value: unknown): Finding[] {
  const first = new Map<string, number>();
  return entriesOf(value).flatMap(({ rule, environment, resource, property }, index) => {
    if (rule === undefined) return [];
    const key = JSON.stringify([rule, environment ?? null, resource ?? null, property ?? null]);
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      return [];
    }
    const problem = `is about the same as ${pathText(["exemptions", earlier])}`;
    return [{ path: ["exemptions", index], problem, allowed: "each once", at: "key" as const }];
  });
}

function entriesOf(value: unknown): Record<string, unknown>[] {
  const entries = isGroup(value) && Array.isArray(value.exemptions) ? value.exemptions : [];
  return entries.map((entry: unknown) => (isGroup(entry) ? entry : {}));
}

function ofFile(message: string): Mistake {
  return { file: EXEMPTIONS_FILE, path: "", message };
}

function located(
  { path, value, problem, allowed, suggestion, at }: Finding,
  source: ExemptionsSource,
): Mistake {
  const text = value === undefined || value === null ? undefined : shown(path, value, false);
  return {
    file: EXEMPTIONS_FILE,
    ...(at === undefined || at === "value" ? source.valuePosition(path) : source.keyPosition(path)),
    path: pathText(path),
    ...(text === undefined ? {} : { value: text }),
    message: text === undefined ? problem : `${text} ${problem}`,
    ...(allowed === undefined ? {} : { allowed }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
