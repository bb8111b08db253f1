/**
 * Checks a value against a JSON Schema, as far as policies may use it: the keywords of PolicyConfigJSONSchema of
 * @pulumi/policy, with the meaning of draft 7. Other keywords are ignored.
 */
import { isIP } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "./judgement";

type Schema = { readonly [key: string]: Json };

/** A part of a value that is not as its schema says. */
export interface SchemaProblem {
  /** Where: `names[0].first`; empty for the value itself. */
  readonly path: string;
  /** What is wrong and what is allowed, without the value. */
  readonly message: string;
}

/** Every problem of a value; none when it is valid. */
export function schemaProblems(schema: Json | undefined, value: Json, path = ""): SchemaProblem[] {
  if (schema === false) return [{ path, message: "is not allowed" }];
  if (!isObject(schema)) return [];
  const wrongType = typeProblem(schema.type, value);
  if (wrongType !== undefined) return [{ path, message: wrongType }];
  const messages = [
    ...valueProblems(schema, value),
    ...(typeof value === "number" ? numberProblems(schema, value) : []),
    ...(typeof value === "string" ? textProblems(schema, value) : []),
  ];
  return [
    ...messages.map((message) => ({ path, message })),
    ...(Array.isArray(value) ? listProblems(schema, value, path) : []),
    ...(isObject(value) ? objectProblems(schema, value, path) : []),
  ];
}

function isObject(value: Json | undefined): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function typeProblem(type: Json | undefined, value: Json): string | undefined {
  if (type === undefined) return undefined;
  const allowed = (Array.isArray(type) ? type : [type]) as readonly Json[];
  const found = typeOf(value);
  const fits = allowed.some((name) => name === found || (name === "integer" && Number.isInteger(value)));
  return fits ? undefined : `has to be of type ${allowed.join(" or ")}, found ${found}`;
}

function valueProblems(schema: Schema, value: Json): string[] {
  const problems: string[] = [];
  if (Array.isArray(schema.enum) && !schema.enum.some((allowed: Json) => isDeepStrictEqual(allowed, value))) {
    problems.push(
      `has to be one of ${schema.enum.map((allowed: Json) => JSON.stringify(allowed)).join(", ")}`,
    );
  }
  if (schema.const !== undefined && !isDeepStrictEqual(schema.const, value)) {
    problems.push(`has to be ${JSON.stringify(schema.const)}`);
  }
  return problems;
}

/** One message for every limit that a number goes beyond. */
function limits(
  schema: Schema,
  checks: readonly (readonly [keyword: string, fits: (limit: number) => boolean, message: string])[],
): string[] {
  return checks.flatMap(([keyword, fits, message]) => {
    const limit = schema[keyword];
    return typeof limit === "number" && !fits(limit) ? [message.replace("#", String(limit))] : [];
  });
}

function numberProblems(schema: Schema, value: number): string[] {
  return limits(schema, [
    ["minimum", (limit) => value >= limit, "has to be at least #"],
    ["maximum", (limit) => value <= limit, "has to be at most #"],
    ["exclusiveMinimum", (limit) => value > limit, "has to be greater than #"],
    ["exclusiveMaximum", (limit) => value < limit, "has to be less than #"],
    ["multipleOf", (limit) => isMultiple(value, limit), "has to be a multiple of #"],
  ]);
}

/** 0.3 is a multiple of 0.1, although no binary fraction is. */
function isMultiple(value: number, factor: number): boolean {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}

function textProblems(schema: Schema, value: string): string[] {
  const { length } = [...value];
  const problems = limits(schema, [
    ["minLength", (limit) => length >= limit, "has to have at least # characters"],
    ["maxLength", (limit) => length <= limit, "has to have at most # characters"],
  ]);
  const { pattern, format } = schema;
  if (typeof pattern === "string" && !matches(pattern, value)) problems.push(`has to match ${pattern}`);
  const check = typeof format === "string" ? FORMATS[format] : undefined;
  if (check !== undefined && !check(value)) problems.push(`has to be of the format ${format}`);
  return problems;
}

/** A pattern that is no regular expression matches nothing. */
function matches(pattern: string, value: string): boolean {
  return (expression(pattern, "u") ?? expression(pattern, ""))?.test(value) ?? false;
}

function expression(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

const isDate = (value: string): boolean => !Number.isNaN(Date.parse(value));

const FORMATS: Readonly<Record<string, ((value: string) => boolean) | undefined>> = {
  date: (value) => /^\d{4}-\d\d-\d\d$/.test(value) && isDate(value),
  "date-time": (value) =>
    /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.test(value) && isDate(value),
  email: (value) => /^[^\s@]+@[^\s@]+$/.test(value),
  hostname: (value) =>
    value.length < 254 && value.split(".").every((part) => /^(?!-)[\da-z-]{1,63}(?<!-)$/i.test(part)),
  ipv4: (value) => isIP(value) === 4,
  ipv6: (value) => isIP(value) === 6,
  regex: (value) => expression(value, "") !== undefined,
  uri: (value) => URL.canParse(value),
  uuid: (value) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
};

function listProblems(schema: Schema, value: readonly Json[], path: string): SchemaProblem[] {
  const { items, additionalItems, contains, uniqueItems } = schema;
  const messages = limits(schema, [
    ["minItems", (limit) => value.length >= limit, "has to have at least # items"],
    ["maxItems", (limit) => value.length <= limit, "has to have at most # items"],
  ]);
  if (
    uniqueItems === true &&
    value.some((item, at) => value.slice(at + 1).some((other) => isDeepStrictEqual(item, other)))
  ) {
    messages.push("has to have no item twice");
  }
  if (contains !== undefined && !value.some((item) => schemaProblems(contains, item).length === 0)) {
    messages.push("has no item that its schema asks for (contains)");
  }
  const schemaOf = (at: number): Json | undefined =>
    Array.isArray(items) ? (at < items.length ? (items[at] as Json) : additionalItems) : items;
  return [
    ...messages.map((message) => ({ path, message })),
    ...value.flatMap((item, at) => schemaProblems(schemaOf(at), item, `${path}[${at}]`)),
  ];
}

function objectProblems(schema: Schema, value: Schema, path: string): SchemaProblem[] {
  const { required, additionalProperties, propertyNames, dependencies } = schema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const patterns = isObject(schema.patternProperties) ? Object.entries(schema.patternProperties) : [];
  const below = (key: string): string => (path === "" ? key : `${path}.${key}`);
  const keys = Object.keys(value);
  const needed = (names: Json | undefined, why: string): SchemaProblem[] =>
    Array.isArray(names)
      ? names
          .filter((name: Json) => !Object.hasOwn(value, String(name)))
          .map((name: Json) => ({ path: below(String(name)), message: `is required${why}` }))
      : [];
  const messages = limits(schema, [
    ["minProperties", (limit) => keys.length >= limit, "has to have at least # properties"],
    ["maxProperties", (limit) => keys.length <= limit, "has to have at most # properties"],
  ]);
  return [
    ...messages.map((message) => ({ path, message })),
    ...needed(required, ""),
    ...keys.flatMap((key) => {
      const own = Object.hasOwn(properties, key) ? [properties[key]] : [];
      const matching = patterns.filter(([pattern]) => matches(pattern, key)).map(([, schema]) => schema);
      const schemas = own.length + matching.length > 0 ? [...own, ...matching] : [additionalProperties];
      const item = value[key] as Json;
      return [
        ...schemaProblems(propertyNames, key, below(key)),
        ...schemas.flatMap((schema) => schemaProblems(schema, item, below(key))),
      ];
    }),
    ...Object.entries(isObject(dependencies) ? dependencies : {}).flatMap(([key, dependency]) => {
      if (!Object.hasOwn(value, key)) return [];
      return Array.isArray(dependency)
        ? needed(dependency, ` beside ${key}`)
        : schemaProblems(dependency, value, path);
    }),
  ];
}
