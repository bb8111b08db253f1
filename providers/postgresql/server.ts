/**
 * The way to a server for one request. Every wait ends with the request's time: for a connection, for a lock, for a
 * statement, and for a server that does not answer at all.
 *
 * Changes of one database's catalogue wait for each other: in this process by a queue, among processes by an
 * advisory lock. PostgreSQL answers "tuple concurrently updated" otherwise, when two GRANTs meet on one row. Other
 * tools know nothing of the lock, so a transaction that meets one of theirs is repeated.
 */
import { bulkhead, ExponentialBackoff, handleWhen, type IPolicy, retry } from "cockatiel";
import type { PoolClient } from "pg";
import { ProviderError, UncertainError } from "../../engine/provider/errors";
import type { Connections } from "./connections";
import { isConflict, isLost, problemOf } from "./problem";
import { Session } from "./session";

/** Seconds for a request that brings no limit of its own. */
const DEFAULT_TIMEOUT = 300;
/** Milliseconds that a server gets to report a timeout by itself, before the connection is cut. */
const GRACE = 2_000;
/** Milliseconds to wait for a lock that something else holds. */
const LOCK_WAIT = 60_000;
/** Names our advisory lock: "kb" and a number. */
const LOCK = "SELECT pg_advisory_xact_lock(27490, 1)";
const RETRIES = { maxAttempts: 8, backoff: new ExponentialBackoff({ initialDelay: 50, maxDelay: 1_000 }) };

/** Where in a server, and about what. */
export interface Place {
  /** @default the database of the configuration, where roles and databases are changed */
  readonly database?: string;
  /** For messages: `role "x"`. */
  readonly subject: string;
}

type Work<Result> = (session: Session) => Promise<Result>;

/** One for each database: what changes its catalogue, one after the other. */
export class Queues {
  readonly #queues = new Map<string, IPolicy>();

  of(database: string): IPolicy {
    const queue = this.#queues.get(database) ?? bulkhead(1, Number.POSITIVE_INFINITY);
    this.#queues.set(database, queue);
    return queue;
  }
}

export class Server {
  readonly #deadline: number;

  /** @param timeout seconds; 0 for the provider's own limit */
  constructor(
    private readonly connections: Connections,
    private readonly queues: Queues,
    timeout: number,
  ) {
    this.#deadline = Date.now() + (timeout || DEFAULT_TIMEOUT) * 1000;
  }

  /** The database in which roles and databases are changed. */
  get mainDatabase(): string {
    return this.connections.configuration.connection.database;
  }

  /** The role that the provider logs in as. */
  get user(): string {
    return this.connections.configuration.connection.user;
  }

  /** Whether password hashes can be read, as the configuration says. */
  get superuser(): boolean {
    return this.connections.configuration.superuser;
  }

  /** Reads from one consistent state; repeated when the connection is lost. */
  read<Result>(place: Place, work: Work<Result>): Promise<Result> {
    const transaction = async (session: Session): Promise<Result> => {
      await session.run(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${this.#limits("LOCAL")}`);
      const result = await work(session);
      await session.run("COMMIT");
      return result;
    };
    return this.#explained(place, () => this.#repeated(place, transaction, isLost));
  }

  /**
   * Changes things in one transaction: all of them or none. The work may run again, after a rollback. Without an
   * answer to its commit, it is an UncertainError.
   */
  change<Result>(place: Place, work: Work<Result>): Promise<Result> {
    let committing = false;
    const transaction = async (session: Session): Promise<Result> => {
      committing = false;
      await session.run(`BEGIN; ${this.#limits("LOCAL")}; ${LOCK}`);
      const result = await work(session);
      committing = true;
      await session.run("COMMIT");
      return result;
    };
    const again = (error: Error): boolean => !committing && (isConflict(error) || isLost(error));
    return this.#explained(place, () =>
      this.queues.of(place.database ?? this.mainDatabase).execute(() =>
        this.#repeated(place, transaction, again).catch((error: unknown) => {
          throw committing && isLost(error) ? inDoubt(place, error) : error;
        }),
      ),
    );
  }

  /**
   * Runs statements that cannot stand in a transaction, each for itself, in the main database. When the connection is
   * lost meanwhile, it is an UncertainError.
   */
  command<Result>(place: Place, work: Work<Result>): Promise<Result> {
    return this.#explained(place, () =>
      this.queues.of(this.mainDatabase).execute(() =>
        this.#session(place, async (session) => {
          await session.run(this.#limits("SESSION"));
          try {
            return await work(session);
          } catch (error) {
            throw isLost(error) ? inDoubt(place, error) : error;
          }
        }),
      ),
    );
  }

  /** Closes our own connections to a database, which keep it from being dropped or copied. */
  leave(database: string): Promise<void> {
    return database === this.mainDatabase ? Promise.resolve() : this.connections.leave(database);
  }

  get #remaining(): number {
    return this.#deadline - Date.now();
  }

  #limits(scope: "LOCAL" | "SESSION"): string {
    const remaining = Math.max(1, Math.ceil(this.#remaining));
    const lock = Math.min(remaining, LOCK_WAIT);
    return `SET ${scope} statement_timeout = ${remaining}; SET ${scope} lock_timeout = ${lock}`;
  }

  #session<Result>(place: Place, work: Work<Result>): Promise<Result> {
    const database = place.database ?? this.mainDatabase;
    return this.connections.use(database, async (client) => {
      const timer = setTimeout(() => void cut(client), Math.max(0, this.#remaining) + GRACE);
      try {
        return await work(new Session(client, database));
      } finally {
        clearTimeout(timer);
      }
    });
  }

  /** Tries again what `again` says, as long as there is time. A failure to connect was tried again already. */
  #repeated<Result>(place: Place, work: Work<Result>, again: (error: Error) => boolean): Promise<Result> {
    let connected = false;
    const isWorthIt = (error: Error): boolean =>
      connected && this.#remaining > 0 && !this.connections.cancelled && again(error);
    return retry(handleWhen(isWorthIt), RETRIES).execute(() => {
      connected = false;
      return this.#session(place, (session) => {
        connected = true;
        return work(session);
      });
    });
  }

  async #explained<Result>(place: Place, work: () => Promise<Result>): Promise<Result> {
    try {
      if (this.#remaining <= 0) throw new ProviderError(overdue(place));
      return await work();
    } catch (error) {
      // Also of a request that was cut: what may have been made must not be forgotten.
      if (error instanceof UncertainError) throw error;
      if (this.connections.cancelled) throw new ProviderError(`${place.subject}: the request was cancelled`);
      if (isLost(error) && this.#remaining <= 0) throw new ProviderError(overdue(place));
      throw problemOf(error, place.subject, this.connections.configuration.connection);
    }
  }
}

function overdue({ subject }: Place): string {
  return `${subject}: the time for this request is over: raise customTimeouts, or look for what blocks it in pg_stat_activity`;
}

function inDoubt({ subject }: Place, error: unknown): UncertainError {
  return new UncertainError(
    `${subject}: the connection was lost before the server answered, so the change may have been made or not: run this again, or refresh (${(error as Error).message})`,
  );
}

/** Closes a connection under a server that does not answer. */
async function cut(client: PoolClient): Promise<void> {
  await (client as PoolClient & { end(): Promise<void> }).end();
}
