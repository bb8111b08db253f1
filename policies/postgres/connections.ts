/**
 * Connections to PostgreSQL that a resource hands to programs: from settings such as PGHOST and PGPORT, and from
 * connection strings in any text. A setting that could speak of another kind of server counts where something
 * beside it says PostgreSQL.
 */
import { type Connection, parseKeywords, parseUrl } from "../references/connections";
import { hostAndPort } from "../references/names";
import { urlsIn } from "../references/urls";
import { isPhysical, type Resource } from "../resource";
import { eachLeaf, isUnknown, type Path, pathText } from "../value";
import { type SettingName, saysReading, settingName } from "./setting-names";
import { type Setting, settingsOf } from "./settings";

/** What else is known of the servers and databases that connections may lead to. */
export interface Known {
  /** Ports behind which PostgreSQL listens. */
  readonly ports: readonly string[];
  /** Hosts at which PostgreSQL listens. */
  readonly hosts: readonly string[];
  readonly isDatabase: (name: string) => boolean;
}

/** Where one connection leads. */
export interface Endpoint {
  /** As written; undefined where a port stands alone. */
  readonly host?: string;
  readonly hostPath: Path;
  /** Undefined where nothing says it. */
  readonly port?: string;
  readonly portPath: Path;
  /**
   * Whether the host may be shown: with a `/` or `@` in a password, what looks like a host or a database may be a
   * part of the password.
   */
  readonly quotable: boolean;
  /** Whether it only reads; a path when that hangs on a value that is not known. */
  readonly reads: boolean | Path;
}

export interface NamedDatabase {
  readonly name: string;
  readonly path: Path;
  /** Whether it may be shown, as in Endpoint. */
  readonly quotable: boolean;
}

export interface Connections {
  readonly endpoints: readonly Endpoint[];
  readonly databases: readonly NamedDatabase[];
  /** Values from elsewhere that say where a connection leads, and are not known. */
  readonly unknown: readonly Path[];
}

export function connectionsOf(resource: Resource, known: Known): Connections {
  const search = new Search(known);
  if (!isPhysical(resource) || resource.type.startsWith("pulumi:")) return search;
  const { groups, unknown } = settingsOf(resource);
  search.unknown.push(...unknown);
  for (const group of groups) search.group(group);
  // A setting's text is known better than as it stands: decoded, and with variables put in.
  const read = new Set(groups.flat().map(({ path }) => pathText(path)));
  eachLeaf(resource.properties, [], (leaf, path) => {
    if (typeof leaf === "string" && mayConnect(leaf) && !read.has(pathText(path)))
      search.text(leaf, path, String(path.at(-1)));
  });
  return search;
}

/** Whether a text may hold a connection string at all: most do not. */
function mayConnect(text: string): boolean {
  return text.length > 8 && (text.includes("=") || /:\s*\/|jdbc:/i.test(text));
}

const POSTGRES_SCHEME = /^(?:postgres|postgresql|pgsql|psql|pg|postgis|timescaledb)(?:\+[\w+]+)?$/;
/** libpq's port for a connection string that says none. */
const DEFAULT_PORT = "5432";
/** Words of libpq and of the JDBC driver. */
const READING_SESSION = /^(?:prefer-standby|standby|read-only|(?:prefer)?secondary)$/i;

/** A setting whose name says which part of a connection it holds. */
interface Part extends Setting, SettingName {
  /** The same for all parts of one connection. */
  readonly connection: string;
}

class Search implements Connections {
  readonly endpoints: Endpoint[] = [];
  readonly databases: NamedDatabase[] = [];
  readonly unknown: Path[] = [];

  constructor(private readonly known: Known) {}

  group(settings: readonly Setting[]): void {
    const parts = settings.flatMap((setting): Part[] => {
      const said = settingName(setting.name);
      if (said === undefined) return [];
      // `PORT` is where a program listens, whatever `PGPORT` beside it says.
      const connection = `${said.stem} ${said.store === "none"}`;
      return [{ ...setting, ...said, connection }];
    });
    const isPostgres = parts.some(({ store }) => store === "postgres");
    for (const name of new Set(parts.map(({ connection }) => connection))) {
      const connection = parts.filter((part) => part.connection === name);
      if (this.#isPostgres(connection, isPostgres)) this.#connection(connection);
    }
    for (const { name, value, path } of settings) {
      if (typeof value === "string") this.text(value, path, name);
      else if (!value.own && isAddress(name)) this.unknown.push(path);
    }
  }

  /** @param beside whether something beside them speaks of PostgreSQL */
  #isPostgres(parts: readonly Part[], beside: boolean): boolean {
    const [first] = parts;
    if (parts.some(({ store }) => store === "postgres")) return true;
    const hasSign = parts.some((part) => this.#isSign(part));
    // Names that say no store mean a connection only together with a host.
    return first?.store === "some" ? beside || hasSign : hasSign && parts.some(({ part }) => part === "host");
  }

  /** Whether a value tells that its connection is one to PostgreSQL. */
  #isSign({ part, value }: Part): boolean {
    if (typeof value !== "string") return false;
    if (part === "port") return this.known.ports.includes(value.trim());
    if (part === "database") return this.known.isDatabase(value.trim());
    if (part === "driver") return /^(?:pg|postgres)/i.test(value.trim());
    return part === "host" && hostsIn(value).some(({ host }) => this.known.hosts.includes(host));
  }

  #connection(parts: readonly Part[]): void {
    const all = (part: Part["part"]): readonly Part[] => parts.filter((each) => each.part === part);
    for (const { value, path } of all("database")) {
      const name = typeof value === "string" ? value.trim() : "";
      // `DATABASE` may hold a connection string, which is read as one.
      if (name === "" || /:\/\/|\$/.test(name)) continue;
      this.databases.push({ name, path, quotable: isPlain(name) });
    }
    const nearest = (part: Part["part"], to: Part): Part | undefined =>
      all(part).find(({ reads }) => reads === to.reads) ?? all(part).find(({ reads }) => !reads);
    const led = new Set<Part>();
    for (const host of all("host")) {
      const port = nearest("port", host);
      if (port !== undefined) led.add(port);
      this.#settingsEndpoint(host, port, readsOf(host, nearest("user", host), nearest("session", host)));
    }
    for (const port of all("port").filter((each) => !led.has(each))) {
      const host = nearest("host", port);
      this.#settingsEndpoint(host, port, readsOf(port, nearest("user", port), nearest("session", port)));
    }
  }

  #settingsEndpoint(host: Part | undefined, port: Part | undefined, reads: Endpoint["reads"]): void {
    const number = typeof port?.value === "string" ? port.value.trim() : undefined;
    const portPath = port?.path ?? host?.path ?? [];
    if (port !== undefined && isUnknown(port.value) && !port.value.own) this.unknown.push(port.path);
    if (host === undefined || isUnknown(host.value)) {
      if (number !== undefined)
        this.endpoints.push({ hostPath: portPath, portPath, port: number, reads, quotable: true });
      return;
    }
    const hostPath = host.path;
    for (const each of hostsIn(host.value)) {
      // What a variable holds is judged where it is set, if its name says what it is.
      if (each.host.includes("$")) {
        if (!isHostVariable(each.host)) this.unknown.push(hostPath);
        continue;
      }
      const own = each.port ?? number;
      this.endpoints.push({
        host: each.host,
        hostPath,
        portPath: each.port === undefined ? portPath : hostPath,
        reads,
        quotable: true,
        ...(own === undefined ? {} : { port: own }),
      });
    }
  }

  /** Connection strings in a text. */
  text(text: string, path: Path, name: string): void {
    if (!mayConnect(text)) return;
    for (const url of urlsIn(text)) {
      if (!POSTGRES_SCHEME.test(url.scheme)) continue;
      // An @ behind the authority: a client may find the password's end elsewhere.
      const quotable = !/[/?#].*@/s.test(url.rest);
      this.#parsed(parseUrl(url), path, saysReading(name), quotable);
      if (hasOpenHost(url.rest)) this.unknown.push(path);
    }
    const keywords = /\b(?:dbname|host|server)\s*=/i.test(text) ? parseKeywords(text) : undefined;
    if (keywords === undefined) return;
    const isPostgres =
      /\bdbname\s*=/i.test(text) ||
      keywords.databases.some(this.known.isDatabase) ||
      keywords.hosts.some(
        ({ host, port }) => this.known.hosts.includes(host) || this.known.ports.includes(port ?? ""),
      );
    if (isPostgres) this.#parsed(keywords, path, saysReading(name), true);
  }

  #parsed(
    { hosts, databases, roles, query }: Connection,
    path: Path,
    saidToRead: boolean,
    quotable: boolean,
  ): void {
    const session = query.find(([key]) => /^target_?(?:session_?attrs|server_?type)$/i.test(key))?.[1] ?? "";
    const reads = saidToRead || roles.some(isReader) || READING_SESSION.test(session);
    for (const each of hosts) {
      this.endpoints.push({
        host: each.host,
        hostPath: path,
        port: each.port ?? DEFAULT_PORT,
        portPath: path,
        reads,
        quotable,
      });
    }
    for (const name of databases) {
      if (!name.includes("$")) this.databases.push({ name, path, quotable: quotable && isPlain(name) });
    }
  }
}

/** Whether a name is made as databases' names are. */
function isPlain(name: string): boolean {
  return /^[\w.-]{1,63}$/.test(name);
}

/** Whether a name is one whose value says where a connection leads. */
function isAddress(name: string): boolean {
  const said = settingName(name);
  return (
    (said?.part === "host" && said.store !== "none") ||
    /(?:PG|POSTGRES\w*|DB|DATABASE)_?(?:\w*_)?(?:URL|URI|DSN)$/i.test(name)
  );
}

/** Whether a variable stands where the host does, and is none that is judged as a host where it is set. */
function hasOpenHost(rest: string): boolean {
  const authority = /^(?:\$[({][^)}]*[)}]|[^/?#$])*/.exec(rest)?.[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return host.includes("$") && !isHostVariable(host.replace(/:[^:]*$/, ""));
}

function isHostVariable(text: string): boolean {
  const [, variable] = /^\$[({](\w+)[)}]$/.exec(text) ?? [];
  return variable !== undefined && settingName(variable)?.part === "host";
}

function readsOf(part: Part, user: Part | undefined, session: Part | undefined): Endpoint["reads"] {
  if (part.reads) return true;
  if (typeof session?.value === "string" && READING_SESSION.test(session.value.trim())) return true;
  if (user === undefined) return false;
  if (isUnknown(user.value)) return user.path;
  return isReader(user.value);
}

/** The read-only group and login of a database are named so. */
function isReader(role: string): boolean {
  return /_(?:ro|read|reader|readonly)$/i.test(role.trim());
}

function hostsIn(text: string): { host: string; port?: string }[] {
  return text.split(",").flatMap((each) => {
    const bare = each.trim();
    return bare === "" ? [] : [hostAndPort(bare) ?? { host: bare }];
  });
}
