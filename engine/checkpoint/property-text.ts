/**
 * Properties as the checkpoint holds them: JSON in which secrets are encrypted, numbers that JSON cannot tell have a
 * signature of their own, and references, assets and archives have no other keys than Pulumi's. Nulls and unknown
 * values are kept. A secret inside a secret is marked, and encrypted once.
 *
 * Source: pulumi/pulumi, pkg/resource/stack/deployment.go, SerializePropertyValue and DeserializePropertyValue.
 */
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isList,
  isMap,
  isSecret,
  type PropertyMap,
  type PropertyValue,
  RESOURCE_SIGNATURE,
  SECRET_SIGNATURE,
  type Secret,
  SIGNATURE_KEY,
} from "../property/values";
import { numberText, quote, quoteForHtml, sortedKeys } from "./json-text";

/** Marks NaN and the infinities; their value is the 16 hexadecimal digits of the double. */
const FLOAT_SIGNATURE = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c";
/** Marks a text with bytes that are not UTF-8; its value is base64. */
export const BYTES_SIGNATURE = "803fd3297a5875dc03ca845dda5d2a98";
/** The bits that Go gives to NaN. */
const NAN_BITS = "7ff8000000000001";

/** Where a value stands in a state: the field, then keys and indices. */
export type Place = readonly (string | number)[];

/** Gives the ciphertext of a secret; `plaintext` makes its JSON text. */
export type Seal = (secret: Secret, place: Place, plaintext: () => string) => string;

/** Gives the JSON text of a ciphertext. Throws when it cannot. */
export type Open = (ciphertext: string) => string;

/** Told of every secret that was read. */
export type Seen = (secret: Secret, place: Place, sealed: { ciphertext: string; plaintext: string }) => void;

interface Style {
  readonly quote: (text: string) => string;
  readonly seal: Seal;
}

/** Secrets inside a secret are marked as such, with their own JSON text in place of a ciphertext. */
const INSIDE_SECRET: Style = { quote: quoteForHtml, seal: (_secret, _place, plaintext) => plaintext() };

/** The JSON text of a map of properties. `field` starts the place of its values. */
export function propertiesText(properties: PropertyMap, field: string, seal: Seal): string {
  return valueText(properties, { quote, seal }, [field]);
}

/** The JSON text of one value. */
export function propertyText(value: PropertyValue, field: string, seal: Seal): string {
  return valueText(value, { quote, seal }, [field]);
}

function valueText(value: PropertyValue, style: Style, place: (string | number)[]): string {
  if (typeof value === "string") return style.quote(value);
  if (typeof value === "number") return Number.isFinite(value) ? numberText(value) : floatText(value);
  if (value === null || typeof value === "boolean") return String(value);
  if (isList(value)) {
    return `[${value.map((item, index) => within(place, index, () => valueText(item, style, place))).join(",")}]`;
  }
  if (isSecret(value)) {
    const inner = value.value;
    const ciphertext = style.seal(value, place, () => valueText(inner, INSIDE_SECRET, place));
    return `{"${SIGNATURE_KEY}":"${SECRET_SIGNATURE}","ciphertext":${style.quote(ciphertext)}}`;
  }
  const keys = writtenKeys(value);
  const entries = keys.map(
    (key) => `${style.quote(key)}:${within(place, key, () => valueText(value[key] ?? null, style, place))}`,
  );
  return `{${entries.join(",")}}`;
}

function within(place: (string | number)[], step: string | number, write: () => string): string {
  place.push(step);
  const text = write();
  place.pop();
  return text;
}

/** The keys of a special value that Pulumi writes; all keys of any other map. */
function writtenKeys(map: PropertyMap): string[] {
  const keys = sortedKeys(map);
  switch (map[SIGNATURE_KEY]) {
    case RESOURCE_SIGNATURE:
      return keys.filter((key) => [SIGNATURE_KEY, "id", "packageVersion", "urn"].includes(key));
    case ASSET_SIGNATURE:
    case ARCHIVE_SIGNATURE:
      return keys.filter((key) => map[key] !== "");
    default:
      return keys;
  }
}

function floatText(value: number): string {
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  const hexadecimal = Number.isNaN(value) ? NAN_BITS : bits.toString("hex");
  return `{"${SIGNATURE_KEY}":"${FLOAT_SIGNATURE}","value":"${hexadecimal}"}`;
}

/** Reads a map of properties. Throws an error that names the place of what it cannot read. */
export function readProperties(value: unknown, field: string, open: Open, seen: Seen): PropertyMap {
  const read = new PropertyReader(open, seen).value(value, [field]);
  if (!isMap(read)) throw new Error(`${field}: expected a map`);
  return read;
}

/** Reads one value. Throws an error that names the place of what it cannot read. */
export function readProperty(value: unknown, field: string, open: Open, seen: Seen): PropertyValue {
  return new PropertyReader(open, seen).value(value, [field]);
}

class PropertyReader {
  constructor(
    private readonly open: Open,
    private readonly seen: Seen,
  ) {}

  value(value: unknown, place: Place): PropertyValue {
    if (Array.isArray(value)) return value.map((item, index) => this.value(item, [...place, index]));
    if (typeof value !== "object" || value === null) return value as PropertyValue;
    const map = value as Record<string, unknown>;
    switch (map[SIGNATURE_KEY]) {
      case SECRET_SIGNATURE:
        return this.secret(map, place);
      case FLOAT_SIGNATURE:
        return float(map, place);
      case undefined:
      case ASSET_SIGNATURE:
      case ARCHIVE_SIGNATURE:
      case RESOURCE_SIGNATURE:
      case BYTES_SIGNATURE:
        return Object.fromEntries(
          Object.entries(map).map(([key, item]) => [key, this.value(item, [...place, key])]),
        );
      default:
        throw new Error(
          `${place.join(".")}: a value with the signature ${JSON.stringify(map[SIGNATURE_KEY])}, which this engine does not know`,
        );
    }
  }

  private secret(map: Readonly<Record<string, unknown>>, place: Place): Secret {
    const { ciphertext, plaintext } = map;
    if (typeof plaintext === "string" && ciphertext === undefined) return this.opened(plaintext, place);
    if (typeof ciphertext !== "string" || plaintext !== undefined) {
      throw new Error(`${place.join(".")}: a secret needs either a ciphertext or a plaintext`);
    }
    let text: string;
    try {
      text = this.open(ciphertext);
    } catch {
      throw new Error(
        `${place.join(".")}: the secret cannot be decrypted; its ciphertext is of another key or damaged`,
      );
    }
    const secret = this.opened(text, place);
    this.seen(secret, place, { ciphertext, plaintext: text });
    return secret;
  }

  private opened(plaintext: string, place: Place): Secret {
    let parsed: unknown;
    try {
      parsed = JSON.parse(plaintext);
    } catch {
      // The parser's message would show the secret.
      throw new Error(`${place.join(".")}: the decrypted secret is not JSON`);
    }
    const inner = new PropertyReader(
      (text) => text,
      () => undefined,
    );
    return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: inner.value(parsed, place) };
  }
}

function float(map: Readonly<Record<string, unknown>>, place: Place): number {
  if (typeof map.value !== "string" || !/^[0-9a-f]{1,16}$/i.test(map.value)) {
    throw new Error(`${place.join(".")}: a special number needs a value of 16 hexadecimal digits`);
  }
  return Buffer.from(map.value.padStart(16, "0"), "hex").readDoubleBE();
}
