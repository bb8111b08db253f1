/** Whether what a provider answered has the shape that provider.ts promises. Mistakes come back as text. */
import { isUnknown, type PropertyMap, type PropertyValue } from "../property/values";

/** What is wrong with an answer; undefined when nothing is. */
export type Verdict = string | undefined;

const PROPERTY_DIFF_KINDS: ReadonlySet<unknown> = new Set([
  "add",
  "add-replace",
  "delete",
  "delete-replace",
  "update",
  "update-replace",
]);

/** A map of property values. Values that are not known are allowed in previews alone. */
export function judgeProperties(value: unknown, at: string, unknowns: "allowed" | "refused"): Verdict {
  if (!isPlainMap(value)) return `${at} is ${shapeOf(value)}, and should be a map of properties`;
  return judgeValue(value, at, unknowns);
}

export function judgeId(value: unknown): Verdict {
  if (typeof value !== "string") return `id is ${shapeOf(value)}, and should be a text`;
  if (value === "") return "id is empty";
  return isUnknown(value) ? "id is not known" : undefined;
}

export function judgeFailures(value: unknown): Verdict {
  const right =
    Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        isPlainMap(item) && typeof item.property === "string" && typeof item.reason === "string",
    );
  return right ? undefined : `failures is ${shapeOf(value)}, and should be a list of property and reason`;
}

export function judgeDiff(value: unknown): Verdict {
  if (!isPlainMap(value)) return `it is ${shapeOf(value)}`;
  const { changes, replaces, diffs, detailedDiff = {}, deleteBeforeReplace } = value;
  if (changes !== "none" && changes !== "some" && changes !== "unknown")
    return `changes is ${shapeOf(changes)}, and should be none, some or unknown`;
  if (!isTexts(replaces)) return `replaces is ${shapeOf(replaces)}, and should be a list of texts`;
  if (!isTexts(diffs)) return `diffs is ${shapeOf(diffs)}, and should be a list of texts`;
  if (typeof deleteBeforeReplace !== "boolean")
    return `deleteBeforeReplace is ${shapeOf(deleteBeforeReplace)}, and should be true or false`;
  const right =
    isPlainMap(detailedDiff) &&
    Object.values(detailedDiff).every(
      (diff) => isPlainMap(diff) && PROPERTY_DIFF_KINDS.has(diff.kind) && typeof diff.inputDiff === "boolean",
    );
  return right ? undefined : "detailedDiff has another form than kind and inputDiff by property path";
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

export function isPlainMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The properties without those that are not known, or are no values at all. */
export function knownPart(properties: unknown): PropertyMap {
  if (!isPlainMap(properties)) return {};
  const known = Object.entries(properties).filter(
    ([, value]) => judgeValue(value, "", "refused") === undefined,
  );
  return Object.fromEntries(known) as Record<string, PropertyValue>;
}

function judgeValue(value: unknown, at: string, unknowns: "allowed" | "refused"): Verdict {
  if (typeof value === "string") {
    return unknowns === "refused" && isUnknown(value) ? `${at} is not known outside of a preview` : undefined;
  }
  if (value === null || typeof value === "boolean" || Number.isFinite(value)) return undefined;
  if (!Array.isArray(value) && !isPlainMap(value)) return `${at} is ${shapeOf(value)}`;
  for (const [key, item] of Object.entries(value)) {
    const verdict = judgeValue(item, `${at}.${key}`, unknowns);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** The kind of a value, never the value: it may be a secret. */
export function shapeOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (Number.isNaN(value)) return "no number";
  const names: Record<string, string> = { string: "a text", object: "a map", boolean: "true or false" };
  return names[typeof value] ?? `a ${typeof value}`;
}
