/**
 * A mistake in the configuration, and how mistakes are shown: one line each, as compilers do. No secret is ever
 * part of a mistake.
 */
import { distance } from "fastest-levenshtein";
import { PROJECT } from "./names";
import type { Path } from "./schema/introspect";

export interface Mistake {
  /** File to change, as people name it: `Pulumi.dev.yaml`. */
  readonly file?: string;
  /** Line and column, from 1. Absent where the value does not come from the file. */
  readonly line?: number;
  readonly column?: number;
  /** Where in the configuration: `keybuzz:workloads.api.replicas`. Empty for the file as a whole. */
  readonly path: string;
  /** The value seen: as JSON, `[secret]` where it may be one, or what it is where it is no single value. */
  readonly value?: string;
  /** What is wrong, the value seen included. */
  readonly message: string;
  /** What would be right. */
  readonly allowed?: string;
  /** What was probably meant. */
  readonly suggestion?: string;
}

/** A mistake before its place in the file is known. */
export interface Finding {
  readonly path: Path;
  /** The value at the path. */
  readonly value?: unknown;
  /** Completes a sentence that begins with the value, if there is one: `is not an integer`. */
  readonly problem: string;
  readonly allowed?: string;
  readonly suggestion?: string;
  /** What is wrong there: the key itself, that it is missing, or (the rule) its value. @default value */
  readonly at?: "key" | "missing" | "value";
}

const HIDDEN = "[secret]";
// A private key may stand where a certificate should.
const SECRET_KEY = /pass(word|phrase)|secret|token|credential|certificate|(private|access|api|ops)_?-?key/i;
const SECRET_VALUE =
  /^(sk|rk|pk|whsec)_|^(AKIA|ASIA)[A-Z0-9]{16}$|^gh[a-z]_|^hv[sb]\.|-----BEGIN |:\/\/[^/@\s]*:[^/@\s]*@/;
const LONGEST_SHOWN = 60;

/** The value as a mistake may show it. `plain` says that the field takes none but values that are no secrets. */
export function shown(path: Path, value: unknown, plain: boolean): string {
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "a list" : "a group of settings";
  if (typeof value === "string") {
    const named = path.some((key) => typeof key === "string" && SECRET_KEY.test(key));
    if (SECRET_VALUE.test(value) || (named && !plain)) return HIDDEN;
    // A group or a list that could not be read: anything may stand in it.
    if (/^\s*[{[]/.test(value)) return "a text";
    if (value.length > LONGEST_SHOWN) return JSON.stringify(`${value.slice(0, LONGEST_SHOWN)}…`);
  }
  return value === null ? "empty" : JSON.stringify(value);
}

/** A path as Pulumi's `--path` takes it. */
export function pathText(path: Path): string {
  const [first, ...rest] = path;
  if (first === undefined) return "";
  const top = String(first).includes(":") ? String(first) : `${PROJECT}:${first}`;
  const parts = rest.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return top + parts.join("");
}

/** Of the names that exist, the one that was probably meant. */
export function suggest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= least || edits >= candidate.length) continue;
    best = candidate;
    least = edits;
  }
  return best ?? shortened(name, names);
}

/** The only name that begins with what was written: `ssl` for `sslMode`. */
function shortened(name: string, names: readonly string[]): string | undefined {
  const [only, ...others] = names.filter((each) => each.toLowerCase().startsWith(name.toLowerCase()));
  return name.length < 3 || others.length > 0 ? undefined : only;
}

/** Orders mistakes as they stand in the file, those without a line last. */
export function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  const rank = (mistake: Mistake) => [mistake.line ?? Number.MAX_SAFE_INTEGER, mistake.column ?? 0] as const;
  return [...mistakes].sort((one, other) => {
    const [line, column] = rank(one);
    const [otherLine, otherColumn] = rank(other);
    return line - otherLine || column - otherColumn;
  });
}

/** One line per mistake: `Pulumi.dev.yaml:12:5: keybuzz:workloads.api.replicas: "two" is not an integer; …`. */
export function formatMistakes(mistakes: readonly Mistake[]): string {
  return mistakes.map(formatMistake).join("\n");
}

function formatMistake(mistake: Mistake): string {
  const place = mistake.line === undefined ? "" : `:${mistake.line}:${mistake.column ?? 1}`;
  const file = mistake.file === undefined ? [] : [`${mistake.file}${place}`];
  const where = [...file, ...(mistake.path === "" ? [] : [mistake.path])].join(": ");
  const meant =
    mistake.suggestion === undefined ? [] : [`did you mean ${JSON.stringify(mistake.suggestion)}?`];
  const allowed = mistake.allowed === undefined ? [] : [`allowed: ${mistake.allowed}`];
  return `${where === "" ? "" : `${where}: `}${[mistake.message, ...allowed, ...meant].join("; ")}`;
}
