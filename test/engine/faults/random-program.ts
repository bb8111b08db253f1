/**
 * Random programs of the `testing` provider, as data, and what runs them. A resource has one of few slots, so that
 * two programs make edits of each other. Everything that a program could do wrong by itself is left out: what it
 * declares can always be deployed, unless something fails.
 */
import fc from "fast-check";
import type { ResourceAnswer } from "../../../engine/monitor/requests";
import { type PropertyMap, type PropertyValue, secret, UNKNOWN } from "../../../engine/property/values";
import { parseUrn } from "../../../engine/urn";
import type { Body, Extra, Program } from "../deploy/program";
import { NAMED } from "../support/testing-provider";
import type { World } from "../support/testing-world";

/**
 * - `named` keeps its name as long as its place in the program; it is deleted before it is replaced.
 * - `moving` gets another name with each program, and is made before the old one is deleted.
 * - `import` takes over an object that exists, `read` reads one that nobody may touch.
 */
export type Kind = "named" | "moving" | "made" | "value" | "part" | "provider" | "import" | "read";

export interface ResourceSpec {
  readonly slot: number;
  readonly kind: Kind;
  /** It goes by its other name, and says how it was called. */
  readonly renamed: boolean;
  /** It says that it had no parent. */
  readonly moved: boolean;
  readonly value: number;
  readonly secretValue: boolean;
  readonly replaceOn: number;
  /** Resources before it, counted back from it; those that do not exist are not meant. */
  readonly parent: number;
  readonly dependsOn: readonly number[];
  readonly valueFrom: number;
  readonly replaceOnFrom: number;
  readonly provider: number;
  readonly within: number;
  readonly replaceWith: number;
  readonly protect: boolean;
  readonly retain: boolean;
  readonly ignoreChanges: boolean;
  /** Of a provider: it is deleted before it is replaced. */
  readonly replaceOnChanges: boolean;
  readonly secretOutputs: boolean;
  readonly trigger: number;
}

export interface ProgramSpec {
  readonly resources: readonly ResourceSpec[];
  /** Each resource is registered when the one before it is there, not when what it refers to is. */
  readonly sequential: boolean;
}

export const SLOTS = 6;

const seldom = (odds: number) => fc.nat(odds - 1).map((number) => number === 1);
const sometimes = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
);

const KINDS: readonly { readonly weight: number; readonly kind: Kind }[] = [
  { weight: 5, kind: "named" },
  { weight: 3, kind: "moving" },
  { weight: 3, kind: "made" },
  { weight: 1, kind: "value" },
  { weight: 3, kind: "part" },
  { weight: 2, kind: "provider" },
  { weight: 1, kind: "import" },
  { weight: 1, kind: "read" },
];

const resource: fc.Arbitrary<ResourceSpec> = fc.record({
  slot: fc.nat(SLOTS - 1),
  kind: fc.oneof(...KINDS.map(({ weight, kind }) => ({ weight, arbitrary: fc.constant(kind) }))),
  renamed: seldom(5),
  moved: seldom(4),
  value: fc.nat(2),
  secretValue: seldom(4),
  replaceOn: fc.nat(1),
  parent: sometimes,
  dependsOn: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 }),
  valueFrom: sometimes,
  replaceOnFrom: sometimes,
  provider: sometimes,
  within: sometimes,
  replaceWith: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
  ),
  protect: seldom(12),
  retain: seldom(8),
  ignoreChanges: seldom(8),
  replaceOnChanges: seldom(8),
  secretOutputs: seldom(6),
  trigger: fc.nat(4),
});

export const program: fc.Arbitrary<ProgramSpec> = fc.record({
  resources: fc.uniqueArray(resource, { maxLength: SLOTS, selector: ({ slot }) => slot }),
  sequential: fc.boolean(),
});

/** What a resource is called in a program. */
export function nameOf({ slot, renamed }: ResourceSpec): string {
  return `${renamed ? "q" : "r"}${slot}`;
}

/** The other name of the same slot. */
function otherName(name: string): string {
  return `${name.startsWith("r") ? "q" : "r"}${name.slice(1)}`;
}

/** Objects that a program takes for granted: they are there, and were made by somebody else. */
export function prepareWorld(spec: ProgramSpec, world: World): void {
  for (const { slot, kind } of spec.resources) {
    if (kind !== "import" && kind !== "read") continue;
    const id = foreignId(slot, kind);
    if (world.object(NAMED, id) !== undefined) continue;
    const inputs = { name: id, value: "made by somebody else" };
    world.record({ effect: "created", type: NAMED, id, urn: "", inputs });
  }
}

function foreignId(slot: number, kind: "import" | "read"): string {
  return kind === "import" ? `i${slot}` : `x${slot}`;
}

/** The program; `edit` tells it from those before. */
export function bodyOf(spec: ProgramSpec, edit: number): Body {
  return async (p) => {
    const made: Promise<ResourceAnswer>[] = [];
    for (const [index, one] of spec.resources.entries()) {
      const registered = (async () => {
        if (spec.sequential) await made[index - 1];
        return register(p, one, edit, (back, fits) => {
          const other = back === 0 ? undefined : spec.resources[index - back];
          return other !== undefined && fits(other) ? made[index - back] : undefined;
        });
      })();
      made.push(registered);
    }
    const answers = await Promise.all(made);
    await p.outputs(Object.fromEntries(answers.map(({ urn }, index) => [`resource${index}`, urn])));
  };
}

/** What was registered so many places before, if it fits. */
type Before = (back: number, fits: (spec: ResourceSpec) => boolean) => Promise<ResourceAnswer> | undefined;

function is(...kinds: Kind[]): (spec: ResourceSpec) => boolean {
  return ({ kind }) => kinds.includes(kind);
}

/** Children inherit with what their parent is deleted, and that it is retained; here they are left out of that. */
function canBeParent({ kind, within, retain }: ResourceSpec): boolean {
  return kind === "part" || ((kind === "named" || kind === "made") && within === 0 && !retain);
}

async function register(
  p: Program,
  spec: ResourceSpec,
  edit: number,
  before: Before,
): Promise<ResourceAnswer> {
  const { slot, kind } = spec;
  const name = nameOf(spec);
  const parent = await before(spec.parent, canBeParent);
  const depended = await Promise.all(spec.dependsOn.flatMap((back) => before(back, () => true) ?? []));
  const dependsOn = depended.map(({ urn }) => urn);
  const aliasSpecs = [
    { name: otherName(name), noParent: false },
    ...(spec.moved ? [name, otherName(name)].map((former) => ({ name: former, noParent: true })) : []),
  ];
  const common: Extra = {
    dependsOn,
    aliasSpecs,
    ...(parent === undefined ? {} : { parent: parent.urn }),
    ...(spec.protect && kind !== "read" ? { protect: true } : {}),
  };
  if (kind === "part") return p.component(name, { value: spec.value }, common);
  if (kind === "provider") {
    const first = spec.replaceOnChanges ? { deleteBeforeReplace: true } : {};
    const configuration = { region: `${spec.value}`, replaceOn: `${spec.replaceOn}` };
    return p.provider(name, configuration, { ...common, ...first });
  }
  if (kind === "read") {
    return p.read(NAMED, name, foreignId(slot, kind), { ...common, ...(await providerOf(spec, before)) });
  }
  const inputs = await inputsOf(spec, before);
  const options = await optionsOf(spec, common, before);
  if (kind === "value") return p.value(name, inputs.properties, { ...options, from: inputs.from });
  if (kind === "made") return p.made(name, inputs.properties, { ...options, from: inputs.from });
  const place = parent === undefined ? "" : `-${parseUrn(parent.urn).qualifiedType}`;
  const called = { named: `n${slot}${place}`, moving: `m${slot}${place}-${edit}`, import: `i${slot}` }[kind];
  const properties = { ...inputs.properties, name: called };
  if (kind === "import") {
    return p.named(name, properties, {
      ...common,
      from: inputs.from,
      importId: called,
      deleteBeforeReplace: true,
      ...QUICK,
    });
  }
  return p.named(name, properties, {
    ...options,
    from: inputs.from,
    ...(kind === "named" ? { deleteBeforeReplace: true, retainOnDelete: false } : {}),
  });
}

/** What hangs is given up soon. */
const QUICK = { customTimeouts: { create: "5ms", update: "5ms", delete: "5ms" } };

async function inputsOf(spec: ResourceSpec, before: Before) {
  const { kind, value, secretValue, replaceOn } = spec;
  const source = await before(spec.valueFrom, is("named", "moving", "made", "value"));
  const plain: PropertyValue = source === undefined ? `${value}` : (source.outputs.computed ?? UNKNOWN);
  const properties: Record<string, PropertyValue> = { value: secretValue ? secret(plain) : plain };
  const from: Record<string, string[]> = source === undefined ? {} : { value: [source.urn] };
  // What is imported may not be replaced.
  if (kind === "import") return { properties: properties as PropertyMap, from };
  const cause = await before(spec.replaceOnFrom, is("named", "moving", "made", "value"));
  properties.replaceOn = cause === undefined ? `${replaceOn}` : (cause.outputs.computed ?? UNKNOWN);
  if (cause !== undefined) from.replaceOn = [cause.urn];
  const container = await containerOf(spec, before);
  if (container !== undefined) {
    properties.within = container.id || UNKNOWN;
    from.within = [container.urn];
  }
  return { properties: properties as PropertyMap, from };
}

function containerOf({ within }: ResourceSpec, before: Before): Promise<ResourceAnswer> | undefined {
  return before(within, is("named", "moving", "made"));
}

async function providerOf(spec: ResourceSpec, before: Before): Promise<Pick<Extra, "provider">> {
  const provider = await before(spec.provider, is("provider"));
  return provider === undefined ? {} : { provider: `${provider.urn}::${provider.id || UNKNOWN}` };
}

async function optionsOf(spec: ResourceSpec, common: Extra, before: Before): Promise<Extra> {
  const container = await containerOf(spec, before);
  const companion = await before(spec.replaceWith, is("named", "moving", "made", "value"));
  return {
    ...common,
    ...QUICK,
    ...(await providerOf(spec, before)),
    ...(container === undefined ? {} : { deletedWith: container.urn }),
    ...(companion === undefined ? {} : { replaceWith: [companion.urn] }),
    ...(spec.retain ? { retainOnDelete: true } : {}),
    ...(spec.ignoreChanges ? { ignoreChanges: ["value"] } : {}),
    ...(spec.replaceOnChanges ? { replaceOnChanges: ["value"] } : {}),
    ...(spec.secretOutputs ? { additionalSecretOutputs: ["computed"] } : {}),
    ...(spec.trigger < 2 ? { trigger: `${spec.trigger}` } : {}),
  };
}
