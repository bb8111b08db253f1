/**
 * Secrets are top-level string keys, and `keybuzz:secrets` says which. Finds keys that are named and not set, set
 * and not named, in clear, or encrypted below the top level, where Pulumi would leave them in the state in clear.
 */
import { type Finding, suggest } from "./mistakes";
import { PROJECT } from "./names";
import { sectionNames } from "./schema";
import { isGroup, type Path } from "./schema/introspect";

/** A configuration key that a source names, and where. */
export interface SecretKey {
  readonly key: string;
  readonly path: Path;
}

type Values = Readonly<Record<string, unknown>>;

const sections: readonly string[] = sectionNames;

/** Keys that sources name, read from the values as they are: a mistake beside one must not make it unknown. */
export function secretKeys(values: Values): SecretKey[] {
  if (!isGroup(values.secrets)) return [];
  return Object.entries(values.secrets).flatMap(([secret, source]): SecretKey[] => {
    if (!isGroup(source)) return [];
    const path = ["secrets", secret];
    // In Vault `key` and `keys` name keys of the entry.
    if (source.source === "vault") return [];
    const one = typeof source.key === "string" ? [{ key: source.key, path: [...path, "key"] }] : [];
    const several = isGroup(source.keys) ? Object.entries(source.keys) : [];
    return [
      ...one,
      ...several.flatMap(([name, key]) =>
        typeof key === "string" ? [{ key, path: [...path, "keys", name] }] : [],
      ),
    ];
  });
}

/** Mistakes in the keys beside the sections. */
export function checkSecretKeys(values: Values, stack: string): Finding[] {
  const named = secretKeys(values);
  const others = Object.keys(values).filter((key) => !sections.includes(key));
  const unnamed = others.filter((key) => !named.some((each) => each.key === key));
  const unset = named.flatMap(({ key, path }): Finding[] => {
    if (sections.includes(key)) {
      return [
        { path, problem: `names ${PROJECT}:${key}, which holds settings`, allowed: "a key of its own" },
      ];
    }
    if (Object.hasOwn(values, key)) return [];
    // Does not repeat what stands there: it may be the secret itself.
    const allowed = `a key set by: pulumi config set --secret ${PROJECT}:<key> --stack ${stack}`;
    const suggestion = suggest(key, unnamed);
    const finding: Finding = { path, problem: "names a configuration key that is not set", allowed };
    return [suggestion === undefined ? finding : { ...finding, suggestion }];
  });
  const absent = [
    ...sections.filter((section) => !Object.hasOwn(values, section)),
    ...named.map(({ key }) => key),
  ];
  const found = others.flatMap((key): Finding[] => {
    if (unnamed.includes(key)) return [unknownKey(key, absent)];
    const value = values[key];
    const text = isSecure(value) ? value.secure : value;
    const whole = typeof text === "string" && text !== "";
    return whole ? [] : [{ path: [key], problem: "holds no text", allowed: "one encrypted string" }];
  });
  return [...unset, ...found];
}

function unknownKey(key: string, absent: readonly string[]): Finding {
  const allowed = `${sections.join(", ")}, and keys that a \`source: config\` in ${PROJECT}:secrets names`;
  const suggestion = suggest(key, absent.length > 0 ? absent : sections);
  const finding: Finding = { path: [key], problem: "is an unknown key", allowed, at: "key" };
  return suggestion === undefined ? finding : { ...finding, suggestion };
}

/** An encrypted string as it stands in the file. */
export function isSecure(value: unknown): value is { secure: string } {
  return isGroup(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

/** Paths of encrypted strings inside structured values. Only values read from a file still have them. */
export function nestedSecretPaths(values: Values): Path[] {
  const into = (value: unknown, path: Path): Path[] => {
    if (isSecure(value)) return path.length > 1 ? [path] : [];
    if (typeof value !== "object" || value === null) return [];
    const list = Array.isArray(value);
    return Object.entries(value).flatMap(([key, child]) => into(child, [...path, list ? Number(key) : key]));
  };
  return into(values, []);
}

export function nestedSecretFinding(path: Path): Finding {
  const problem =
    "is a secret inside a structured value, which would be left in the state in clear: move it to a key of its " +
    `own, ${PROJECT}:<key>, and refer to it by {source: config, …}`;
  return { path, problem, allowed: "secrets as top-level string keys", at: "key" };
}

/** Whether the text has more `secure:` than its top-level keys do: a guess that costs no YAML library. */
export function mayNestSecrets(source: string): boolean {
  const all = source.match(/\bsecure["']?\s*:/g)?.length ?? 0;
  const top = source.match(
    /^[ \t]+["']?[\w-]+:[\w:.-]+["']?:[ \t]*(?:#.*)?(?:\{|\r?\n)\s*["']?secure["']?\s*:/gm,
  );
  return all > (top?.length ?? 0);
}

/** Whether the text may have the key in clear: a guess likewise. */
export function mayBePlain(source: string, key: string): boolean {
  const name = key.replace(/[^\w]/g, "\\$&");
  const line = `^[ \\t]+["']?(?:${PROJECT}:)?${name}["']?:[ \\t]*`;
  const secure = new RegExp(`${line}(?:#.*)?(?:\\{|\\r?\\n)\\s*["']?secure["']?\\s*:`, "m");
  return new RegExp(line, "m").test(source) && !secure.test(source);
}
