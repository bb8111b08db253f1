/**
 * Builds the fields of the schema. Each field carries what people are told about it: a description, what it is
 * called in a sentence, and what is allowed. Mistakes, the editors' schema and the reference are made of these.
 */
import { z } from "zod";

/** What a text must look like. */
export interface Form {
  /** Completes "… is not": `a lower-case host name`. */
  readonly noun: string;
  /** Completes "allowed:". */
  readonly allowed: string;
  readonly pattern: RegExp;
  /** Says why a value of the right form is refused all the same; undefined when it is not. */
  readonly refuse?: (value: string) => string | undefined;
}

/** What a mistake says of a field. */
export interface Facts {
  readonly noun: string;
  readonly allowed: string;
}

export const fieldFacts = z.registry<Facts>();

// Registers instead of calling `describe`, and adds all checks in one call: either makes one more copy of every
// field, and making fields is most of the time that loading the schema takes.
function known<T extends z.ZodType>(
  field: T,
  description: string,
  noun: string,
  allowed: string,
  keywords: Readonly<Record<string, unknown>> = {},
): T {
  // The global registry is what zod makes the editors' schema from; `keywords` go into it as they are.
  z.globalRegistry.add(field, { description, ...keywords });
  fieldFacts.add(field, { noun, allowed });
  return field;
}

export function text(description: string, form: Form) {
  const checks: z.core.CheckFn<string>[] = [];
  const { refuse } = form;
  if (refuse !== undefined) {
    checks.push(({ value, issues }) => {
      const reason = refuse(value);
      if (reason !== undefined) issues.push({ code: "custom", message: reason, input: value });
    });
  }
  const field = z.string().check(z.regex(form.pattern, { abort: true }), ...checks);
  return known(field, description, form.noun, form.allowed, {
    patternErrorMessage: `allowed: ${form.allowed}`,
  });
}

export function integer(description: string, least: number, most: number) {
  const field = z.int().check(z.gte(least), z.lte(most));
  return known(field, description, "an integer", `${least} to ${most}`);
}

export function port(description: string) {
  return integer(description, 1, 65535);
}

export function flag(description: string) {
  return known(z.boolean(), description, "a yes or no", "true or false");
}

export function choice<const T extends readonly [string, ...string[]]>(description: string, values: T) {
  return known(z.enum(values), description, "one of the choices", values.join(", "));
}

/** The one value that a key has in one form of a group. */
export function fixed<const T extends string>(description: string, value: T) {
  return known(z.literal(value), description, "one of the choices", value);
}

/** A list in which the order counts and an entry may stand twice. */
export function sequence<T extends z.ZodType>(description: string, item: T, least = 0) {
  const allowed = least === 0 ? "a list" : `a list of at least ${least}`;
  return known(z.array(item).check(z.minLength(least)), description, "a list", allowed);
}

/** A check that runs beside mistakes in the entries too, so that all of them are told at once. */
function alsoWhenMistaken(check: z.core.CheckFn<unknown[]>): z.core.$ZodCheck<unknown[]> {
  const when = ({ value }: z.core.ParsePayload) => Array.isArray(value);
  return { _zod: { check, def: { check: "custom", when }, onattach: [] } };
}

/** A list in which no entry stands twice. */
export function list<T extends z.ZodType>(description: string, item: T, least = 0) {
  const allowed = least === 0 ? "a list, each entry once" : `a list of at least ${least}, each entry once`;
  const field = z.array(item).check(
    z.minLength(least),
    alsoWhenMistaken(({ value, issues }) => {
      const texts = value.map((entry) => JSON.stringify(entry));
      texts.forEach((entry, index) => {
        if (texts.indexOf(entry) === index) return;
        const message = "stands in the list twice";
        issues.push({ code: "custom", path: [index], message, input: value[index] });
      });
    }),
  );
  return known(field, description, "a list", allowed, { uniqueItems: true });
}

/** A group of settings. Keys that it does not name are mistakes. */
export function group<T extends z.core.$ZodShape>(description: string, shape: T) {
  const field = z.strictObject(shape);
  return known(field, description, "a group of settings", `keys ${Object.keys(shape).join(", ")}`);
}

/** A group whose other keys follow from one of them. */
export function union<
  const T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(description: string, discriminator: string, groups: T) {
  const field = z.discriminatedUnion(discriminator, groups);
  return known(field, description, "a group of settings", `${discriminator}, and what it asks for`);
}

/** A group with free keys, at least one. */
export function mapping(description: string, key: Form, value: Form) {
  const keys = text("A key.", key);
  const field = z.record(keys, text("A value.", value)).check(({ value: entries, issues }) => {
    if (Object.keys(entries).length > 0) return;
    issues.push({ code: "custom", message: "names no key", input: entries });
  });
  return known(
    field,
    description,
    "a group of settings",
    `at least one key and value; a key: ${key.allowed}`,
  );
}
