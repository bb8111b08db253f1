/** Reads the schema's own structure: which keys a group knows, which field stands at a path, what is allowed. */
import { z } from "zod";
import { type Facts, fieldFacts } from "./fields";

export type Schema = z.core.$ZodType;
export type Path = readonly (string | number)[];

/** The field itself, without "may be left out", defaults and conversions around it. */
export function bare(schema: Schema): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional)
    return bare(schema.def.innerType);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return bare(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return bare(schema.def.in);
  return schema;
}

/** The forms a value can take: the options of a union, otherwise the field alone. */
export function forms(schema: Schema): readonly Schema[] {
  const field = bare(schema);
  return field instanceof z.ZodDiscriminatedUnion ? field.def.options.map(bare) : [field];
}

/** The key whose value says which form of a union a group has. */
export function discriminatorOf(schema: Schema): string | undefined {
  const field = bare(schema);
  return field instanceof z.ZodDiscriminatedUnion ? field.def.discriminator : undefined;
}

/** The forms that a value can be meant as: the one that its discriminator names, or all of them. */
export function formsFor(schema: Schema, value: unknown): readonly Schema[] {
  const all = forms(schema);
  const key = discriminatorOf(schema);
  if (key === undefined || !isGroup(value)) return all;
  const named = all.filter((form) => {
    const field = form instanceof z.ZodObject ? form.shape[key] : undefined;
    return field !== undefined && z.safeParse(field, value[key]).success;
  });
  return named.length > 0 ? named : all;
}

/** Keys that a group knows. Undefined when it takes any key, or is no group. */
export function keysOf(schema: Schema, value: unknown): readonly string[] | undefined {
  const groups = formsFor(schema, value).filter((form) => form instanceof z.ZodObject);
  if (groups.length === 0) return undefined;
  return [...new Set(groups.flatMap((form) => Object.keys(form.shape)))];
}

/** The field under one key of a group or at one place of a list. */
export function childOf(schema: Schema, value: unknown, key: string | number): Schema | undefined {
  for (const form of formsFor(schema, value)) {
    if (form instanceof z.ZodObject && Object.hasOwn(form.shape, key)) return form.shape[key];
    if (form instanceof z.ZodRecord) return form.valueType;
    if (form instanceof z.ZodArray) return form.element;
  }
  return undefined;
}

/** The field at a path. `value` is what stands at the path's beginning: it decides between a union's forms. */
export function fieldAt(schema: Schema, value: unknown, path: Path): Schema | undefined {
  let field: Schema | undefined = schema;
  let here = value;
  for (const key of path) {
    if (field === undefined) return undefined;
    field = childOf(field, here, key);
    here = isGroup(here) || Array.isArray(here) ? (here as Record<string | number, unknown>)[key] : undefined;
  }
  return field;
}

export function factsOf(schema: Schema): Facts | undefined {
  return fieldFacts.get(bare(schema));
}

/** Whether a field takes a few given values only: what stands there is then no secret, whatever the key says. */
export function isChoice(schema: Schema): boolean {
  const field = bare(schema);
  return field instanceof z.ZodEnum || field instanceof z.ZodLiteral;
}

/** What a field is for. */
export function descriptionOf(schema: Schema): string {
  return z.globalRegistry.get(bare(schema))?.description ?? "";
}

/** The values that the discriminator of a union can have. */
export function discriminatorValues(schema: Schema): readonly string[] {
  const key = discriminatorOf(schema);
  if (key === undefined) return [];
  return forms(schema).flatMap((form) => {
    const field = form instanceof z.ZodObject ? form.shape[key] : undefined;
    return field instanceof z.ZodLiteral ? [...field.values].map(String) : [];
  });
}

export function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
