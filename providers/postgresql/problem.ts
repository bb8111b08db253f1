/**
 * What a server or the way to it answers instead of a result, in words: which server, what went wrong, what to do.
 * Messages hold names and the server's own text, never a password: statements are not quoted, and passwords are
 * sent as verifiers only.
 */
import { ProviderError } from "../../engine/provider/errors";
import type { ConnectionSettings } from "./settings";

/** A problem with the code by which it is decided on: an SQLSTATE, or Node's name of a network error. */
export class PostgresProblem extends ProviderError {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
    this.name = "PostgresProblem";
  }
}

const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);
/** The connection went away: admin_shutdown, crash_shutdown, and the class of connection exceptions. */
const LOST = /^(?:57P01|57P02|08...)$/;
const LOST_MESSAGE = /^Connection terminated|^Client has encountered a connection error|not queryable/;

/** What to do about an SQLSTATE whose message alone does not say it. */
const ADVICE: Readonly<Record<string, string>> = {
  "25006":
    "transactions are read-only there: if it is not the leader, point host and port to the leader, such as HAProxy's write port; else default_transaction_read_only is on for it, for the database or for the provider's role",
  "28000": "no rule of its pg_hba.conf lets this role in from here: check sslmode, or add a rule",
  "3D000": "create the database first, or make this resource depend on it",
  "42501": "the provider's role may not do this: connect as the owner, or as a superuser",
  "42704": "create it first, or make this resource depend on it",
  "53300": "all its connections are taken: end some, or lower maxConnections",
  "55000":
    "a database with allowConnections: false lets nobody look into it: set that to true while something in it is read or changed",
  "55P03": "something else holds a lock on it: look into pg_locks, then run this again",
  "57014":
    "the time for this request is over: raise customTimeouts, or look for what blocks it in pg_stat_activity",
  "57P03": "it is starting or shutting down: run this again",
  ENOSSL: "set sslmode to disable if its network is trusted, or give the server a certificate",
};

/** Where PostgreSQL finds that a role or a database has its connections; it has SQLSTATE 53300 for a full server, too. */
const LIMITS: readonly unknown[] = ["InitializeSessionUserId", "CheckMyDatabase"];
const LIMITED = "its connection limit is reached: raise it, end some connections, or lower maxConnections";

export function isLost(error: unknown): boolean {
  return LOST.test(codeOf(error)) || NETWORK.has(codeOf(error));
}

/** Whether it may work in a moment, with nothing done so far. */
export function isBusy(error: unknown): boolean {
  // A server that did not answer for the whole connect timeout had its chance.
  return (isLost(error) && codeOf(error) !== "ETIMEDOUT") || ["53300", "57P03"].includes(codeOf(error));
}

/** Whether a transaction ran into another one and was rolled back, so that it can be tried again. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  if (code === "40001" || code === "40P01") return true;
  return code === "XX000" && /tuple concurrently (?:updated|deleted)/.test((error as Error).message);
}

/** The code of an error of `pg`, of the network, or of ours. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if ("code" in error && typeof error.code === "string") return error.code;
  if (/does not support SSL/.test(error.message)) return "ENOSSL";
  if (/connection timeout|^timeout expired/.test(error.message)) return "ETIMEDOUT";
  return LOST_MESSAGE.test(error.message) ? "ECONNRESET" : "";
}

export function describeServer({ host, port }: ConnectionSettings): string {
  return `PostgreSQL at ${host}:${port}`;
}

/** @param subject what the request is about: `role "x"` */
export function problemOf(error: unknown, subject: string, settings: ConnectionSettings): Error {
  // Ours say already what is wrong; anything without a code is a mistake in this provider.
  if (error instanceof ProviderError || !(error instanceof Error)) return error as Error;
  const code = codeOf(error);
  if (code === "" && !(error instanceof AggregateError)) return error;
  const server = describeServer(settings);
  if (code === "28P01") {
    const refused = `${server} refuses the password of role ${JSON.stringify(settings.user)}`;
    return new PostgresProblem(`${subject}: ${refused}: give the provider the right one`, code);
  }
  if (isLost(error)) {
    const text = error.message || code;
    return new PostgresProblem(`${subject}: ${server} cannot be reached: ${text}: is it running?`, code);
  }
  const isLimited = code === "53300" && "routine" in error && LIMITS.includes(error.routine);
  const advice = isLimited ? LIMITED : ADVICE[code];
  const state = /^[0-9A-Z]{5}$/.test(code) ? `SQLSTATE ${code}` : code;
  const text = `${subject}: ${server} says: ${error.message} (${state})`;
  return new PostgresProblem(advice === undefined ? text : `${text}: ${advice}`, code);
}
