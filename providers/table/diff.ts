/**
 * Diff, for every resource type, as bridged providers decide it: the state's outputs against the new inputs. A
 * property that the program does not give, that has no default and that the server did not choose, is a difference
 * when the state has it. A value that is not known yet differs from every other.
 */
import type {
  DiffRequest,
  DiffResponse,
  PropertyDiff,
  PropertyDiffKind,
} from "../../engine/provider/provider";
import { isUnknown, type PropertyMap, type PropertyValue, some } from "../../engine/provider/values";
import { covers, formatPath, type Path, parsePath } from "./paths";
import { plainMap } from "./plain";
import { DEFAULTS, type Field, inputFields, isEmpty, type ResourceTable } from "./table";

type Change = "add" | "delete" | "update";

interface Difference {
  readonly path: Path;
  readonly change: Change;
}

export function diffResource(table: ResourceTable, request: DiffRequest): DiffResponse {
  const old = plainMap(request.oldOutputs);
  const wanted = plainMap(request.newInputs);
  const ignored = request.ignoreChanges.map(parsePath);
  const replaces: string[] = [];
  const diffs: string[] = [];
  const detailedDiff: Record<string, PropertyDiff> = {};

  for (const [name, field] of inputFields(table)) {
    const differences = fieldDifferences(name, field, old[name], wanted[name]).filter(
      ({ path }) => !ignored.some((outer) => covers(outer, path)),
    );
    if (differences.length === 0) continue;
    diffs.push(name);
    if (field.replaces === true) replaces.push(name);
    for (const { path, change } of differences) {
      const kind: PropertyDiffKind = field.replaces === true ? `${change}-replace` : change;
      detailedDiff[formatPath(path)] = { kind, inputDiff: false };
    }
  }
  return {
    changes: diffs.length === 0 ? "none" : "some",
    replaces,
    diffs,
    detailedDiff,
    deleteBeforeReplace: replaces.length > 0 && deletesFirst(table, request.newInputs),
  };
}

/** Whether two values of a field are the same to the server. */
export function sameValue(field: Field, a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  const [left, right] = [settle(field, a), settle(field, b)];
  if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  return compare([], field, left ?? null, right ?? null).length === 0;
}

function deletesFirst(table: ResourceTable, inputs: PropertyMap): boolean {
  if (table.deleteBeforeReplace !== "named") return table.deleteBeforeReplace === "always";
  const defaulted = inputs[DEFAULTS];
  return inputs.name !== undefined && !(Array.isArray(defaulted) && defaulted.includes("name"));
}

function fieldDifferences(
  name: string,
  field: Field,
  before: PropertyValue | undefined,
  given: PropertyValue | undefined,
): Difference[] {
  if (field.writeOnly === true) return [];
  const after = settle(field, given);
  if (after === undefined && field.computed === true) return [];
  const old = settle(field, before);
  if (isEmpty(old) && isEmpty(after)) return [];
  if (isEmpty(after) && field.default === undefined) return [{ path: [name], change: "delete" }];
  if (old === undefined) return [{ path: [name], change: "add" }];
  return compare([name], field, old, after ?? null);
}

/** A value in the spelling in which it is compared; absent ones become the default. */
function settle(field: Field, value: PropertyValue | undefined): PropertyValue | undefined {
  const settled = value ?? field.default;
  if (settled === undefined || field.normalise === undefined || some(settled, isUnknown)) return settled;
  // What is normalised to null is the server's choice.
  return field.normalise(settled) ?? undefined;
}

function compare(path: Path, field: Field, old: PropertyValue, wanted: PropertyValue): Difference[] {
  if (isUnknown(wanted)) return [{ path, change: "update" }];
  if (Array.isArray(old) && Array.isArray(wanted)) {
    return field.type === "set"
      ? compareSets(path, old, wanted)
      : compareParts(path, entries(old), entries(wanted));
  }
  if (isPlainMap(old) && isPlainMap(wanted)) {
    return compareParts(path, new Map(Object.entries(old)), new Map(Object.entries(wanted)));
  }
  return old === wanted ? [] : [{ path, change: "update" }];
}

function compareSets(
  path: Path,
  old: readonly PropertyValue[],
  wanted: readonly PropertyValue[],
): Difference[] {
  const missing = (of: readonly PropertyValue[], from: readonly PropertyValue[]): number[] =>
    of.flatMap((item, index) => (from.includes(item) ? [] : [index]));
  const removed = missing(old, wanted);
  const added = missing(wanted, old);
  return [
    ...added.map(
      (index): Difference => ({ path: [...path, index], change: removed.includes(index) ? "update" : "add" }),
    ),
    ...removed
      .filter((index) => !added.includes(index))
      .map((index): Difference => ({ path: [...path, index], change: "delete" })),
  ];
}

function compareParts<Key extends string | number>(
  path: Path,
  old: ReadonlyMap<Key, PropertyValue>,
  wanted: ReadonlyMap<Key, PropertyValue>,
): Difference[] {
  return [...new Set([...old.keys(), ...wanted.keys()])].flatMap((key): Difference[] => {
    const [before, after] = [old.get(key), wanted.get(key)];
    if (before === after) return [];
    const change = before === undefined ? "add" : after === undefined ? "delete" : "update";
    return [{ path: [...path, key], change }];
  });
}

function entries(list: readonly PropertyValue[]): Map<number, PropertyValue> {
  return new Map(list.entries());
}

function isPlainMap(value: PropertyValue): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
