/**
 * What the name of a setting says about a connection to a database: `PGHOST`, `DB_READ_PORT`, `databaseUser`. Names
 * are those of libpq and of common frameworks.
 */

/** A part of a connection. */
export type ConnectionPart = "host" | "port" | "user" | "database" | "session" | "driver";

/** Which server a name speaks of: PostgreSQL for sure, some database, or nothing that it says. */
export type Store = "postgres" | "some" | "none";

export interface SettingName {
  readonly part: ConnectionPart;
  readonly store: Store;
  /** What settings of one connection have in common, without what says that it only reads. */
  readonly stem: string;
  /** Whether the name says that the connection only reads: `DB_READ_HOST`. */
  readonly reads: boolean;
}

const PARTS: readonly (readonly [ConnectionPart, readonly string[]])[] = [
  ["host", ["HOST", "HOSTS", "HOSTNAME", "HOSTADDR", "ADDR", "ADDRESS", "SERVER", "ENDPOINT"]],
  ["port", ["PORT"]],
  ["user", ["USER", "USERNAME", "LOGIN", "ROLE"]],
  ["session", ["TARGETSESSIONATTRS", "ATTRS"]],
  ["driver", ["DRIVER", "CLIENT", "DIALECT", "TYPE", "ENGINE", "ADAPTER"]],
  ["database", ["DBNAME", "DATABASE", "DB", "NAME"]],
];
const PART_OF = new Map(PARTS.flatMap(([part, words]) => words.map((word) => [word, part] as const)));

const POSTGRES: ReadonlySet<string> = new Set(["PG", "POSTGRES", "POSTGRESQL", "PSQL", "PGSQL"]);
const STORES: ReadonlySet<string> = new Set(["DB", "DATABASE", "SQL", "DATASOURCE"]);
const READERS: ReadonlySet<string> = new Set([
  "READ",
  "READS",
  "READER",
  "READERS",
  "READONLY",
  "RO",
  "REPLICA",
  "REPLICAS",
  "STANDBY",
  "SECONDARY",
]);

/** What a name with such a word holds is none of this, and is never to be shown. */
const SECRET = /^(?:PASS\w*|PWD|SECRETS?|TOKENS?|KEYS?|CERTS?|CERTIFICATES?|CREDENTIALS?)$/;

/** `PGHOST` and `DBHOST` are two words. */
const JOINED =
  /^(PGSQL|POSTGRESQL|POSTGRES|PSQL|PG|DATABASE|DB)(HOST(?:S|NAME|ADDR)?|PORT|USER(?:NAME)?|DATABASE|DBNAME|DB|TARGETSESSIONATTRS|PASSWORD|NAME)$/;

/** The same few names stand in most resources. What is kept is bounded. */
const KEPT = 10_000;
const known = new Map<string, SettingName | undefined>();

/** What a name says; undefined when it names no part of a connection. */
export function settingName(name: string): SettingName | undefined {
  if (!known.has(name)) {
    if (known.size >= KEPT) known.clear();
    known.set(name, read(name));
  }
  return known.get(name);
}

function read(name: string): SettingName | undefined {
  const words = wordsOf(name);
  const at = partIn(words);
  const part = PART_OF.get(words[at] ?? "");
  if (part === undefined || words.some((word) => SECRET.test(word))) return undefined;
  // `DATABASE_URL` and `DB_POOL_SIZE` speak of a database, and name none.
  if (part === "database" && !words.slice(at + 1).every((word) => READERS.has(word) || /^\d+$/.test(word))) {
    return undefined;
  }
  const label = words.filter((_, index) => index !== at);
  const [store] = label.filter((word) => POSTGRES.has(word) || STORES.has(word));
  // `NAME` names everything there is, unless a store is said; so do `USER` and the like, which then say nothing.
  if (words[at] === "NAME" && store === undefined) return undefined;
  const stem = label.filter(
    (word) => !READERS.has(word) && word !== "ONLY" && word !== "SESSION" && word !== "TARGET",
  );
  return {
    part,
    store: label.some((word) => POSTGRES.has(word)) ? "postgres" : store === undefined ? "none" : "some",
    stem: stem.filter((word) => !POSTGRES.has(word) && !STORES.has(word)).join("_"),
    reads: label.some((word) => READERS.has(word)),
  };
}

/** Whether a name says that what it holds is for reading: `DATABASE_READ_URL`. */
export function saysReading(name: string): boolean {
  return wordsOf(name).some((word) => READERS.has(word));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => word !== "")
    .flatMap((word) => JOINED.exec(word)?.slice(1) ?? [word]);
}

/** The last word that names a part; `NAME` behind one only says so: `DB_HOST_NAME`. */
function partIn(words: readonly string[]): number {
  const last = words.findLastIndex((word) => PART_OF.has(word));
  if (words[last] !== "NAME") return last;
  const before = words.slice(0, last).findLastIndex((word) => ["HOST", "USER", "SERVER"].includes(word));
  return before < 0 ? last : before;
}
