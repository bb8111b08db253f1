/** What a `Database` takes. A file of its own, since the component and its rules both speak of it. */
import type { Environment } from "./handles";
import type { Rotation } from "./rotation";

export interface DatabaseArgs {
  environment: Environment;
  /**
   * Physical name of the database; its roles are named after it. Changing it renames database and roles in
   * place, and replaces the schemas' and privileges' records: in production that is refused by protection.
   */
  databaseName: string;
  /** HAProxy's address, as clients use it: a host name or an IPv4 address. Never a node of the cluster. */
  host: string;
  /** HAProxy's port that leads to the writable leader. */
  writePort: number;
  /** HAProxy's port that leads to the replicas. */
  readPort: number;
  /**
   * Connections at a time. `database` caps all of them together; `application` counts per slot, so during a
   * rotation old and new pods share what `database` allows.
   */
  connectionLimits: { database: number; application: number; migration: number; reader: number };
  /** Which of the application's two logins is in use, and whether the other one still works. */
  rotation: Rotation;
  /**
   * Counts up to give the migration or the reader login a new password, at once: neither has a second slot.
   * @default 1 each
   */
  passwordGenerations?: { migration?: number; reader?: number };
  /**
   * Schemas, owned by the owner; also the search path of every role. Removing one drops it if it is empty.
   * @default ["public"]
   */
  schemas?: string[];
  /** Extensions, created in the first schema. @default none */
  extensions?: string[];
  /**
   * Milliseconds after which the server ends a statement, or a transaction that sits idle, of the
   * application and the reader. @default no limit
   */
  timeouts?: { statementMs?: number; idleInTransactionMs?: number };
  /**
   * Collation and character type. Compares by code point, so an upgrade of the server's libc cannot break an
   * index, and knows letters beyond ASCII. Changing it replaces the database; ignored in production.
   * @default "C.UTF-8"
   */
  locale?: string;
}
