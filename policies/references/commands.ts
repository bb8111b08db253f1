/**
 * Commands: options whose value is the next word (`--dbname keybuzz_dev`), and the tools of PostgreSQL, whose short
 * options and positions have meanings of their own. Source: PostgreSQL 17, client applications.
 */
import { type SettingKind, settingKind } from "./settings";

/** A word of a command of which something says what it is. */
export interface KnownWord {
  readonly index: number;
  readonly kind: SettingKind;
}

const TOOL =
  /^(?:psql|pg_dump|pg_restore|pg_isready|pgbench|createdb|dropdb|createuser|dropuser|vacuumdb|reindexdb|clusterdb|pgcli)$/;

const SHORT: Readonly<Record<string, SettingKind>> = {
  "-d": "database",
  "-U": "role",
  "-h": "host",
  "-O": "role",
  "--username": "role",
  "--owner": "role",
};

/** Options of these tools that take a value which names nothing. */
const OTHER_VALUE = /^-[pcfvFPRTntjEZLoKIs]$/;

/** Tools that take a role where others take a database. */
const OF_ROLES = /^(?:createuser|dropuser)$/;

/** Words of a command that an option, or the tool, says the kind of. */
export function knownWords(words: readonly string[]): KnownWord[] {
  const known: KnownWord[] = [];
  let tool: string | undefined;
  let position = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    const name = word.slice(word.lastIndexOf("/") + 1);
    if (/^[;|&]+$/.test(word)) tool = undefined;
    else if (TOOL.test(name) && tool === undefined) [tool, position] = [name, 0];
    else if (!word.startsWith("-")) {
      if (tool === undefined) continue;
      const kind = positional(tool, position);
      position += 1;
      if (kind !== undefined) known.push({ index, kind });
    } else {
      const next = words[index + 1];
      const attached = tool === undefined ? undefined : SHORT[word.slice(0, 2)];
      const kind = kindOf(word, tool, next);
      if (kind !== undefined && next !== undefined && !next.startsWith("-")) {
        known.push({ index: index + 1, kind });
        index += 1;
      } else if (attached !== undefined && word.length > 2 && word[1] !== "-") {
        known.push({ index, kind: attached });
      } else if (tool !== undefined && OTHER_VALUE.test(word)) index += 1;
    }
  }
  return known;
}

/** What the value of `-dkeybuzz_dev` is, without the option. */
export function withoutOption(word: string): string {
  return /^-\w/.test(word) ? word.slice(2) : word;
}

function kindOf(option: string, tool: string | undefined, value = ""): SettingKind | undefined {
  if (tool !== undefined && SHORT[option] !== undefined) return SHORT[option];
  // `-d` means many things; a name of several words beside it means one.
  if (option === "-d") return /\w[_-]\w/.test(value) ? "database" : undefined;
  return option.startsWith("--") && !option.includes("=") ? settingKind(option.slice(2)) : undefined;
}

function positional(tool: string, position: number): SettingKind | undefined {
  if (OF_ROLES.test(tool)) return position === 0 ? "role" : undefined;
  if (tool === "pg_restore" || position > 1) return undefined;
  return position === 0 ? "database" : "role";
}

/** The words of a command line, without their quotes; signs between commands are words. */
export function shellWords(text: string): string[] {
  const words = text.match(/[;|&\n]+|(?:"[^"]*"|'[^']*'|[^\s;|&"'])+/g) ?? [];
  return words.map((word) => (/^[\n;|&]+$/.test(word) ? ";" : word.replace(/["']/g, "")));
}

/** Whether a text could be a command with options, so that it is worth its words. */
export function isCommandLine(text: string): boolean {
  return (
    /\s--?[a-zA-Z]/.test(text) ||
    /(?:^|[\s/])(?:psql|pg_\w+|createdb|dropdb|createuser|vacuumdb)\s/.test(text)
  );
}
