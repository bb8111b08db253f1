/**
 * Property values as they travel: plain JSON in which special values are maps with Pulumi's signature key.
 * The same form serves the program's requests, the state file and the messages between processes, so a value
 * is never converted twice. Signatures: pulumi/pulumi, sdk/go/common/resource/properties.go.
 */

/** A value of a property. Absence is absence of the key; `undefined` never stands in a value. */
export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | readonly PropertyValue[]
  | { readonly [key: string]: PropertyValue };

/** The properties of a resource, by name. */
export type PropertyMap = { readonly [key: string]: PropertyValue };

/** Key that marks a map as a special value. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
export const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";
export const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";
export const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Stands for a value that is not known before the deployment; the only one that Node.js programs send. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Unknown values by kind, as other languages' programs and providers send them. */
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
]);

export type Secret = { readonly [SIGNATURE_KEY]: typeof SECRET_SIGNATURE; readonly value: PropertyValue };

export function isList(value: PropertyValue): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

/** A map of any kind, special values included. */
export function isMap(value: PropertyValue): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The signature of a special value; undefined for anything else. */
export function signatureOf(value: PropertyValue): PropertyValue | undefined {
  return isMap(value) ? value[SIGNATURE_KEY] : undefined;
}

export function isSecret(value: PropertyValue): value is Secret {
  return signatureOf(value) === SECRET_SIGNATURE;
}

export function isUnknown(value: PropertyValue): boolean {
  return typeof value === "string" && UNKNOWNS.has(value);
}

/** Marks a value as secret, once. */
export function secret(value: PropertyValue): PropertyValue {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** Whether the value is, or anywhere holds, a value for which `test` holds. */
export function some(value: PropertyValue, test: (value: PropertyValue) => boolean): boolean {
  if (test(value)) return true;
  if (isList(value)) return value.some((item) => some(item, test));
  return isMap(value) && Object.values(value).some((item) => some(item, test));
}

/**
 * Replaces values from the leaves upwards. `replace` sees each value after its parts were replaced;
 * signature strings are not offered.
 */
export function mapValue(
  value: PropertyValue,
  replace: (value: PropertyValue) => PropertyValue,
): PropertyValue {
  if (isList(value)) return replace(value.map((item) => mapValue(item, replace)));
  if (!isMap(value)) return replace(value);
  return replace(mapEntries(value, (item, key) => (key === SIGNATURE_KEY ? item : mapValue(item, replace))));
}

/** A map with the same keys and other values. */
export function mapEntries(
  map: PropertyMap,
  change: (value: PropertyValue, key: string) => PropertyValue,
): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value, key)]));
}

/** What the SDK leaves in assets and archives for its own use. */
const SDK_MARKS: ReadonlySet<string> = new Set(["__pulumiAsset", "__pulumiArchive"]);

/**
 * A value as the engine records it: output values become unknown, secret or plain, text that a program made with
 * an unknown value in it is unknown, and references, assets and archives have no other keys than Pulumi's.
 */
function lowerOutput(value: PropertyValue): PropertyValue {
  if (typeof value === "string") return value.includes(UNKNOWN) ? UNKNOWN : value;
  if (!isMap(value)) return value;
  switch (value[SIGNATURE_KEY]) {
    case OUTPUT_SIGNATURE: {
      const inner = value.value ?? (Object.hasOwn(value, "value") ? null : UNKNOWN);
      return value.secret === true ? secret(inner) : inner;
    }
    case RESOURCE_SIGNATURE: {
      const { id, packageVersion = "" } = value;
      // A component has no id; that of a resource is empty as long as it is not known.
      return { ...value, ...(id === undefined ? {} : { id: isUnknown(id) ? "" : id }), packageVersion };
    }
    case ASSET_SIGNATURE:
    case ARCHIVE_SIGNATURE:
      return Object.fromEntries(Object.entries(value).filter(([key]) => !SDK_MARKS.has(key)));
    default:
      return value;
  }
}

/** Brings every value into the form in which the engine records it. */
export function lowerOutputs(properties: PropertyMap): PropertyMap {
  return mapEntries(properties, (value) => mapValue(value, lowerOutput));
}

/** URNs that output values inside a value say they depend on. */
export function outputDependencies(value: PropertyValue): Set<string> {
  const urns = new Set<string>();
  some(value, (part) => {
    if (isMap(part) && part[SIGNATURE_KEY] === OUTPUT_SIGNATURE && Array.isArray(part.dependencies)) {
      for (const urn of part.dependencies) if (typeof urn === "string") urns.add(urn);
    }
    return false;
  });
  return urns;
}
