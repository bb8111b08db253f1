/**
 * Connection strings and other URLs, taken apart: what they name stands in their parts, and nowhere else.
 * `https://x/?q=backend-dev` names the host x; `postgres://u:p@h/keybuzz_dev` a database, a role and a host.
 */
import { hostAndPort, hostName } from "./names";

/** What one URL or connection string names. Never its password. */
export interface Connection {
  readonly hosts: readonly { readonly host: string; readonly port?: string }[];
  /** Whether the rest speaks of a database. */
  readonly database?: string;
  readonly role?: string;
  /** Path of a URL that is no database's, percent-encoded as it stands. */
  readonly path?: string;
  /** Values of its query. */
  readonly query: readonly (readonly [string, string])[];
}

/** Everything in a text that begins like a URL, up to what cannot be part of one. */
export function urlsIn(text: string): string[] {
  return text.match(/\b[a-z][a-z0-9+.-]*:(?:[a-z0-9]+:)?\/\/[^\s"'`<>\\^{}|]+/gi) ?? [];
}

const DATABASE_SCHEMES =
  /^(?:jdbc:)?(?:postgres|postgresql|pgsql|cockroachdb|psql|mysql|pg|edgedb|prisma\+postgres)(?:\+\w+)?$/;

/** Takes a URL apart; undefined when it has no host that could be read. */
export function parseUrl(url: string): Connection | undefined {
  const match = /^([a-z][a-z0-9+.:-]*?):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(url);
  if (match === null) return undefined;
  const [, scheme = "", authority = "", path = "", queryText = ""] = match;
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? undefined : decoded(authority.slice(0, at).split(":", 1)[0] ?? "");
  const hosts = authority
    .slice(at + 1)
    .split(",")
    .flatMap((part) => hostAndPort(decoded(part)) ?? []);
  const query = queryText.split("&").flatMap((pair): [string, string][] => {
    const [key = "", value] = pair.split(/=(.*)/s);
    return value === undefined || value === "" ? [] : [[decoded(key), decoded(value.replace(/\+/g, " "))]];
  });
  const isDatabase = DATABASE_SCHEMES.test(scheme.toLowerCase());
  if (!isDatabase) return { hosts, path, query };
  const named = (name: string): string | undefined => query.find(([key]) => key.toLowerCase() === name)?.[1];
  const database =
    named("dbname") ?? named("database") ?? decoded(path.replace(/^\//, "").split("/", 1)[0] ?? "");
  const role = named("user") ?? user;
  const address = named("host") ?? named("hostaddr");
  const also = address?.split(",").flatMap((part) => hostAndPort(part) ?? []) ?? [];
  return {
    hosts: [...hosts, ...also],
    query,
    ...(database === "" ? {} : { database }),
    ...(role === undefined || role === "" ? {} : { role }),
  };
}

const KEYWORD = /\b(dbname|user|host|hostaddr|port)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s;']+))/gi;

/**
 * Takes a connection string of keywords apart, as libpq and ADO.NET know it: `host=h dbname=d user=u`. Undefined
 * unless at least two of its keywords are there.
 */
export function parseKeywords(text: string): Connection | undefined {
  const found = new Map<string, string>();
  const known = text
    .replace(/\b(?:Database|Initial Catalog)\s*=/gi, "dbname=")
    .replace(/\b(?:Username|User Id|Uid)\s*=/gi, "user=")
    .replace(/\b(?:Server|Data Source)\s*=/gi, "host=");
  for (const [, key = "", quoted, plain] of known.matchAll(KEYWORD)) {
    found.set(key.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? plain ?? "");
  }
  if (found.size < 2) return undefined;
  const [database, role, port] = [found.get("dbname"), found.get("user"), found.get("port")];
  const hosts = [found.get("host"), found.get("hostaddr")].flatMap((names) =>
    (names ?? "").split(",").flatMap((name) => {
      const host = hostName(name);
      return host === undefined ? [] : [{ host, ...(port === undefined ? {} : { port }) }];
    }),
  );
  return {
    hosts,
    query: [],
    ...(database === undefined ? {} : { database }),
    ...(role === undefined ? {} : { role }),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
