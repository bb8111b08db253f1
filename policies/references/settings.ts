/**
 * What a setting's name says about its value: `PGDATABASE` names a database, whoever reads it. Names are those of
 * libpq, of common frameworks, and of KeyBuzz's workloads. What a word is used for decides, never the word: `app`
 * is a database where a setting calls it one, and nothing anywhere else.
 */
import type { ReferenceKind } from "../ownership";

/** What a name says about the value beside it. */
export type SettingKind =
  | Exclude<ReferenceKind, "ses-identity" | "mail-from-domain" | "backend-address">
  | "sender"
  | "session-options"
  /** A domain that mail is sent from. */
  | "mail-domain"
  /** A place in a file system. */
  | "file"
  /** The login of whatever the settings beside it speak of. */
  | "user"
  | "port";

const STORE = "(?:PG|POSTGRES|POSTGRESQL|PSQL|DB|DATABASE|SQL|DATASOURCE)";

const KINDS: readonly (readonly [SettingKind, RegExp])[] = [
  [
    "database",
    new RegExp(
      `(?:^|_)(?:PGDATABASES?|DBNAMES?|DB|DATABASES?|INITIAL_CATALOG|${STORE}_?(?:DB|DATABASES?|DBNAME|NAME|DATABASE_NAME))$`,
    ),
  ],
  [
    "role",
    new RegExp(`(?:^|_)(?:PGUSER|DBUSER|${STORE}_?(?:USER|USERNAME|USER_NAME|USER_ID|ROLE|LOGIN|OWNER))$`),
  ],
  ["mail-domain", /(?:^|_)(?:SES|MAIL|EMAIL)_(?:\w+_)?(?:IDENTITY|DOMAIN)$/],
  ["session-options", /(?:^|_)(?:PG|POSTGRES|POSTGRESQL|DB|DATABASE)_?OPTIONS$/],
  [
    "host",
    /(?:^|_)(?:PGHOST|PGHOSTADDR|(?:\w+_)?HOST(?:NAMES?|ADDR|S)?|DOMAINS?|ENDPOINTS?|ORIGINS?|SERVER_NAME|EXTERNAL_NAME)$/,
  ],
  ["port", /(?:^|_)\w*PORT$/],
  ["namespace", /(?:^|_)NAMESPACES?$/],
  ["vault-role", /(?:^|_)VAULT_(?:\w+_)?ROLE(?:_NAME)?$/],
  ["vault-policy", /(?:^|_)VAULT_(?:\w+_)?POLIC(?:Y|IES)$/],
  ["vault-path", /(?:^|_)(?:VAULT|KV)_(?:(?!\w*AUTH)\w+_)?(?:PATHS?|PREFIX|ENTRY|ENTRIES|KEY)$/],
  ["sender", /(?:^|_)(?:(?:FROM|SENDER)(?:_E?MAIL)?(?:_ADDRESS(?:ES)?)?|REPLY_TO|RETURN_PATH)$/],
  ["ses-configuration-set", /(?:^|_)CONFIGURATION_?SET(?:_NAME)?$/],
  ["sns-topic", /(?:^|_)TOPIC(?:_NAME|_ARN)?$/],
  ["iam-user", /(?:^|_)IAM_USER(?:_?NAME)?$/],
  ["environment-image", /(?:^|_)IMAGE$/],
  ["file", /(?:^|_)(?:FILE|FILE_?PATH|FILENAME|DIR|DIRECTORY|MOUNT_?PATH|SUB_PATH)$/],
  ["user", /^(?:USER|USERNAME|USER_NAME|LOGIN|ROLE|OWNER)$/],
];

/** Names of settings whose kinds are kept. */
const KEPT = 10_000;
let kept = 0;
/** By the name of what a setting is a setting of, then by its own. */
const known = new Map<string, Map<string, SettingKind | undefined>>();

/** The kind that a setting's name speaks of; undefined for names that say nothing. */
export function settingKind(name: string): SettingKind | undefined {
  return settingKindIn(undefined, name);
}

/** The same for a setting below another: `name` below `database` is a database's name, `name` alone nothing. */
export function settingKindIn(parent: string | undefined, name: string): SettingKind | undefined {
  let siblings = known.get(parent ?? "");
  if (siblings === undefined || kept > KEPT) {
    if (kept > KEPT) [kept] = [0, known.clear()];
    siblings = new Map();
    known.set(parent ?? "", siblings);
  }
  let kind = siblings.get(name);
  if (kind === undefined && !siblings.has(name)) {
    kind = name.length > 100 ? undefined : kindOf(name);
    if (parent !== undefined && (kind === undefined || kind === "user"))
      kind = kindOf(`${parent.slice(-100)}_${name.slice(0, 100)}`) ?? kind;
    siblings.set(name, kind);
    kept += 1;
  }
  return kind;
}

function kindOf(name: string): SettingKind | undefined {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
  return KINDS.find(([, pattern]) => pattern.test(words))?.[0];
}

/** A setting among others. */
export interface Setting {
  readonly key: string;
  /** What it is a setting of: `database` for `database: { name: … }`. */
  readonly parent?: string | undefined;
}

/**
 * The kinds of settings that stand together: a `user` beside a database is a role, `name` below `database` a
 * database's name.
 */
export function settingKinds(settings: readonly Setting[]): readonly (SettingKind | undefined)[] {
  const kinds = settings.map(({ key, parent }) => settingKindIn(parent, key));
  if (!kinds.includes("user")) return kinds;
  const isDatabase = kinds.includes("database");
  return kinds.map((kind) => (kind === "user" ? (isDatabase ? "role" : undefined) : kind));
}

/**
 * The port that belongs to each host among settings that stand together, by position of the host: `API_HOST` and
 * `API_PORT`, `host` and `port`.
 */
export function portsOfHosts(
  settings: readonly (Setting & { readonly value: string })[],
  kinds: readonly (SettingKind | undefined)[],
): ReadonlyMap<number, string> {
  const ports = new Map<string, string>();
  const stem = (key: string): string => key.replace(/(?:host(?:name|addr)?|port)$/i, "").toLowerCase();
  for (const [index, { key, value }] of settings.entries()) {
    if (kinds[index] === "port" && /^\s*\d{1,5}\s*$/.test(value)) ports.set(stem(key), value.trim());
  }
  const found = new Map<number, string>();
  for (const [index, { key }] of ports.size === 0 ? [] : settings.entries()) {
    const port = kinds[index] === "host" ? ports.get(stem(key)) : undefined;
    if (port !== undefined) found.set(index, port);
  }
  return found;
}
