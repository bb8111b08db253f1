/**
 * What a setting's name says about its value: `PGDATABASE` names a database, whoever reads it. Names are those of
 * libpq, of common frameworks, and of KeyBuzz's workloads.
 */
import type { ReferenceKind } from "../ownership";

/** What a name says about the value beside it. */
export type SettingKind =
  | Extract<ReferenceKind, "database" | "role" | "namespace" | "vault-policy" | "vault-role" | "iam-user">
  | Extract<ReferenceKind, "ses-configuration-set" | "sns-topic">
  | "vault-path"
  | "host"
  | "sender";

const STORE = "(?:PG|POSTGRES|POSTGRESQL|PSQL|DB|DATABASE|SQL)";

const KINDS: readonly (readonly [SettingKind, RegExp])[] = [
  [
    "database",
    new RegExp(`(?:^|_)(?:PGDATABASE|DBNAME|${STORE}_?(?:DB|DATABASE|DBNAME|NAME|DATABASE_NAME)|DATABASE)$`),
  ],
  ["role", new RegExp(`(?:^|_)(?:PGUSER|DBUSER|${STORE}_?(?:USER|USERNAME|USER_NAME|ROLE|LOGIN))$`)],
  ["host", /(?:^|_)(?:PGHOST|PGHOSTADDR|(?:\w+_)?HOST(?:NAME|ADDR|S)?|DOMAINS?|ENDPOINT|ORIGINS?)$/],
  ["namespace", /(?:^|_)NAMESPACE$/],
  ["vault-role", /(?:^|_)VAULT_(?:\w+_)?ROLE(?:_NAME)?$/],
  ["vault-policy", /(?:^|_)VAULT_(?:\w+_)?POLIC(?:Y|IES)$/],
  ["vault-path", /(?:^|_)(?:VAULT|KV)_(?:\w+_)?(?:PATH|PREFIX|ENTRY)$/],
  ["sender", /(?:^|_)(?:FROM|SENDER|MAIL_FROM|EMAIL_FROM|FROM_EMAIL|FROM_ADDRESS|REPLY_TO)$/],
  ["ses-configuration-set", /(?:^|_)CONFIGURATION_?SET(?:_NAME)?$/],
  ["sns-topic", /(?:^|_)TOPIC(?:_NAME)?$/],
  ["iam-user", /(?:^|_)IAM_USER(?:_NAME)?$/],
];

const known = new Map<string, SettingKind | undefined>();

/** The kind that a setting's name speaks of; undefined for names that say nothing. */
export function settingKind(name: string): SettingKind | undefined {
  if (!known.has(name)) {
    const words = name
      .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
      .replace(/[^A-Za-z0-9]+/g, "_")
      .toUpperCase();
    known.set(name, KINDS.find(([, pattern]) => pattern.test(words))?.[0]);
  }
  return known.get(name);
}
