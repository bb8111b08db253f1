/**
 * Paths into properties, as programs write them in ignoreChanges and replaceOnChanges and providers in detailed
 * differences: `rules[0].port`, `tags["a.b"]`, `*` for every element.
 */
import { isList, isMap, isSecret, type PropertyMap, type PropertyValue, secret } from "./values";

/** Steps from a resource's properties to a part of them. */
export type PropertyPath = readonly (string | number)[];

const STEP = /\.?([^.[\]"]+)|\[(\d+)\]|\[\*\]|\.?\["((?:[^"\\]|\\.)*)"\]/y;

/** Parses a path; undefined when it is none. */
export function parsePath(text: string): PropertyPath | undefined {
  const steps: (string | number)[] = [];
  const pattern = new RegExp(STEP);
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const [, name, index, quoted] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? quoted?.replaceAll(/\\(.)/g, "$1") ?? "*");
  }
  return steps.length === 0 ? undefined : steps;
}

/** Whether the second path leads to the place of the first, or below it. `*` stands for any step. */
export function contains(path: PropertyPath, other: PropertyPath): boolean {
  return path.length <= other.length && path.every((step, index) => step === "*" || step === other[index]);
}

/**
 * The properties with the part at a path as it was before. Undefined when the path crosses elements that were added
 * or removed, so that there is no telling what it was: then nothing is put back.
 */
export function putBack(path: PropertyPath, before: PropertyMap, now: PropertyMap): PropertyMap | undefined {
  const result = reset(path, { value: before, marked: false }, { value: now, marked: false });
  return result === undefined || !isMap(result) ? undefined : result;
}

/** A value on the way to a path's end, and whether it lies inside a secret. */
interface Place {
  readonly value: PropertyValue | undefined;
  readonly marked: boolean;
}

/** The new value with the part at the path as in the old one; undefined when it cannot be put back. */
function reset(path: PropertyPath, before: Place, now: Place): PropertyValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  const from = opened(before);
  const to = opened(now);
  const changed =
    step === "*"
      ? resetEach(rest, from, to)
      : typeof step === "number"
        ? resetItem(step, rest, from, to)
        : resetKey(step, rest, from, to);
  if (changed === undefined) return undefined;
  return to.marked && !now.marked ? secret(changed) : changed;
}

function opened(place: Place): Place {
  const { value } = place;
  return value !== undefined && isSecret(value) ? opened({ value: value.value, marked: true }) : place;
}

/** A part as it was; what was secret stays so where it goes. */
function taken(part: PropertyValue, from: Place, to: Place): PropertyValue {
  return from.marked && !to.marked ? secret(part) : part;
}

function resetItem(index: number, rest: PropertyPath, from: Place, to: Place): PropertyValue | undefined {
  const [old, current] = [listOf(from), listOf(to)];
  if (old === undefined && current === undefined) return to.value;
  if (old === undefined || current === undefined) return undefined;
  const [before, now] = [old[index], current[index]];
  if (before === undefined && now === undefined && rest.length === 0) return to.value;
  if (before === undefined || now === undefined) return undefined;
  const item =
    rest.length === 0
      ? taken(before, from, to)
      : reset(rest, { value: before, marked: from.marked }, { value: now, marked: to.marked });
  return item === undefined ? undefined : current.with(index, item);
}

function resetKey(key: string, rest: PropertyPath, from: Place, to: Place): PropertyValue | undefined {
  const [old, current] = [mapOf(from), mapOf(to)];
  const before = old?.[key];
  if (rest.length === 0) {
    if (before === undefined) return current === undefined ? to.value : without(current, key);
    return current === undefined ? undefined : { ...current, [key]: taken(before, from, to) };
  }
  if (old === undefined || current === undefined)
    return old === undefined && current === undefined ? to.value : undefined;
  const now = current[key];
  if (before !== undefined && now === undefined) return undefined;
  if (now === undefined) return current;
  const changed = reset(rest, { value: before, marked: from.marked }, { value: now, marked: to.marked });
  return changed === undefined ? undefined : { ...current, [key]: changed };
}

/** Every element as it was. Lists of another length, and keys that came or went below the step, cannot be. */
function resetEach(rest: PropertyPath, from: Place, to: Place): PropertyValue | undefined {
  const lists = [listOf(from), listOf(to)];
  const [oldList, list] = lists;
  if (list !== undefined) {
    if (oldList === undefined) return rest.length === 0 ? list : undefined;
    if (oldList.length !== list.length) return undefined;
    return list.reduce<PropertyValue | undefined>(
      (result, _, index) =>
        result === undefined ? undefined : resetItem(index, rest, from, { value: result, marked: to.marked }),
      list,
    );
  }
  const [old, current] = [mapOf(from), mapOf(to)];
  if (current === undefined) return undefined;
  if (old === undefined) return rest.length === 0 ? current : undefined;
  if (rest.length === 0) {
    return Object.fromEntries(Object.entries(old).map(([key, part]) => [key, taken(part, from, to)]));
  }
  return Object.keys(old).reduce<PropertyValue | undefined>(
    (result, key) =>
      result === undefined || !Object.hasOwn(current, key)
        ? undefined
        : resetKey(key, rest, from, { value: result, marked: to.marked }),
    current,
  );
}

function listOf({ value }: Place): readonly PropertyValue[] | undefined {
  return value !== undefined && isList(value) ? value : undefined;
}

function mapOf({ value }: Place): PropertyMap | undefined {
  return value !== undefined && isMap(value) ? value : undefined;
}

function without(map: PropertyMap, key: string): PropertyMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}
