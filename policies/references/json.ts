/** JSON in texts: its strings are texts in turn, its keys say what they are. */

import type { Named } from "./named";
import type { Setting, SettingKind } from "./settings";

/** The value of a text that is a JSON object, list or string; undefined for any other text. */
export function jsonIn(text: string): unknown {
  if (!/^\s*[{["]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const OPENING = /[{[]\s?["{[]/;

/** JSON objects and lists that stand in a line of a longer text: `CONFIG={"database": "keybuzz_dev"}`. */
export function jsonParts(text: string): string[] {
  if (!OPENING.test(text)) return [];
  return text.split(/[\r\n]+/).flatMap((line) => {
    const start = line.search(OPENING);
    const end = Math.max(line.lastIndexOf("}"), line.lastIndexOf("]")) + 1;
    const part = start < 0 ? "" : line.slice(start, end);
    return part !== text && jsonIn(part) !== undefined ? [part] : [];
  });
}

type Read = (value: string, kind?: SettingKind) => readonly Named[];
type ReadGroup = (settings: readonly (Setting & { readonly value: string })[]) => readonly Named[];

/** What a JSON value names. Its own kind holds for the strings of a list, not for those of an object. */
export function jsonNames(
  json: unknown,
  kind: SettingKind | undefined,
  read: Read,
  group: ReadGroup,
): Named[] {
  return visit(json, undefined);

  function visit(value: unknown, key: string | undefined): Named[] {
    if (typeof value === "string")
      return [...(key === undefined ? read(value, kind) : group([{ key, value }]))];
    if (Array.isArray(value)) return value.flatMap((item) => visit(item, key));
    if (typeof value !== "object" || value === null) return [];
    const entries = Object.entries(value);
    const settings = entries.flatMap(([name, item]) =>
      typeof item === "string" || typeof item === "number"
        ? [{ key: name, parent: key, value: String(item) }]
        : [],
    );
    const pair = nameAndValue(value);
    return [
      ...group(settings),
      ...(pair === undefined ? [] : group([pair])),
      // A registry's credentials have hosts as keys.
      ...entries.flatMap(([name]) => (/[./:]/.test(name) ? read(name) : [])),
      ...entries.flatMap(([name, item]) => (typeof item === "object" ? visit(item, name) : [])),
    ];
  }
}

/** `{"name": "PGDATABASE", "value": "keybuzz_dev"}` sets what it is named. */
function nameAndValue(value: object): { readonly key: string; readonly value: string } | undefined {
  const { name, value: content } = value as { readonly name?: unknown; readonly value?: unknown };
  return typeof name === "string" && typeof content === "string" ? { key: name, value: content } : undefined;
}
