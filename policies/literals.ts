/**
 * Numbers, truth values and durations in the spellings in which providers take them: a program may hand over the
 * text `"3600"` where the schema says number, and the configuration of a provider always arrives as text.
 */
import type { Value } from "./value";

/** The number that a value is, or spells; undefined for anything else. */
export function numberOf(value: Value | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^\s*[+-]?\d+(?:\.\d+)?\s*$/.test(value)) return undefined;
  return Number(value);
}

/** What Go's strconv.ParseBool, by which bridged providers read text, takes for true. */
const TRUE: ReadonlySet<string> = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE: ReadonlySet<string> = new Set(["0", "f", "F", "false", "FALSE", "False"]);

export function isTrue(value: Value | undefined): boolean {
  return value === true || value === 1 || (typeof value === "string" && TRUE.has(value));
}

export function isFalse(value: Value | undefined): boolean {
  return value === false || value === 0 || (typeof value === "string" && FALSE.has(value));
}

const SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** Seconds of a duration as Vault takes it: `3600`, `"3600"`, `"1h30m"`, `"7d"`; undefined for anything else. */
export function secondsOf(value: Value | undefined): number | undefined {
  const number = numberOf(value);
  if (number !== undefined || typeof value !== "string") return number;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(value)) return undefined;
  const parts = value.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g);
  return [...parts].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (SECONDS[unit] ?? 0.001), 0);
}

/** Whether a property says nothing: it is left out, or empty, which providers take for left out. */
export function isMissing(value: Value | undefined): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}
