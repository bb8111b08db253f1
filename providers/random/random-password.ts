/**
 * random:index/randomPassword:RandomPassword. The password and its bcrypt hash stand in the state alone, as secrets:
 * nothing can drift, and an interrupted create leaves nothing behind. Every change makes a new password.
 */
import { hash } from "bcryptjs";
import type { CheckFailure } from "../../engine/provider/provider";
import { isUnknown, type PropertyMap } from "../../engine/provider/values";
import { Plain } from "../table/plain";
import type { ResourceType } from "../table/resource-type";
import type { Field } from "../table/table";
import { randomCharacters, shuffled } from "./random-text";

/** The official provider's special characters. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";
const BCRYPT_COST = 10;
const LONGEST = 65_536;

/** Each kind of character: which input allows it, which one demands some of it. */
const KINDS = [
  { allowed: "lower", least: "minLower", characters: "abcdefghijklmnopqrstuvwxyz" },
  { allowed: "upper", least: "minUpper", characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
  { allowed: "numeric", least: "minNumeric", characters: "0123456789" },
  { allowed: "special", least: "minSpecial", characters: SPECIAL },
] as const;

const allowed: Field = { type: "flag", default: true, replaces: true };
const least: Field = { type: "integer", default: 0, replaces: true, refuse: atLeast(0) };

export const randomPassword: ResourceType<undefined> = {
  noun: "password",
  table: {
    fields: {
      length: { type: "integer", required: true, replaces: true, refuse: atLeast(1) },
      keepers: { type: "map", replaces: true },
      lower: allowed,
      upper: allowed,
      numeric: { ...allowed, follows: "number" },
      // The deprecated twin of numeric.
      number: { type: "flag", computed: true, replaces: true },
      special: allowed,
      minLower: least,
      minUpper: least,
      minNumeric: least,
      minSpecial: least,
      overrideSpecial: { type: "text", replaces: true },
      result: { type: "text", outputOnly: true, secret: true },
      bcryptHash: { type: "text", outputOnly: true, secret: true },
    },
    defaultsStandIn: "outputs",
    deleteBeforeReplace: "never",
    refuse: refuseTogether,
  },
  async create(_server, inputs) {
    const given = settled(inputs.properties);
    const settings = { ...given, number: given.numeric ?? true };
    return { id: "none", outputs: await outputsOf(settings, makePassword(settings)) };
  },
  async read(_server, id, known) {
    if (known?.has("result")) return { id, properties: known.properties };
    // The id of an import is the password itself; the state gets the id that every password has.
    return { id: "none", properties: await outputsOf(settled({ length: [...id].length }), id) };
  },
  async delete() {},
};

function atLeast(bound: number): NonNullable<Field["refuse"]> {
  return (value) =>
    typeof value === "number" && value >= bound && value <= LONGEST
      ? undefined
      : `must be ${bound} to ${LONGEST}, not ${JSON.stringify(value)}`;
}

function settled(given: PropertyMap): PropertyMap {
  const defaults = KINDS.flatMap(({ allowed, least }) => [
    [allowed, true],
    [least, 0],
  ]);
  const { __defaults: _, ...inputs } = given;
  return { ...Object.fromEntries(defaults), ...inputs };
}

function charactersOf(settings: PropertyMap, kind: (typeof KINDS)[number]): string {
  if (kind.allowed !== "special") return kind.characters;
  const own = settings.overrideSpecial;
  return typeof own === "string" && own !== "" ? own : kind.characters;
}

function makePassword(properties: PropertyMap): string {
  const settings = new Plain(properties);
  const demanded = KINDS.flatMap((kind) =>
    randomCharacters(charactersOf(properties, kind), settings.integer(kind.least)),
  );
  const all = KINDS.filter((kind) => settings.flag(kind.allowed))
    .map((kind) => charactersOf(properties, kind))
    .join("");
  return shuffled([...demanded, ...randomCharacters(all, settings.integer("length") - demanded.length)]).join(
    "",
  );
}

/** bcrypt looks at the first 72 bytes of a password, however long it is. */
async function outputsOf(settings: PropertyMap, result: string): Promise<PropertyMap> {
  return { ...settings, result, bcryptHash: await hash(result, BCRYPT_COST) };
}

function refuseTogether(inputs: PropertyMap): CheckFailure[] {
  const settings = settled(inputs);
  if (Object.values(settings).some(isUnknown)) return [];
  const given = new Plain(settings);
  const failures: CheckFailure[] = [];
  if (given.has("number") && given.flag("number") !== given.flag("numeric")) {
    failures.push({
      property: "number",
      reason: "must be as numeric, of which it is the older name: remove it",
    });
  }
  const demanded = KINDS.reduce((sum, { least }) => sum + given.integer(least), 0);
  if (demanded > given.integer("length")) {
    const reason = `must be at least ${demanded}, what minLower, minUpper, minNumeric and minSpecial demand together, not ${given.integer("length")}`;
    failures.push({ property: "length", reason });
  }
  if (!KINDS.some(({ allowed }) => given.flag(allowed))) {
    failures.push({ property: "lower", reason: "one of lower, upper, numeric and special must be true" });
  }
  return failures;
}
