/**
 * What a text names, by the structures that are in it: URLs, connection strings, hosts, paths in Vault, ARNs,
 * addresses of senders, settings, commands, JSON, base64. A name is taken where it stands as one, never as a part of
 * a longer word. The time that a text takes grows with its length, and no faster.
 */
import { assignmentsIn } from "./assignments";
import { isCommandLine, knownWords, shellWords, withoutOption } from "./commands";
import { type Connection, parseKeywords, parseUrl } from "./connections";
import { fromBase64, fromBase64Words, percentDecoded } from "./encodings";
import { jsonIn, jsonNames, jsonParts } from "./json";
import type { Named } from "./named";
import { namedBy } from "./named-by";
import { vaultPath } from "./names";
import { portsOfHosts, type Setting, type SettingKind, settingKind, settingKinds } from "./settings";
import { urlsIn } from "./urls";
import { fromHost, wordNames } from "./words";

/** How often a text may stand in another one: a URL in base64 in JSON in base64 is three. */
const DEEPEST = 8;
/** Longer than Kubernetes, Vault or AWS take. What is behind is not looked at. */
export const LONGEST = 2_097_152;

/** Everything that a text names. `setting` is the name of what it is the value of. */
export function namesIn(text: string, setting?: string): readonly Named[] {
  return namesOf(text, setting === undefined ? undefined : settingKind(setting));
}

/** Characters of texts whose names are kept: the same few texts stand in most resources. */
const KEPT = 2_000_000;
/** Longer texts are seldom the same. */
const LONGEST_KEPT = 2000;
let kept = 0;
const cache = new Map<string, readonly Named[]>();

/** Everything that a text names which is a value of that kind. */
export function namesOf(text: string, kind: SettingKind | undefined): readonly Named[] {
  if (isPlainWord(text, kind)) return [];
  if (text.length > LONGEST_KEPT) return unique(search(text.slice(0, LONGEST), kind, 0));
  const key = `${kind ?? ""}\n${text}`;
  let names = cache.get(key);
  if (names === undefined) {
    names = unique(search(text, kind, 0));
    kept += key.length;
    if (kept > KEPT) {
      cache.clear();
      kept = key.length;
    }
    cache.set(key, names);
  }
  return names;
}

/** Most texts are words that could name anything, at places that say nothing. */
export function isPlainWord(text: string, kind: SettingKind | undefined): boolean {
  return kind === undefined ? text.length < 3 || /^[\w-]{0,11}$/.test(text) : text === "";
}

/** Settings that stand together, with the names that each of them holds. */
export function namesOfGroup(
  settings: readonly (Setting & { readonly value: string })[],
  read: (value: string, kind: SettingKind | undefined) => readonly Named[] = namesOf,
): (readonly Named[])[] {
  const kinds = settingKinds(settings);
  const ports = portsOfHosts(settings, kinds);
  return settings.map(({ value }, index) => {
    const names = read(value, kinds[index]);
    const port = ports.get(index);
    if (port === undefined) return names;
    const hosts = names.filter(({ kind }) => kind === "host");
    const addresses = hosts.map(
      ({ name }) => ({ kind: "backend-address", name: `${name}:${port}` }) as const,
    );
    return [...names, ...addresses];
  });
}

function search(text: string, kind: SettingKind | undefined, depth: number): Named[] {
  if (depth >= DEEPEST || isPlainWord(text, kind)) return [];
  const inner = (value: string, of?: SettingKind): Named[] => search(value, of, depth + 1);
  const json = jsonIn(text);
  if (json !== undefined) {
    return jsonNames(json, kind, inner, (settings) => namesOfGroup(settings, inner).flat());
  }
  return [
    ...(kind === undefined ? [] : namedBy(kind, text)),
    ...urlsIn(text).flatMap((url) => connectionNames(parseUrl(url), inner)),
    ...connectionNames(parseKeywords(text), inner),
    ...encodedUrls(text).flatMap((value) => inner(value)),
    ...wordNames(text, kind),
    ...namesOfGroup(assignmentsIn(text), inner).flat(),
    ...commandNames(text, inner),
    ...jsonParts(text).flatMap((part) => inner(part)),
    ...[...fromBase64(text), ...fromBase64Words(text)].flatMap((value) => inner(value, kind)),
  ];
}

function unique(names: readonly Named[]): Named[] {
  return [...new Map(names.map((name) => [`${name.kind} ${name.name}`, name])).values()];
}

type Inner = (value: string, kind?: SettingKind) => Named[];

function connectionNames(connection: Connection | undefined, inner: Inner): Named[] {
  if (connection === undefined) return [];
  const { hosts, databases, roles, path, query } = connection;
  const [, api] = /(?:^|\/)v1\/+(.*)$/s.exec(path === undefined ? "" : percentDecoded(path)) ?? [];
  const entry = api === undefined ? undefined : vaultPath(api);
  return [
    ...hosts.flatMap((host) => fromHost(host, true)),
    ...databases.map((name) => ({ kind: "database", name }) as const),
    ...roles.map((name) => ({ kind: "role", name }) as const),
    ...(entry === undefined ? [] : [{ kind: "vault-path", name: entry } as const]),
    // A word in a query is no name; a URL in it, or a setting with a telling name, is.
    ...query.flatMap(([key, value]) => {
      const kind = settingKind(key);
      return kind !== undefined || value.includes("://") ? inner(value, kind) : [];
    }),
  ];
}

const ENCODED_URL = /[a-z][a-z0-9+.]{0,20}%(?:25){0,4}3a%(?:25){0,4}2f%(?:25){0,4}2f[^\s"'`<>&]*/gi;

/** URLs that are percent-encoded, once or several times. */
function encodedUrls(text: string): string[] {
  if (!text.includes("%")) return [];
  return (text.match(ENCODED_URL) ?? []).map((url) => {
    let value = url;
    for (let round = 0; round < 5 && !value.includes("://"); round += 1) value = percentDecoded(value);
    return value;
  });
}

function commandNames(text: string, inner: Inner): Named[] {
  if (!isCommandLine(text)) return [];
  const words = shellWords(text);
  return knownWords(words).flatMap(({ index, kind }) => inner(withoutOption(words[index] ?? ""), kind));
}
