/**
 * Check, for every resource type: fills in defaults, wraps secrets, and reports everything that is wrong with the
 * inputs together. A value that is not known yet is not judged, and one that the program marks as secret is not
 * quoted, whatever a rule says of it.
 */
import { distance } from "fastest-levenshtein";
import type { CheckFailure, CheckRequest, CheckResponse } from "../../engine/provider/provider";
import {
  isSecret,
  isUnknown,
  type PropertyMap,
  type PropertyValue,
  secret,
  some,
} from "../../engine/provider/values";
import { plain, plainMap } from "./plain";
import { DEFAULTS, type Field, type FieldType, inputFields, type ResourceTable } from "./table";

/** Bytes that PostgreSQL keeps of a name: it would cut off what makes a made-up one unique. */
const LONGEST_NAME = 63;
const NAME_DIGITS = 7;

const FORMS: Readonly<Record<FieldType, string>> = {
  text: "a string",
  flag: "true or false",
  integer: "a whole number",
  list: "a list of strings",
  set: "a list of strings",
  map: "a map of strings",
};

export function checkInputs(table: ResourceTable, request: CheckRequest): CheckResponse {
  const inputs: Record<string, PropertyValue> = {};
  const failures: CheckFailure[] = [];
  const defaults: string[] = [];
  const given = new Map(Object.entries(request.newInputs).filter(([, value]) => value !== null));
  given.delete(DEFAULTS);
  // Rules for a field that is always secret quote nothing.
  const marked = [...given.keys()].filter(
    (name) => table.fields[name]?.secret !== true && some(given.get(name) ?? null, isSecret),
  );

  for (const [name, field] of inputFields(table)) {
    const value = given.get(name);
    given.delete(name);
    const followed = request.newInputs[field.follows ?? ""] ?? null;
    if (value !== undefined && !isLeftOut(name, field, value)) {
      inputs[name] = field.secret === true ? secret(value) : value;
      failures.push(...judge(name, field, plain(value), marked.includes(name)));
    } else if (name === "name") {
      inputs[name] = madeUpName(request);
      defaults.push(name);
    } else if (followed !== null) {
      inputs[name] = followed;
      defaults.push(name);
    } else if (field.required === true) {
      failures.push({ property: name, reason: `is missing: give ${FORMS[field.type]}` });
    } else if (field.default !== undefined && table.defaultsStandIn === "inputs") {
      inputs[name] = field.default;
      defaults.push(name);
    }
  }
  for (const name of given.keys()) failures.push({ property: name, reason: unexpected(table, name) });
  if (failures.length === 0) failures.push(...judgeTogether(table, inputs, marked));
  return { inputs: { ...inputs, [DEFAULTS]: defaults.sort() }, failures };
}

/** As to bridged providers, an empty text is none, except where one must be given or names the object. */
function isLeftOut(name: string, { type, required }: Field, value: PropertyValue): boolean {
  return type === "text" && required !== true && name !== "name" && plain(value) === "";
}

function judge(property: string, field: Field, value: PropertyValue, isMarked: boolean): CheckFailure[] {
  if (some(value, isUnknown)) return [];
  if (!hasType(field.type, value)) {
    const seen = field.secret === true || isMarked ? "" : `, not ${JSON.stringify(value)}`;
    return [{ property, reason: `must be ${FORMS[field.type]}${seen}` }];
  }
  const reason = field.refuse?.(value);
  if (reason === undefined) return [];
  return [{ property, reason: isMarked ? `is wrong, ${untold([property])}` : reason }];
}

function judgeTogether(
  table: ResourceTable,
  inputs: PropertyMap,
  marked: readonly string[],
): readonly CheckFailure[] {
  const failures = table.refuse?.(plainMap(inputs)) ?? [];
  // A rule about one property may quote another one.
  return marked.length === 0
    ? failures
    : failures.map(({ property }) => ({ property, reason: `does not go with the rest, ${untold(marked)}` }));
}

function untold(marked: readonly string[]): string {
  return `but why would quote what the program marks as secret: see what ${marked.join(", ")} may be, or give it unmarked`;
}

function hasType(type: FieldType, value: PropertyValue): boolean {
  switch (type) {
    case "text":
      return typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value);
    case "list":
    case "set":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "map":
      return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        Object.values(value).every((item) => typeof item === "string")
      );
  }
}

function unexpected({ fields, refused = {} }: ResourceTable, name: string): string {
  const instead = refused[name];
  if (instead !== undefined) return `is not supported here: ${instead}`;
  if (fields[name] !== undefined) return "is an output and cannot be given: remove it";
  const names = Object.keys(fields).filter((field) => fields[field]?.outputOnly !== true);
  const [nearest = ""] = names.sort((a, b) => distance(a, name) - distance(b, name));
  return `is not a property of this type: remove it, or did you mean ${nearest}?`;
}

/** The name that this resource has already, else `<logical name>-<7 hex digits>`, the same in preview and update. */
function madeUpName({ oldInputs, name, randomSeed }: CheckRequest): PropertyValue {
  const old: PropertyMap = oldInputs ?? {};
  const defaulted = old[DEFAULTS];
  if (Array.isArray(defaulted) && defaulted.includes("name") && old.name !== undefined) return old.name;
  const digits = Buffer.from(randomSeed).toString("hex").slice(0, NAME_DIGITS);
  let stem = name;
  while (Buffer.byteLength(stem) > LONGEST_NAME - NAME_DIGITS - 1) stem = [...stem].slice(0, -1).join("");
  return `${stem}-${digits}`;
}
