/**
 * What a text names, by the structures that are in it: URLs, connection strings, hosts, paths in Vault, ARNs,
 * addresses of senders, settings one per line, JSON, base64. A name is taken where it stands as one, never as a part
 * of a longer word.
 */
import type { ReferenceKind } from "../ownership";
import { arnReferences } from "./arns";
import { type Connection, parseKeywords, parseUrl, urlsIn } from "./connections";
import { hostAndPort, hostName, mailDomain, vaultPath } from "./names";
import { type SettingKind, settingKind } from "./settings";

/** A name that stands in a text. */
export interface Named {
  readonly kind: ReferenceKind;
  /** In the form in which claims are compared. */
  readonly name: string;
}

/** How often a text may stand in another one: base64 in JSON in base64. */
const DEEPEST = 4;
/** Texts longer than this are looked at up to here. */
const LONGEST = 200_000;

/** Everything that a text names. `setting` is the name of what it is the value of. */
export function namesIn(text: string, setting?: string): readonly Named[] {
  const key = `${setting === undefined ? "" : (settingKind(setting) ?? "")}\n${text}`;
  let names = cache.get(key);
  if (names === undefined) {
    names = unique(
      search(text.slice(0, LONGEST), setting === undefined ? undefined : settingKind(setting), 0),
    );
    if (cache.size >= CACHED) cache.clear();
    if (text.length <= 2000) cache.set(key, names);
  }
  return names;
}

/** The same few texts stand in most resources. What is kept is bounded. */
const CACHED = 20_000;
const cache = new Map<string, readonly Named[]>();

function search(text: string, kind: SettingKind | undefined, depth: number): Named[] {
  if (depth >= DEEPEST || text.length < 2) return [];
  const inner = (value: string, of?: string): Named[] =>
    search(value, of === undefined ? undefined : settingKind(of), depth + 1);
  const structured = fromJson(text, inner);
  if (structured !== undefined) return structured;
  return [
    ...(kind === undefined ? [] : namedBy(kind, text)),
    ...urlsIn(text).flatMap((url) => fromConnection(parseUrl(url), inner)),
    ...fromConnection(text.includes("=") ? parseKeywords(text) : undefined, inner),
    ...tokens(text).flatMap(fromToken),
    ...fromLines(text, inner),
    ...fromBase64(text).flatMap((value) => inner(value)),
  ];
}

function unique(names: readonly Named[]): Named[] {
  const byText = new Map(names.map((name) => [`${name.kind} ${name.name}`, name]));
  return [...byText.values()];
}

/** A whole value of which the setting's name says what it is. */
function namedBy(kind: SettingKind, text: string): Named[] {
  const values = text.split(/[\s,;]+/).filter((value) => value !== "");
  return values.flatMap((value): Named[] => {
    switch (kind) {
      case "host":
        return fromHost(hostAndPort(value));
      case "sender": {
        const domain = mailDomain(value);
        return domain === undefined
          ? []
          : [
              { kind: "ses-identity", name: domain },
              { kind: "mail-from-domain", name: domain },
            ];
      }
      case "vault-path": {
        const path = vaultPath(value.includes("/") ? value : `${value}/`);
        return path === undefined ? [] : [{ kind, name: path }];
      }
      case "iam-user":
      case "vault-policy":
      case "vault-role":
        return [{ kind, name: value.toLowerCase() }];
      default:
        return [{ kind, name: value }];
    }
  });
}

function fromConnection(
  connection: Connection | undefined,
  inner: (value: string, of?: string) => Named[],
): Named[] {
  if (connection === undefined) return [];
  const { hosts, database, role, path, query } = connection;
  const entry = path === undefined || !/^\/v1\//.test(path) ? undefined : vaultPath(path);
  return [
    ...hosts.flatMap(fromHost),
    ...(database === undefined ? [] : [{ kind: "database", name: database } as const]),
    ...(role === undefined ? [] : [{ kind: "role", name: role } as const]),
    ...(entry === undefined ? [] : [{ kind: "vault-path", name: entry } as const]),
    // A word in a query is no name; a URL in it, or a setting with a telling name, is.
    ...query.flatMap(([key, value]) => (/:\/\//.test(value) || settingKind(key) ? inner(value, key) : [])),
  ];
}

/** A host, the service's namespace when it is one of the cluster, and the address when there is a port. */
function fromHost(parsed: { host: string; port?: string } | undefined): Named[] {
  if (parsed === undefined) return [];
  const { host, port } = parsed;
  const [, namespace, third] = host.split(".");
  const inCluster = namespace !== undefined && (third === undefined || third === "svc");
  return [
    { kind: "host", name: host },
    ...(port === undefined ? [] : [{ kind: "backend-address", name: `${host}:${port}` } as const]),
    ...(inCluster ? [{ kind: "namespace", name: namespace } as const] : []),
  ];
}

/** Words of a text: what stands between spaces, quotes, brackets, commas and the signs of options. */
function tokens(text: string): string[] {
  return text
    .split(/[\s"'`<>()[\]{},;|=]+/)
    .filter((token) => /[./:@]/.test(token) && !token.includes("://"));
}

function fromToken(token: string): Named[] {
  if (token.startsWith("arn:")) return arnReferences(token);
  if (token.includes("@")) return [];
  const path = token.includes("/") ? vaultPath(token) : undefined;
  const [authority = ""] = token.replace(/^\/\//, "").split("/");
  // One word is a host only where something says so.
  const host = /[.:]/.test(authority) ? hostAndPort(authority) : undefined;
  return [
    ...(path === undefined ? [] : [{ kind: "vault-path", name: path } as const]),
    ...(host !== undefined && hostName(host.host)?.includes(".") ? fromHost(host) : []),
  ];
}

/** Settings one per line, as in .env, properties and YAML files, and in options: `--dbname=keybuzz_dev`. */
function fromLines(text: string, inner: (value: string, of?: string) => Named[]): Named[] {
  if (!/[=:]/.test(text)) return [];
  return text.split(/[\r\n]+/).flatMap((line) => {
    const match = /^\s*(?:export\s+|-\s+|--?)?["']?([A-Za-z_][\w.-]*)["']?\s*[:=]\s*(.+?)\s*$/.exec(line);
    const [, key, quoted = ""] = match ?? [];
    if (key === undefined || settingKind(key) === undefined) return [];
    return inner(quoted.replace(/^(["'])(.*)\1[,;]?$/, "$2"), key);
  });
}

function fromJson(text: string, inner: (value: string, of?: string) => Named[]): Named[] | undefined {
  if (!/^\s*[{["]/.test(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const visit = (value: unknown, key?: string): Named[] => {
    if (typeof value === "string") return inner(value, key);
    if (Array.isArray(value)) return value.flatMap((item) => visit(item, key));
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, item]) => [
      // A registry's credentials have hosts as keys.
      ...(/[./:]/.test(name) ? inner(name) : []),
      ...visit(item, name),
    ]);
  };
  return visit(parsed);
}

/** Shorter ones are words. */
const SHORTEST_BASE64 = 12;

/** The text that a text is base64 of, in either alphabet, if that is text again. */
export function fromBase64(text: string): string[] {
  const bare = text.replace(/\s+/g, "");
  if (bare.length < SHORTEST_BASE64 || !/^[\w+/-]+={0,2}$/.test(bare)) return [];
  const value = Buffer.from(bare, "base64").toString("utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what has them is no text
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(value) || value === "" ? [] : [value];
}
