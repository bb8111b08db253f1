/**
 * JSON as the official CLI writes it, so that a file that nothing changed stays the same byte for byte: no blanks,
 * the keys of maps in the order of their bytes, and U+2028 and U+2029 escaped. Source: Go's encoding/json.
 */

/** Numbers that JSON cannot tell are not given to this. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** A text as the checkpoint holds it. */
export function quote(text: string): string {
  const quoted = JSON.stringify(text);
  return /[\u2028\u2029]/.test(quoted) ? escaped(quoted, /[\u2028\u2029]/g) : quoted;
}

/** A text as it stands inside an encrypted value: there `<`, `>` and `&` are escaped too. */
export function quoteForHtml(text: string): string {
  const quoted = JSON.stringify(text);
  return /[<>&\u2028\u2029]/.test(quoted) ? escaped(quoted, /[<>&\u2028\u2029]/g) : quoted;
}

function escaped(text: string, characters: RegExp): string {
  return text.replaceAll(
    characters,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The keys of a map in the order in which they are written. */
export function sortedKeys(map: object): string[] {
  const keys = Object.keys(map).sort();
  // Go compares bytes, JavaScript code units; they differ where one key has a surrogate pair.
  return keys.some((key) => /[\ud800-\udfff]/.test(key))
    ? keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : keys;
}

/** Any JSON value in the order that its maps have, for fields that this engine only carries. */
export function carriedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(carriedText).join(",")}]`;
  if (typeof value === "object" && value !== null) return objectText(Object.entries(value));
  if (typeof value === "string") return quote(value);
  return typeof value === "number" ? numberText(value) : String(value);
}

function objectText(entries: readonly (readonly [string, unknown])[]): string {
  return `{${entries.map(([key, item]) => `${quote(key)}:${carriedText(item)}`).join(",")}}`;
}
