/**
 * Connection strings and other URLs, taken apart: what they name stands in their parts, and nowhere else.
 * `https://x/?q=backend-dev` names the host x; `postgres://u:p@h/keybuzz_dev` a database, a role and a host.
 */
import { percentDecoded } from "./encodings";
import { type HostAndPort, hostAndPort, urlHost } from "./names";
import { isSpecial, type UrlText } from "./urls";

/** What one URL or connection string names. Never its password. */
export interface Connection {
  readonly hosts: readonly HostAndPort[];
  readonly databases: readonly string[];
  readonly roles: readonly string[];
  /** Path of a URL that is no database's, percent-encoded as it stands. */
  readonly path?: string;
  /** Its query, decoded once. */
  readonly query: readonly (readonly [string, string])[];
}

const DATABASE =
  /^(?:postgres|postgresql|pgsql|psql|pg|postgis|timescaledb|cockroachdb|cockroach|redshift|edgedb|mysql|mariadb)(?:\+[\w+]+)?$/;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", ws: "80", https: "443", wss: "443" };

/** What may stand behind a URL in a text and belongs to the text. */
const BEHIND = /[\\,;)\]}|].*$/s;

/** Takes a URL apart. */
export function parseUrl({ scheme, rest }: UrlText): Connection {
  const authority = (isSpecial(scheme) ? /^[^/?#\\]*/ : /^[^/?#]*/).exec(rest)?.[0] ?? "";
  const [, path = "", queryText = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(rest.slice(authority.length)) ?? [];
  const query = queryText.split(/[&;]/).flatMap((pair): [string, string][] => {
    const equals = pair.indexOf("=");
    if (equals < 0 || equals === pair.length - 1) return [];
    const value = pair.slice(equals + 1).replaceAll("+", " ");
    return [[percentDecoded(pair.slice(0, equals)), percentDecoded(value)]];
  });
  if (DATABASE.test(scheme)) return databaseConnection(rest, authority, path, query);
  const port = DEFAULT_PORTS[scheme];
  const hosts = authoritiesOf(scheme, authority, rest)
    .flatMap(hostsOf)
    .map((host) => ({ ...(port === undefined ? {} : { port }), ...host }));
  const read = isSpecial(scheme) ? path.replaceAll("\\", "/") : path;
  return { hosts, databases: [], roles: [], path: read, query };
}

/** Clients disagree where an authority with a backslash ends: each reading counts. */
function authoritiesOf(scheme: string, authority: string, rest: string): string[] {
  const other = isSpecial(scheme) ? (/^[^/?#]*/.exec(rest)?.[0] ?? "") : authority;
  return other === authority || !other.includes("@") ? [authority] : [authority, other];
}

/** The hosts of an authority; several where a client may choose. */
function hostsOf(authority: string): HostAndPort[] {
  const [first = "", ...more] = authority.slice(authority.lastIndexOf("@") + 1).split(",");
  return [first, ...more].flatMap((part) => {
    const [bare = ""] = /^(?:\[[^\]]*\]|[^,;()[\]{}|&=!'"\s\\:]*)(?::\d+(?!\w))?/.exec(part) ?? [];
    return bare === "" ? [] : (hostAndPort(bare, urlHost) ?? []);
  });
}

function databaseConnection(
  rest: string,
  authority: string,
  path: string,
  query: Connection["query"],
): Connection {
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? "" : percentDecoded(authority.slice(0, at).split(":", 1)[0] ?? "");
  const named = (...names: string[]): string[] =>
    query.flatMap(([key, value]) => (names.includes(key.toLowerCase()) ? [value] : []));
  const name = path.replace(/^[/\\]+/, "").split("/", 1)[0] ?? "";
  const roles = [user, ...named("user", "username"), ...named("options").flatMap(sessionRoles)].filter(given);
  const databases = [percentDecoded(name.replace(BEHIND, "")), ...named("dbname", "database")].filter(given);
  const [port] = named("port");
  const addresses = named("host", "hostaddr").flatMap((value) => value.split(","));
  const hosts = [
    ...hostsOf(authority),
    ...addresses.flatMap((each) => hostAndPort(each) ?? []).map((host) => withPort(host, port)),
  ];
  // An unescaped `/`, `?` or `#` in a password ends the authority for some clients, and not for others.
  const last = rest.lastIndexOf("@");
  const other =
    last < authority.length ? undefined : parseUrl({ scheme: "postgres", rest: rest.slice(last + 1) });
  return {
    hosts: [...hosts, ...(other?.hosts ?? [])],
    // A client that is told no database takes the one that is called like the role.
    databases: [...(databases.length === 0 ? roles.slice(0, 1) : databases), ...(other?.databases ?? [])],
    roles,
    query,
  };
}

function given(text: string): boolean {
  return text !== "";
}

function withPort(host: HostAndPort, port: string | undefined): HostAndPort {
  return port === undefined ? host : { port, ...host };
}

/** Roles that a session takes on at its start: `-c role=keybuzz_dev_rw`. */
export function sessionRoles(options: string): string[] {
  return [...options.matchAll(/(?:^|\s|-c|--)role=([^\s'"&,]+)/g)].map(([, role = ""]) => role);
}

/** Keywords of libpq, of ADO.NET and of other clients, by what they mean. */
const KEYWORDS: Readonly<Record<string, "database" | "role" | "host" | "port" | "options">> = {
  dbname: "database",
  database: "database",
  "initial catalog": "database",
  user: "role",
  username: "role",
  "user name": "role",
  "user id": "role",
  userid: "role",
  uid: "role",
  host: "host",
  hostaddr: "host",
  server: "host",
  "data source": "host",
  port: "port",
  options: "options",
};

const KEYWORD =
  /(?<![\w-])(dbname|database|initial catalog|user ?name|user ?id|user|uid|hostaddr|host|server|data source|port|options)\s?=\s?(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|([^\s;'"]+))/gi;

/**
 * Takes a connection string of keywords apart, as libpq and ADO.NET know it: `host=h dbname=d user=u`. Undefined
 * unless at least two of its keywords are there.
 */
export function parseKeywords(text: string): Connection | undefined {
  if (!text.includes("=")) return undefined;
  const found: Record<"database" | "role" | "host" | "port" | "options", string[]> = {
    database: [],
    role: [],
    host: [],
    port: [],
    options: [],
  };
  let count = 0;
  for (const [, key = "", quoted, double, plain] of text.matchAll(KEYWORD)) {
    const meaning = KEYWORDS[key.toLowerCase()];
    if (meaning === undefined) continue;
    found[meaning].push(quoted?.replace(/\\(.)/g, "$1") ?? double ?? plain ?? "");
    count += 1;
  }
  if (count < 2) return undefined;
  const hosts = found.host.flatMap((names) =>
    names.split(",").flatMap((name) => {
      const host = hostAndPort(name.replace(/^tcp:/i, ""));
      return host === undefined ? [] : [withPort(host, found.port[0])];
    }),
  );
  return {
    hosts,
    databases: found.database,
    roles: [...found.role, ...found.options.flatMap(sessionRoles)],
    query: [],
  };
}
