/**
 * Secrets in a text: by their form, by the name of the setting that they are the value of, and by looking random.
 * What is found is told by its form and by the setting's name, never by the value or a part of it.
 */
import { assignmentsIn, unquoted } from "./assignments";
import { formsIn } from "./forms";
import { isChecksum, isHarmless, isIdentifier, isTemplate } from "./harmless-values";
import { looksRandom } from "./randomness";
import { meaningOf, wordsOf } from "./setting-names";

export interface FoundSecret {
  /** What it is, with its article: `a GitHub token`. */
  readonly form: string;
  /** Name of the setting inside of the text, if one says so. */
  readonly setting?: string;
  /** A token of Vault, or a key that unseals it. */
  readonly vault: boolean;
}

/** What is known of the place where a text stands. */
export interface Place {
  /** The setting that it is the value of. */
  readonly name?: string;
  /** In labels and annotations names of Secrets stand as `…-secret: name`. */
  readonly holdsNames?: boolean;
  /** Only what gives itself away by its form: nothing is known of what stands there. */
  readonly formsOnly?: boolean;
}

/** How often a text may stand in another one: base64 in JSON in base64. */
const DEEPEST = 4;
const LONGEST = 200_000;

/** The secrets in a text; each form and setting once. */
export function secretsIn(text: string, place: Place = {}): readonly FoundSecret[] {
  const { name = "", holdsNames = false, formsOnly = false } = place;
  const key = formsOnly ? text : `${name}\n${holdsNames}\n${text}`;
  let found = cache.get(key);
  if (found === undefined) {
    found = unique(search(text.slice(0, LONGEST), place, 0));
    if (cache.size >= CACHED) cache.clear();
    if (text.length <= 2000) cache.set(key, found);
  }
  return found;
}

/** Environments hold the same few texts, and two rules ask. */
const CACHED = 5000;
const cache = new Map<string, readonly FoundSecret[]>();

function search(text: string, place: Place, depth: number): FoundSecret[] {
  const value = unquoted(text);
  if (depth >= DEEPEST || value === "") return [];
  const inner = (part: string, name?: string): FoundSecret[] =>
    search(part, within(place, name), depth + 1).map((found) => named(found, name));
  const structured = fromJson(value, inner);
  if (structured !== undefined) return structured;
  const meaning = place.name === undefined ? "plain" : meaningOf(place.name);
  if (meaning === "vault" && !place.formsOnly && !isSwitchedOff(value)) {
    return [{ form: "a Vault token or unseal key", vault: true }];
  }
  const inText = [
    ...formsIn(value)
      .filter(({ mayBePublic }) => !(mayBePublic && meaning === "public"))
      .map(({ name, vault }) => ({ form: name, vault: vault ?? false })),
    ...passwordsInUrls(value),
    ...decodedText(value).flatMap((decoded) => fromDecoded(decoded, place, inner)),
    ...(place.formsOnly ? [] : fromAssignments(value, inner)),
  ];
  if (inText.length > 0 || place.formsOnly) return inText;
  return byItself(value, place, depth);
}

/** A value that is a secret as a whole, by its name or because it looks random. */
function byItself(value: string, { name, holdsNames }: Place, depth: number): FoundSecret[] {
  const meaning = name === undefined ? "plain" : meaningOf(name);
  if (meaning === "public" || isHarmless(value)) return [];
  if (meaning === "checksum" && isChecksum(value)) return [];
  if (meaning === "secret" || (meaning === "checksum" && name !== undefined && isCalledSecret(name))) {
    const isName = holdsNames === true && namesSecret(name ?? "", value) && !looksRandom(value);
    if (isName || (depth > 0 && isProse(value, name))) return [];
    return [{ form: "a value that its name calls secret", vault: false }];
  }
  if (meaning !== "plain" || isIdentifier(value) || !looksRandom(value)) return [];
  // Text in base64 was looked at as text.
  if (decodedText(value).length > 0) return [];
  return [{ form: "random text as long as a key", vault: false }];
}

/** Inside of a file or a command only names say what a bare word is. */
function fromAssignments(text: string, inner: (part: string, name?: string) => FoundSecret[]): FoundSecret[] {
  return assignmentsIn(text).flatMap(({ name, value }) => {
    const meaning = meaningOf(name);
    return meaning === "secret" || meaning === "vault" ? inner(value, name) : [];
  });
}

/** `checksum/…-password`: what stands there is a checksum, or it is what the rest of the name says. */
function isCalledSecret(name: string): boolean {
  const rest = wordsOf(name).filter((word) => word !== "CHECKSUM");
  return rest.length > 0 && meaningOf(rest.join("_")) === "secret";
}

/** Labels and annotations name Secrets, `…/auth-secret: namespace/name`, and places where secrets are kept. */
function namesSecret(name: string, value: string): boolean {
  const isObject = /^(?:SECRETS?|CREDENTIALS?)$/.test(wordsOf(name).at(-1) ?? "");
  return isObject
    ? /^(?:[a-z0-9-]+\/)?[a-z0-9][a-z0-9.-]*$/.test(value)
    : /^[a-z0-9-]+(?:\/[a-z0-9._-]+)+$/.test(value);
}

/** Labels of fields, and sentences about them: `{"password": "Your password"}`. */
function isProse(value: string, name: string | undefined): boolean {
  const words = wordsOf(name ?? "").map((word) => word.toLowerCase());
  return /\s/.test(value) || words.includes(value.toLowerCase());
}

function isSwitchedOff(value: string): boolean {
  return /^(?:|true|false|none|null)$/i.test(value);
}

/** `auth` of a registry's and of npm's configuration is base64 of a user and a password. */
function fromDecoded(
  decoded: string,
  { name }: Place,
  inner: (part: string, name?: string) => FoundSecret[],
): FoundSecret[] {
  const isAuth = name !== undefined && wordsOf(name).at(-1) === "AUTH" && /^[^:\s]+:\S+$/.test(decoded);
  return isAuth ? [{ form: "basic credentials", vault: false }] : inner(decoded, name);
}

/** The user information of a web address ends at the path; passwords in other URLs are often not escaped. */
const WEB_USER = /\b(?:https?|wss?|ftp):\/\/([^\s/?#"'`<>]*)@[^\s@]/gi;
const OTHER_USER = /\b(?!https?:|wss?:|ftp:)[a-z][a-z0-9+.-]{1,30}:\/\/([^\s"'`<>]*)@[^\s@]/gi;

/** URLs with a password in their user information that is no reference. */
function passwordsInUrls(text: string): FoundSecret[] {
  if (!text.includes("://")) return [];
  for (const [, user = ""] of [...text.matchAll(WEB_USER), ...text.matchAll(OTHER_USER)]) {
    const [, password = ""] = /^[^:/]*:(.*)$/s.exec(user) ?? [];
    const isPort = /^\d{1,5}(?:[/?]|$)/.test(password) && /[/?]/.test(password);
    if (!isPort && password !== "" && !isTemplate(decodeComponent(password))) {
      return [{ form: "a URL with a password", vault: false }];
    }
  }
  return [];
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Base64 of text is as clear as text, and less random than it looks. */
function decodedText(text: string): string[] {
  const bare = text.replace(/\s+/g, "");
  if (bare.length < 12 || !/^[\w+/-]+={0,2}$/.test(bare)) return [];
  const value = Buffer.from(bare, "base64").toString("utf8");
  return /^[\t\r\n\x20-\x7e]+$/.test(value) ? [value] : [];
}

function fromJson(
  text: string,
  inner: (part: string, name?: string) => FoundSecret[],
): FoundSecret[] | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const visit = (value: unknown, name?: string): FoundSecret[] => {
    if (typeof value === "string" || typeof value === "number") return inner(String(value), name);
    if (Array.isArray(value)) return value.flatMap((item) => visit(item, name));
    if (typeof value !== "object" || value === null) return [];
    const pair = value as { readonly name?: unknown; readonly value?: unknown };
    return Object.entries(value).flatMap(([key, item]) =>
      visit(item, key === "value" && typeof pair.name === "string" ? pair.name : key),
    );
  };
  return visit(parsed);
}

function within({ holdsNames, formsOnly }: Place, name: string | undefined): Place {
  return {
    ...(name === undefined ? {} : { name }),
    ...(holdsNames === undefined ? {} : { holdsNames }),
    ...(formsOnly === undefined ? {} : { formsOnly }),
  };
}

/** A name is told only when it is one, and gives nothing away itself. */
export function isTellable(name: string): boolean {
  return /^[\w./-]{1,100}$/.test(name) && !looksRandom(name) && formsIn(name).length === 0;
}

function named(found: FoundSecret, name: string | undefined): FoundSecret {
  if (name === undefined || found.setting !== undefined || !isTellable(name)) return found;
  return { ...found, setting: name };
}

function unique(found: readonly FoundSecret[]): FoundSecret[] {
  return [...new Map(found.map((each) => [`${each.form} ${each.setting ?? ""}`, each])).values()];
}
