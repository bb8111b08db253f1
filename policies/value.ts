/**
 * Property values as rules see them: plain JSON, with secrets unwrapped and with values that are not known yet.
 * A rule never learns whether a value was marked as secret: Pulumi's policy runner does not tell either.
 */

/** A value that is not known before the deployment. */
export class Unknown {
  /** @param own whether it is an output of a resource that this environment itself manages */
  constructor(readonly own: boolean) {}
}

/** Nothing is known of where the value comes from. */
export const UNKNOWN = new Unknown(false);
/** The output of a resource of the same environment. */
export const OWN_UNKNOWN = new Unknown(true);

export type Value = null | boolean | number | string | Unknown | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}

export function isUnknown(value: Value | undefined): value is Unknown {
  return value instanceof Unknown;
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value | undefined): value is ValueMap {
  return typeof value === "object" && value !== null && !isList(value) && !isUnknown(value);
}

/** Where a value stands in a resource, in parts: names of properties and positions in lists. */
export type Path = readonly (string | number)[];

/** A path as Pulumi writes it: `spec.containers[0].env[2].value`, `metadata.labels["keybuzz.io/environment"]`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Whether a place is another one, or stands in it. */
export function isBelow(path: Path, above: Path): boolean {
  return above.every((part, index) => path[index] === part);
}

/** The value at a path. An unknown value on the way is the answer; nothing there is undefined. */
export function valueAt(value: Value | undefined, ...path: Path): Value | undefined {
  let current = value;
  for (const part of path) {
    if (isUnknown(current)) return current;
    if (isList(current) && typeof part === "number") current = current[part];
    else if (isMap(current) && Object.hasOwn(current, part)) current = current[part];
    else return undefined;
  }
  return current;
}

/** The items of a list with their positions; nothing for anything else. */
export function itemsOf(value: Value | undefined): (readonly [number, Value])[] {
  return isList(value) ? value.map((item, index) => [index, item] as const) : [];
}

/** The entries of a map; nothing for anything else. */
export function entriesOf(value: Value | undefined): [string, Value][] {
  return isMap(value) ? Object.entries(value) : [];
}

/** Calls `visit` for every leaf: texts, numbers, truth values, nulls and unknown values. */
export function eachLeaf(
  value: Value,
  path: Path,
  visit: (leaf: Exclude<Value, readonly Value[] | ValueMap>, path: Path) => void,
): void {
  if (isList(value)) value.forEach((item, index) => void eachLeaf(item, [...path, index], visit));
  else if (isMap(value)) {
    for (const [key, item] of Object.entries(value)) eachLeaf(item, [...path, key], visit);
  } else visit(value, path);
}
