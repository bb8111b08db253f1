/**
 * Settings in texts: .env and properties files, YAML, INI, options (`--dbname=keybuzz_dev`), and variables before a
 * command (`PGDATABASE=keybuzz_dev node x`). Only settings whose names say something are taken; a line that is a
 * comment sets nothing.
 */
import { type Setting, settingKindIn } from "./settings";

/** A setting with its value, as it stands in a text. */
export interface Assignment extends Setting {
  readonly value: string;
}

const LINE = /^(?:export\s|set\s|ENV\s)?["']?([A-Za-z_][\w.-]{0,99})["']?\s?[:=](?!\/\/)(.*)$/s;
const INLINE =
  /(^|[\s,;{([&?"'`-])([A-Za-z_][\w.-]{0,99})["']?\s?([=:])\s?("[^"]*"|'[^']*'|(?![{[])[^\s"',;&|)}\]]+)/g;

interface Parent {
  readonly depth: number;
  readonly key: string;
}

/** The settings of a text, in order. */
export function assignmentsIn(text: string): Assignment[] {
  if (!/[=:]/.test(text)) return [];
  const found: Assignment[] = [];
  const parents: Parent[] = [];
  for (const line of text.split(/[\r\n]+/)) {
    const bare = line.trimStart();
    if (bare === "" || bare.startsWith("#")) continue;
    const item = bare.startsWith("- ") ? bare.slice(2).trimStart() : bare;
    const depth = line.length - item.length;
    const [, key, rest = ""] = LINE.exec(item) ?? [];
    closeParents(parents, line.length - bare.length, item !== bare);
    const parent = parents.at(-1)?.key;
    const value = unquoted(key === undefined ? item : rest);
    // The value of a key may stand below it: a block of text, or a list.
    if (key !== undefined && /^(?:|[>|][+-]?\d?)$/.test(value)) parents.push({ depth, key });
    else if (key !== undefined) found.push({ key, parent, value });
    else if (parent !== undefined) found.push({ key: parent, value });
    found.push(...inline(line));
  }
  return found.filter(({ key, parent }) => settingKindIn(parent, key) !== undefined);
}

/** Leaves the keys that a line stands below. YAML lets the items of a list stand as deep as their key. */
function closeParents(parents: Parent[], depth: number, isItem: boolean): void {
  for (let last = parents.at(-1); last !== undefined; last = parents.at(-1)) {
    if (last.depth < depth || (isItem && last.depth === depth)) return;
    parents.pop();
  }
}

function inline(line: string): Assignment[] {
  return [...line.matchAll(INLINE)].flatMap(([, before = "", key = "", sign, value = ""]): Assignment[] => {
    // In prose a colon sets nothing; in a map in braces it does.
    const isSetting = sign === "=" || /[{,"']/.test(before) || (before === " " && /[{,]/.test(line));
    return isSetting ? [{ key, value: unquoted(value) }] : [];
  });
}

function unquoted(text: string): string {
  const value = text.trim();
  const [quote = ""] = value;
  const end = quote === '"' || quote === "'" ? value.indexOf(quote, 1) : -1;
  if (end > 0 && /^\s*(?:[,;]\s*)?(?:#|$)/.test(value.slice(end + 1))) return value.slice(1, end);
  return value
    .replace(/\s#.*$/s, "")
    .replace(/[,;]$/, "")
    .trimEnd();
}
