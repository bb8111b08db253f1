/**
 * One resource as the checkpoint holds it: the fields of apitype.ResourceV3 in their order, those with a zero value
 * left out but `urn`, `custom` and `type`. Fields that this engine does not know are carried; fields that ask of an
 * engine what this one does not do are refused by name. Source: pulumi/pulumi, sdk/go/common/apitype/core.go.
 */
import type { PropertyMap, PropertyValue } from "../property/values";
import type { Ciphertexts } from "./ciphertexts";
import { carriedText, numberText, quote, sortedKeys } from "./json-text";
import { propertiesText, propertyText, readProperties, readProperty } from "./property-text";
import type { CustomTimeouts, ResourceState } from "./state";

type Kind =
  | "text"
  | "time"
  | "flag"
  | "texts"
  | "lists"
  | "properties"
  | "property"
  | "timeouts"
  | "carried"
  | "refused";

interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** Name in ResourceState, where it is another. */
  readonly key: string;
  /** Written even when it has the zero value. */
  readonly always: boolean;
}

const field = (name: string, kind: Kind, key = name): Field => ({
  name,
  kind,
  key,
  always: ["urn", "custom", "type"].includes(name),
});

/** In the order in which the official CLI writes them. */
const FIELDS: readonly Field[] = [
  field("urn", "text"),
  field("custom", "flag"),
  field("delete", "flag"),
  field("id", "text"),
  field("type", "text"),
  field("inputs", "properties"),
  field("outputs", "properties"),
  field("parent", "text"),
  field("protect", "flag"),
  field("taint", "refused"),
  field("external", "flag"),
  field("dependencies", "texts"),
  field("initErrors", "texts"),
  field("provider", "text"),
  field("propertyDependencies", "lists"),
  field("pendingReplacement", "flag"),
  field("additionalSecretOutputs", "texts"),
  field("aliases", "texts"),
  field("customTimeouts", "timeouts"),
  field("importID", "text", "importId"),
  field("retainOnDelete", "flag"),
  field("deletedWith", "text"),
  field("replaceWith", "texts"),
  field("created", "time"),
  field("modified", "time"),
  field("sourcePosition", "text"),
  field("stackTrace", "carried"),
  field("ignoreChanges", "texts"),
  field("hideDiff", "texts"),
  field("replaceOnChanges", "texts"),
  field("replacementTrigger", "property"),
  field("refreshBeforeUpdate", "refused"),
  field("viewOf", "refused"),
  field("resourceHooks", "refused"),
  field("extensionRef", "refused"),
  field("snippetID", "refused"),
];

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((known) => [known.name, known]));

const TIMEOUTS = ["create", "update", "delete", "read"] as const;

/** The JSON text of a resource. */
export function resourceText(state: ResourceState, ciphertexts: Ciphertexts): string {
  const values: Readonly<Record<string, unknown>> = { ...state };
  const others = state.others ?? {};
  const parts: string[] = [];
  for (const { name, kind, key, always } of FIELDS) {
    const value = kind === "carried" ? others[name] : values[key];
    if (always || !isZero(value, kind)) {
      parts.push(`"${name}":${fieldText(name, kind, value, state.urn, ciphertexts)}`);
    }
  }
  for (const [name, value] of Object.entries(others)) {
    if (!BY_NAME.has(name)) parts.push(`${quote(name)}:${carriedText(value)}`);
  }
  return `{${parts.join(",")}}`;
}

function fieldText(name: string, kind: Kind, value: unknown, urn: string, ciphertexts: Ciphertexts): string {
  switch (kind) {
    case "properties":
      return propertiesText(value as PropertyMap, name, ciphertexts.sealIn(urn));
    case "property":
      return propertyText(value as PropertyValue, name, ciphertexts.sealIn(urn));
    case "lists": {
      const lists = value as Readonly<Record<string, readonly string[]>>;
      return `{${sortedKeys(lists)
        .map((key) => `${quote(key)}:${carriedText(lists[key])}`)
        .join(",")}}`;
    }
    case "timeouts":
      return timeoutsText(value as CustomTimeouts);
    default:
      return carriedText(value);
  }
}

function timeoutsText(timeouts: CustomTimeouts): string {
  const given = TIMEOUTS.flatMap((name) => {
    const seconds = timeouts[name];
    return seconds ? [`"${name}":${numberText(seconds)}`] : [];
  });
  return `{${given.join(",")}}`;
}

/** What Go leaves out: false, empty texts, lists and maps, and timeouts that are all 0. */
function isZero(value: unknown, kind: Kind): boolean {
  if (value === undefined || value === null) return true;
  if (kind === "property") return false;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value !== "object") return value === false || value === "";
  return Object.values(value).every((item) => kind === "timeouts" && item === 0);
}

/** Reads a resource. What is wrong with it is added to `problems`; `subject` says where it stands. */
export function readResource(
  value: unknown,
  subject: string,
  ciphertexts: Ciphertexts,
  problems: string[],
): ResourceState | undefined {
  if (!isMap(value)) {
    problems.push(`${subject}: expected a map`);
    return undefined;
  }
  const urn = typeof value.urn === "string" ? value.urn : "";
  const named = urn === "" ? subject : `${subject} (${urn})`;
  const found: Record<string, unknown> = {
    urn: "",
    type: "",
    custom: false,
    inputs: {},
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
  };
  const others: Record<string, unknown> = {};
  const before = problems.length;
  for (const [name, item] of Object.entries(value)) {
    const known = BY_NAME.get(name);
    if (known === undefined || known.kind === "carried") others[name] = item;
    else if (known.kind === "refused") {
      if (!isZero(item, known.kind))
        problems.push(`${named}: uses ${name}, which this engine does not implement`);
    } else if (item !== null) {
      try {
        found[known.key] = readField(known, item, urn, ciphertexts);
      } catch (error) {
        problems.push(`${named}: ${(error as Error).message}`);
      }
    }
  }
  if (urn === "") problems.push(`${named}: has no urn`);
  if (found.type === "") problems.push(`${named}: has no type`);
  if (problems.length > before) return undefined;
  if (Object.keys(others).length > 0) found.others = others;
  // Every field was read by the kind that it has in ResourceState, and those that it must have were given above.
  return found as unknown as ResourceState;
}

function readField({ name, kind }: Field, value: unknown, urn: string, ciphertexts: Ciphertexts): unknown {
  switch (kind) {
    case "text":
      return expected(typeof value === "string", value, name, "a text");
    case "time":
      return expected(isTime(value), value, name, "a time of RFC 3339");
    case "flag":
      return expected(typeof value === "boolean", value, name, "true or false");
    case "texts":
      return expected(isTexts(value), value, name, "a list of texts");
    case "lists":
      return readLists(value, name);
    case "timeouts":
      return expected(isMap(value) && Object.values(value).every(isNumber), value, name, "a map of seconds");
    case "properties":
      return readProperties(value, name, ciphertexts.open, ciphertexts.seenIn(urn));
    default:
      return readProperty(value, name, ciphertexts.open, ciphertexts.seenIn(urn));
  }
}

function expected(holds: boolean, value: unknown, name: string, form: string): unknown {
  if (!holds) throw new Error(`${name}: expected ${form}`);
  return value;
}

/** Where a list is missing, Go writes null. */
function readLists(value: unknown, name: string): Record<string, readonly string[]> {
  if (!isMap(value)) throw new Error(`${name}: expected a map of lists`);
  return Object.fromEntries(
    Object.entries(value).map(([key, list]) => {
      if (list === null) return [key, []];
      if (!isTexts(list)) throw new Error(`${name}: ${key}: expected a list of texts`);
      return [key, list];
    }),
  );
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** With any number of digits of a second, which are kept as they are. */
function isTime(value: unknown): boolean {
  return (
    typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)
  );
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
