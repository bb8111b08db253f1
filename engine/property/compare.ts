/** Compares property values: whether they are equal, and where they differ. */
import { isDeepStrictEqual } from "node:util";
import { withoutSecrets } from "./secretness";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isList,
  isMap,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  SIGNATURE_KEY,
  signatureOf,
} from "./values";

/** What happens to one property. `…-replace` needs the resource to be made anew. */
export type PropertyDiffKind =
  | "add"
  | "add-replace"
  | "delete"
  | "delete-replace"
  | "update"
  | "update-replace";

export interface PropertyDiff {
  readonly kind: PropertyDiffKind;
  /** Whether the old value is that of the inputs, rather than of the state. */
  readonly inputDiff: boolean;
}

/** Whether two values are equal. Assets and archives are equal by their contents. */
export function equal(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  return a === b || isDeepStrictEqual(comparable(a), comparable(b));
}

/** Without the places that assets were read from: only their hashes count. */
function comparable(value: PropertyValue | undefined): PropertyValue | undefined {
  return value === undefined ? undefined : mapValue(value, byContent);
}

function byContent(value: PropertyValue): PropertyValue {
  const signature = signatureOf(value);
  const hashed = signature === ASSET_SIGNATURE || signature === ARCHIVE_SIGNATURE;
  if (!hashed || !isMap(value) || typeof value.hash !== "string" || value.hash === "") return value;
  return { [SIGNATURE_KEY]: signature, hash: value.hash };
}

/** Where new properties differ from old ones, by path. A mark of a secret alone is no difference. */
export function differences(before: PropertyMap, after: PropertyMap): Record<string, PropertyDiff> {
  const found: Record<string, PropertyDiff> = {};
  compareMaps(withoutSecrets(before), withoutSecrets(after), "", found);
  return found;
}

function compareMaps(
  before: PropertyMap,
  after: PropertyMap,
  path: string,
  found: Record<string, PropertyDiff>,
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    compare(before[key], after[key], below(path, key), found);
  }
}

function compare(
  before: PropertyValue | undefined,
  after: PropertyValue | undefined,
  path: string,
  found: Record<string, PropertyDiff>,
): void {
  if (before === undefined || after === undefined) {
    if (before === after) return;
    found[path] = { kind: before === undefined ? "add" : "delete", inputDiff: true };
  } else if (isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    for (let index = 0; index < length; index += 1) {
      compare(before[index], after[index], `${path}[${index}]`, found);
    }
  } else if (isPlainMap(before) && isPlainMap(after)) {
    compareMaps(before, after, path, found);
  } else if (!equal(before, after)) {
    found[path] = { kind: "update", inputDiff: true };
  }
}

function isPlainMap(value: PropertyValue): value is PropertyMap {
  return isMap(value) && signatureOf(value) === undefined;
}

function below(path: string, key: string): string {
  if (!/^[^.[\]"*]+$/.test(key)) return `${path}["${key.replaceAll(/["\\]/g, "\\$&")}"]`;
  return path === "" ? key : `${path}.${key}`;
}
