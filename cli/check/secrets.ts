/**
 * The secrets that an environment declares, by keyed hash: enough to see that two environments share one, and of no
 * use for anything else. The key is random and of this process alone.
 */
import { createHmac, randomBytes } from "node:crypto";
import type { DeclaredResource } from "../../engine/monitor/declaration";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isList,
  isMap,
  isSecret,
  isUnknown,
  type PropertyMap,
  type PropertyValue,
  SIGNATURE_KEY,
  signatureOf,
} from "../../engine/property/values";
import type { SecretDigest } from "../../policies/isolation/landscape";
import { assignmentsIn } from "../../policies/secret-forms/assignments";
import { secretsIn } from "../../policies/secret-forms/search";
import { type Path, pathText } from "../../policies/value";
import { isShareable, passwordsIn } from "./shareable";

const KEY = randomBytes(32);

/** Shorter values are words and numbers that may well be the same. */
const SHORTEST = 8;

/** How often a text may stand in another one: JSON in base64 in JSON. */
const DEEPEST = 6;

/** Every secret of the resources that a provider manages, at its property, each value there once. */
export function secretDigests(resources: readonly DeclaredResource[]): SecretDigest[] {
  return resources
    .filter(({ custom, external }) => custom && !external)
    .flatMap(({ urn, type, inputs }) => {
      const search = new Search(/^kubernetes:core\/v1:Secret(?:Patch)?$/.test(type));
      search.properties(inputs);
      return [...search.found].flatMap(([property, values]) =>
        [...values].map((value) => {
          const digest = createHmac("sha256", KEY).update(value).digest("base64");
          return { urn, property, digest };
        }),
      );
    });
}

/** What is known of a text by its place. */
interface Place {
  readonly path: Path;
  /** Name of the setting that it is the value of. */
  readonly name: string;
  /** Whether the program marked it, or what it stands in, as secret. */
  readonly marked: boolean;
}

class Search {
  /** Values by property. */
  readonly found = new Map<string, Set<string>>();

  /** @param isEncoded whether `data` is in base64 */
  constructor(private readonly isEncoded: boolean) {}

  properties(inputs: PropertyMap): void {
    for (const [key, value] of Object.entries(inputs)) {
      this.#value(value, { path: [key], name: key, marked: false }, 0);
    }
  }

  #value(value: PropertyValue, place: Place, depth: number): void {
    const { path, marked } = place;
    if (isSecret(value)) this.#value(value.value, { ...place, marked: true }, depth);
    else if (typeof value === "string") this.#text(this.#decoded(value, path, depth), place, depth);
    else if (isList(value)) {
      for (const [index, item] of value.entries()) {
        this.#item(item, { ...place, path: depth === 0 ? [...path, index] : path }, depth);
      }
    } else if (isMap(value)) {
      const signature = signatureOf(value);
      // Of a file's content its text alone is the program's; other special values are no texts at all.
      if (signature !== undefined && signature !== ASSET_SIGNATURE && signature !== ARCHIVE_SIGNATURE) return;
      for (const [key, item] of Object.entries(value)) {
        if (key === SIGNATURE_KEY || (signature !== undefined && key === "hash")) continue;
        // What stands in JSON is at the property that holds it.
        this.#value(item, { path: depth === 0 ? [...path, key] : path, name: key, marked }, depth);
      }
    }
  }

  /** An item of a list; pairs of name and value are settings. */
  #item(item: PropertyValue, place: Place, depth: number): void {
    const isPair = isMap(item) && typeof item.name === "string" && item.value !== undefined;
    if (isPair) {
      const path = depth === 0 ? [...place.path, "value"] : place.path;
      this.#value(item.value ?? null, { ...place, path, name: String(item.name) }, depth);
    } else this.#value(item, place, depth);
  }

  /** The text of a Secret's `data`; what is none is compared as it stands. */
  #decoded(text: string, path: Path, depth: number): string {
    if (!this.isEncoded || depth > 0 || path[0] !== "data" || isUnknown(text)) return text;
    const plain = Buffer.from(text, "base64").toString("utf8");
    return plain.includes("\ufffd") ? text : plain;
  }

  #text(whole: string, place: Place, depth: number): void {
    const text = whole.trim();
    if (text.length < SHORTEST || depth > DEEPEST || isUnknown(text)) return;
    const structured = parsed(text);
    if (structured !== undefined) {
      this.#value(structured, place, depth + 1);
      return;
    }
    const passwords = passwordsIn(text);
    for (const password of passwords) this.#take(password, place);
    // Settings in a file, a command or a connection string are judged one by one.
    const settings = assignmentsIn(text).filter(({ value }) => value.trim() !== text);
    const parts = settings.filter(({ name, value }) => secretsIn(value, { name }).length > 0);
    for (const { name, value } of parts) this.#text(value, { ...place, name, marked: false }, depth + 1);
    if (passwords.length > 0 || parts.length > 0) return;
    const isSecret = secretsIn(text, { name: place.name }).length > 0 || (place.marked && !isWords(text));
    if (isSecret && !isShareable(text, place.name)) this.#take(text, place);
  }

  #take(value: string, { path }: Place): void {
    if (value.length < SHORTEST) return;
    const property = pathText(path);
    this.found.set(property, (this.found.get(property) ?? new Set()).add(value));
  }
}

/**
 * Sentences and options, and words and numbers such as people choose: `production`, `#ops-alerts`, `2026-01-31`. A
 * passphrase has a name that says so.
 */
function isWords(text: string): boolean {
  if (/\s/.test(text)) return true;
  return text
    .split(/[^A-Za-z0-9]+/)
    .every((part) => /^(?:[A-Za-z]{0,20}\d{0,4}[a-z]?|\d{1,10}m?s?)$/.test(part));
}

/** A group or a list in JSON; undefined for any other text. */
function parsed(text: string): PropertyValue | undefined {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as PropertyValue;
  } catch {
    return undefined;
  }
}
