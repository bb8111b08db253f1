/**
 * Connections to one server, a small pool for each database. Every connection that is opened, to whichever
 * database, must come from a server that says of itself what the first one said; otherwise it is refused before
 * anything else is asked of it. Idle ones are closed soon, since a database with connections cannot be copied.
 */
import { bulkhead, ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { Client, type ClientBase, Pool, type PoolClient } from "pg";
import { ProviderError } from "../../engine/provider/errors";
import type { Target } from "../../engine/provider/provider";
import { clientOptions, type Ssl, sslChoices } from "./client-options";
import type { Configuration } from "./configuration";
import { codeOf, describeServer, isBusy } from "./problem";
import { MARKER_SETTING } from "./settings";

/** Milliseconds. */
const IDLE = 300;
const OLDEST_VERSION = 130_000;
/** Tries that follow the first one, from 0.1 s apart to 2 s: about 6 s in all. */
const RETRIES = { maxAttempts: 6, backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2_000 }) };
/** No encryption here, or no rule of pg_hba.conf for a connection with this one. */
const REFUSES_SSL: readonly string[] = ["ENOSSL", "28000"];

interface Greeting {
  readonly marker: string | null;
  readonly version: number;
}

export class Connections {
  readonly #pools = new Map<string, Pool>();
  /** Opened and not yet closed, so that a cancellation can cut them. */
  readonly #open = new Set<ClientBase>();
  readonly #cancelled = new AbortController();
  readonly #limit;
  readonly #retry = retry(handleWhen(isBusy), RETRIES);
  /** What the first connection said; undefined until there was one. */
  #marker: { readonly said: string | undefined } | undefined;
  #ssl: Promise<Ssl> | undefined;

  constructor(readonly configuration: Configuration) {
    this.#limit = bulkhead(configuration.maxConnections || 20, Number.POSITIVE_INFINITY);
  }

  get cancelled(): boolean {
    return this.#cancelled.signal.aborted;
  }

  /** Asks the server what it is, on a connection to the database of the configuration. */
  async target(): Promise<Target> {
    const { connection } = this.configuration;
    await this.use(connection.database, async () => {});
    return { description: describeServer(connection), marker: this.#marker?.said };
  }

  /** Lends a connection; if the work fails, the connection is closed. Opening one is tried again for some seconds. */
  async use<Result>(database: string, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
    return this.#limit.execute(async () => {
      const client = await this.#retry.execute(() => this.#connect(database), this.#cancelled.signal);
      let failed = true;
      try {
        const result = await work(client);
        failed = false;
        return result;
      } finally {
        client.release(failed);
      }
    }, this.#cancelled.signal);
  }

  /** Closes this provider's own connections to a database. */
  async leave(database: string): Promise<void> {
    const pool = this.#pools.get(database);
    this.#pools.delete(database);
    await pool?.end();
  }

  /** Cuts every connection; whoever waits for an answer gets an error. */
  async cancel(): Promise<void> {
    this.#cancelled.abort();
    await Promise.all([...this.#open].map((client) => cut(client)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.keys()].map((database) => this.leave(database)));
  }

  async #connect(database: string): Promise<PoolClient> {
    if (this.cancelled) throw new ProviderError("the request was cancelled");
    this.#ssl ??= this.#chooseSsl();
    const ssl = await this.#ssl.catch((error: unknown) => {
      this.#ssl = undefined;
      throw error;
    });
    return this.#pool(database, ssl).connect();
  }

  #pool(database: string, ssl: Ssl): Pool {
    const existing = this.#pools.get(database);
    if (existing !== undefined) return existing;
    const pool = new Pool({
      ...clientOptions(this.configuration.connection, database, ssl),
      max: this.configuration.maxConnections || 20,
      idleTimeoutMillis: IDLE,
      allowExitOnIdle: true,
      onConnect: (client) => this.#greet(client, database),
    });
    pool.on("remove", (client) => this.#open.delete(client));
    // An idle connection that breaks is replaced by the next request.
    pool.on("error", () => {});
    this.#pools.set(database, pool);
    return pool;
  }

  /** Refuses a server that is not the one it was, or that is too old. */
  async #greet(client: ClientBase, database: string): Promise<void> {
    this.#open.add(client);
    // A connection that breaks while it is lent fails what is asked on it; without a listener it would end kb too.
    client.on("error", () => {});
    const { rows } = await client.query<Greeting>(
      "SELECT current_setting($1, true) AS marker, current_setting('server_version_num')::int AS version",
      [MARKER_SETTING],
    );
    const [greeting] = rows;
    const said = greeting?.marker || undefined;
    const server = describeServer(this.configuration.connection);
    this.#marker ??= { said };
    if (this.#marker.said !== said) {
      throw new ProviderError(
        `${server}: the server behind database ${JSON.stringify(database)} is not the one that was there before: ${MARKER_SETTING} is ${shown(said)}, and was ${shown(this.#marker.said)}: nothing was sent to it; find out what that address leads to`,
      );
    }
    if (greeting !== undefined && greeting.version < OLDEST_VERSION) {
      throw new ProviderError(`${server} is older than version 13: the local engine does not support it`);
    }
  }

  /** The way to encrypt that the server takes. */
  async #chooseSsl(): Promise<Ssl> {
    const [first, second] = sslChoices(this.configuration);
    return second !== undefined && (await this.#refusesSsl(first)) ? second : first;
  }

  async #refusesSsl(ssl: Ssl): Promise<boolean> {
    const { connection } = this.configuration;
    const client = new Client(clientOptions(connection, connection.database, ssl));
    client.on("error", () => {});
    try {
      await client.connect();
      return false;
    } catch (error) {
      if (REFUSES_SSL.includes(codeOf(error))) return true;
      throw error;
    } finally {
      await client.end();
    }
  }
}

function shown(marker: string | undefined): string {
  return marker === undefined ? "not set" : JSON.stringify(marker);
}

/** Ends a connection at once; one with a statement under way is cut. */
async function cut(client: ClientBase): Promise<void> {
  await (client as ClientBase & Pick<Client, "end">).end();
}
