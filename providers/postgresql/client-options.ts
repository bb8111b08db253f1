/**
 * What `pg` is told about a connection. Everything that it would otherwise take from PG* variables or ~/.pgpass is
 * given, and given as a value that counts: `pg` looks into the environment for each setting that is empty.
 */
import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import type { ClientConfig } from "pg";
import { ProviderError } from "../../engine/provider/errors";
import type { Configuration } from "./configuration";
import type { ConnectionSettings } from "./settings";

/** Seconds, where the configuration sets no limit. */
const LONGEST_CONNECT = 180;

/**
 * Settings of every session, whatever the login or the database has of its own. Points in time without a zone are in
 * UTC. A change that waited for another one sees what that one did, so it is no repeatable read. Whether transactions are
 * read-only is left as it is: somebody meant that.
 */
const SESSION = [
  "TimeZone=UTC",
  "DateStyle=ISO",
  "search_path=pg_catalog",
  "default_transaction_isolation=read\\ committed",
]
  .map((setting) => `-c ${setting}`)
  .join(" ");

export type Ssl = false | ConnectionOptions;

/** Settings of `pg` that its types do not know. */
interface AllSettings extends ClientConfig {
  readonly replication: string;
  readonly sslnegotiation: "postgres";
}

export function clientOptions(settings: ConnectionSettings, database: string, ssl: Ssl): AllSettings {
  return {
    host: settings.host,
    port: settings.port,
    user: settings.user,
    database,
    // A function, since an empty text would make it look for PGPASSWORD and ~/.pgpass.
    password: () => settings.password,
    ssl,
    sslnegotiation: "postgres",
    replication: "false",
    client_encoding: "UTF8",
    application_name: "kb",
    options: SESSION,
    connectionTimeoutMillis: (settings.connectTimeout || LONGEST_CONNECT) * 1000,
    keepAlive: true,
  };
}

/** How to encrypt, in the order in which it is tried; libpq's meaning of sslmode. */
export function sslChoices({ connection, caFile }: Configuration): readonly [Ssl, ...Ssl[]] {
  const unchecked: Ssl = { rejectUnauthorized: false };
  switch (connection.sslMode) {
    case "disable":
      return [false];
    case "allow":
      return [false, unchecked];
    case "prefer":
      return [unchecked, false];
    case "require":
      return [caFile === undefined ? unchecked : checked(caFile, false)];
    case "verify-ca":
      return [checked(caFile, false)];
    case "verify-full":
      return [checked(caFile, true)];
  }
}

function checked(caFile: string | undefined, byName: boolean): Ssl {
  return {
    rejectUnauthorized: true,
    ...(caFile !== undefined && { ca: certificates(caFile) }),
    ...(!byName && { checkServerIdentity: () => undefined }),
  };
}

function certificates(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ProviderError(`sslrootcert: ${file} cannot be read: ${(error as Error).message}`);
  }
}
