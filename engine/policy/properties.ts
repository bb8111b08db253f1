/**
 * Property values as policy packs take them: unknown values and secrets, assets and archives, and nothing else
 * that is special. What @pulumi/policy would throw on is given a form of the same meaning.
 */
import { devNull } from "node:os";
import { isDeepStrictEqual } from "node:util";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isList,
  isMap,
  isSecret,
  isUnknown,
  mapEntries,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  RESOURCE_SIGNATURE,
  SIGNATURE_KEY,
  secret,
  signatureOf,
  UNKNOWN,
} from "../property/values";

/** A byte string, of which a pack sees the base64 text. */
const BYTES_SIGNATURE = "803fd3297a5875dc03ca845dda5d2a98";

/** What tells where the content of an asset or archive is. */
const CONTENTS = ["path", "text", "uri", "assets"] as const;

/** Properties as a pack takes them. */
export function forPack(properties: PropertyMap): PropertyMap {
  return mapEntries(properties, (value) => mapValue(value, simplify));
}

/** Properties without Pulumi's own, which stand at the top and begin with two underscores. */
export function withoutInternal(properties: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

function simplify(value: PropertyValue): PropertyValue {
  if (!isMap(value)) return value;
  const { [SIGNATURE_KEY]: signature, ...members } = value;
  if (signature === undefined) return value;
  if (isSecret(value)) return value.value === null || isSecret(value.value) ? value.value : value;
  switch (signature) {
    case ASSET_SIGNATURE:
      return asset(value);
    case ARCHIVE_SIGNATURE:
      return archive(value);
    case RESOURCE_SIGNATURE:
      // A component has no id; that of a resource which does not exist yet is unknown.
      return members.id === "" ? UNKNOWN : (members.id ?? members.urn ?? null);
    case BYTES_SIGNATURE:
      return members.value ?? "";
    default:
      return members;
  }
}

/** The pack takes an empty text for no content at all; a file without content is the same asset. */
function asset(value: PropertyMap): PropertyValue {
  if (hasUnknownContent(value)) return UNKNOWN;
  return hasContent(value) ? value : { [SIGNATURE_KEY]: ASSET_SIGNATURE, path: devNull };
}

function hasContent(value: PropertyMap): boolean {
  return CONTENTS.some((key) => Boolean(value[key]));
}

/** Content is a promise to a policy, which cannot tell that it is unknown: the whole then is. */
function hasUnknownContent(value: PropertyMap): boolean {
  return CONTENTS.some((key) => isUnknown(value[key] ?? null));
}

/** The members of an archive have to be assets and archives, known and not secret. */
function archive(value: PropertyMap): PropertyValue {
  const { assets } = value;
  if (hasUnknownContent(value)) return UNKNOWN;
  if (!isMap(assets ?? null)) return hasContent(value) ? value : { ...value, path: devNull };
  const members = Object.values(assets as PropertyMap);
  const plain = mapEntries(assets as PropertyMap, (member) => (isSecret(member) ? member.value : member));
  const known = Object.values(plain).every(isFile);
  const whole = known ? { ...value, assets: plain } : UNKNOWN;
  return members.some(isSecret) ? secret(whole) : whole;
}

function isFile(value: PropertyValue): boolean {
  const signature = signatureOf(value);
  return signature === ASSET_SIGNATURE || signature === ARCHIVE_SIGNATURE;
}

/**
 * The properties that a remediation returned, where what it left alone is the original again: a pack was sent
 * another form of some values, and @pulumi/policy returns assets without their hashes, and archives without their
 * members.
 */
export function remediated(original: PropertyMap, returned: PropertyMap): PropertyMap {
  return mapEntries(returned, (value, key) =>
    Object.hasOwn(original, key) ? restore(original[key] as PropertyValue, value) : value,
  );
}

function restore(original: PropertyValue, returned: PropertyValue): PropertyValue {
  const sent = mapValue(original, simplify);
  if (isDeepStrictEqual(sent, returned) || isSameFile(sent, returned)) return original;
  if (isList(original) && isList(returned)) {
    return returned.map((item, at) =>
      at < original.length ? restore(original[at] as PropertyValue, item) : item,
    );
  }
  return isMap(original) && isMap(returned) ? remediated(original, returned) : returned;
}

/** Whether an asset or archive came back with the content with which it was sent. */
function isSameFile(sent: PropertyValue, returned: PropertyValue): boolean {
  if (isSecret(sent) && isSecret(returned)) return isSameFile(sent.value, returned.value);
  if (!isFile(sent) || !isMap(sent) || !isMap(returned) || signatureOf(sent) !== signatureOf(returned)) {
    return false;
  }
  if (isMap(sent.assets ?? null)) return isList(returned.assets ?? null);
  return CONTENTS.every((key) => isDeepStrictEqual(sent[key], returned[key]));
}
