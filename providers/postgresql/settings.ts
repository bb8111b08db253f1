/** How a PostgreSQL server is reached, and how one says what it is. */

/** Where and as whom to connect. Nothing is taken from the environment or from files such as ~/.pgpass. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The database to which a connection goes that needs none in particular. */
  readonly database: string;
  readonly sslMode: "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";
  /** Seconds until an unreachable server is an error. */
  readonly connectTimeout: number;
}

/**
 * The setting in which a server says what it is. A sandbox writes it into its own postgresql.conf, so that every
 * connection to any database of that server can read it, and no client has it from elsewhere.
 */
export const MARKER_SETTING = "keybuzz.sandbox";
