/**
 * Whatever name of another environment is put anywhere in a real stack, in any form and encoding of visible.ts, is
 * found where it was put, and words that only look like such a name are not. The environments are KeyBuzz's own, with
 * all their names made others.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { subjectOf } from "../../../cli/check/subject";
import { readEnvironmentFile } from "../../../config";
import { type EnvironmentFacts, type Estate, estateOf } from "../../../policies/estate";
import { judgeReferences } from "../../../policies/foreign";
import type { ReferenceKind } from "../../../policies/ownership";
import type { Resource } from "../../../policies/resource";
import type { Finding } from "../../../policies/rule";
import { isMap, isUnknown, type Path, pathText, type Value, valueAt } from "../../../policies/value";
import { repository, trial } from "../../support/project";
import { seed } from "../../support/seed";
import { encodings, forms, type Place, places, settings, typedPlaces, withValue } from "./visible";

const KINDS = Object.keys(settings) as ReferenceKind[];

const files: Record<"dev" | "prod", string> = { dev: "", prod: "" };
const stacks: Record<"dev" | "prod", readonly Resource[]> = { dev: [], prod: [] };

beforeAll(async () => {
  const { declarations } = await trial(repository, { environments: ["dev", "prod"] });
  for (const declaration of declarations) {
    const name = declaration.environment as "dev" | "prod";
    files[name] = readFileSync(join(repository, `Pulumi.${name}.yaml`), "utf8");
    stacks[name] = subjectOf(declaration).declared.filter(({ provider }) => provider !== undefined);
  }
});

/** Names of one environment: what DEV's or PROD's become in its file and in its resources. */
interface Naming {
  readonly base: "dev" | "prod";
  readonly environment: string;
  readonly project: string;
  readonly domain: string;
  readonly port: number;
}

function renamed(text: string, { base, environment, project, domain, port }: Naming): string {
  return text
    .replaceAll(new RegExp(`(?<![a-z])${base}(?![a-z])`, "g"), environment)
    .replaceAll("keybuzz.io", `${project}.${domain}`)
    .replaceAll("keybuzz.pro", `${project}-site.${domain}`)
    .replaceAll(/keybuzz(?=[_/-])/g, project)
    .replaceAll(/(?<=tag: )(v[\w.-]+)(?=, buildScope: environment)/g, `$1-${environment}`)
    .replaceAll(/(?<=port: )400[01]$/gm, String(port));
}

/** Everything but the functions of unknown values is plain data. */
function renamedValue(value: Value, naming: Naming): Value {
  if (typeof value === "string") return renamed(value, naming);
  if (typeof value !== "object" || value === null || isUnknown(value)) return value;
  if (!isMap(value)) return value.map((item) => renamedValue(item, naming));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, renamedValue(item, naming)]));
}

const word = fc.stringMatching(/^[a-z]{2,5}[a-z0-9]{1,4}$/);
const namings = fc
  .record({
    bases: fc.constantFrom<("dev" | "prod")[]>(
      ["dev", "prod", "dev"],
      ["prod", "dev"],
      ["prod", "prod", "dev"],
    ),
    words: fc.uniqueArray(word, { minLength: 7, maxLength: 7 }),
    tld: fc.constantFrom("io", "example", "co.uk", "app"),
  })
  .map(({ bases, words, tld }): Naming[] =>
    bases.map((base, index) => ({
      base,
      environment: words[index] ?? "",
      // Environments of one project differ by the environment's word alone; sometimes each has a name of its own.
      project: words[3 + (words[6]?.length === 4 ? 0 : index)] ?? "",
      domain: `${words[index]}${index}.${tld}`,
      port: 4100 + index,
    })),
  );

interface World {
  readonly estate: Estate;
  readonly own: Naming;
  readonly others: readonly { readonly kind: ReferenceKind; readonly name: string }[];
}

function worldOf(all: readonly Naming[]): World {
  const facts = all.map((naming): EnvironmentFacts => {
    const reading = readEnvironmentFile(renamed(files[naming.base], naming));
    if (reading === undefined) throw new Error("the renamed file says nothing");
    return { name: naming.environment, ...reading };
  });
  const [own] = all;
  if (own === undefined) throw new Error("no environment");
  const estate = estateOf(own.environment, facts);
  const others = facts.slice(1).flatMap(({ claims }) =>
    claims.flatMap(({ kind, name }) => {
      const as: ReferenceKind = kind === "vault-prefix" ? "vault-path" : kind;
      return estate.owners.ownerOf(as, name)?.whose === "other" ? [{ kind: as, name }] : [];
    }),
  );
  return { estate, own, others };
}

function findingsOf(resource: Resource, estate: Estate): readonly Finding[] {
  const verdict = judgeReferences(resource, estate, KINDS);
  return verdict.outcome === "findings" ? verdict.findings : [];
}

const resourceFor = (of: RegExp, naming: Naming, pick: number): Resource => {
  const fitting = stacks[naming.base].filter(({ type }) => of.test(type));
  const resource = fitting[pick % fitting.length];
  if (resource === undefined) throw new Error(`no resource fits ${of}`);
  return { ...resource, properties: renamedValue(resource.properties, naming) as Resource["properties"] };
};

/** Puts a text, or a setting of that name, at a place; says where it then stands. */
function inserted(
  resource: Resource,
  place: Place,
  text: string,
  key = "SOMETHING",
): { changed: Resource; at: Path } {
  const value = place.write === undefined ? text : place.write(text);
  if (place.takes === "text") return { changed: withValue(resource, place.path, value), at: place.path };
  if (place.path.at(-1) !== "env") {
    const at = [...place.path, key];
    return { changed: withValue(resource, at, value), at };
  }
  const list = valueAt(resource.properties, ...place.path);
  const index = Array.isArray(list) ? list.length : 0;
  const at = [...place.path, index];
  return { changed: withValue(resource, at, { name: key, value }), at: [...at, "value"] };
}

type Pick = (count: number) => number;
const picks = fc.infiniteStream(fc.nat({ max: 1_000_000 })).map((stream): Pick => {
  return (count) => (stream.next().value as number) % count;
});
const one = <T>(list: readonly T[], pick: Pick): T => {
  const item = list[pick(list.length)];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
};

/** A setting's value as it is, or a text that says by its form what it names. */
function insertion(
  kind: ReferenceKind,
  name: string,
  own: Naming,
  pick: Pick,
): { changed: Resource; at: Path; how: string } {
  const typed = typedPlaces.filter((place) => place.kind === kind);
  const telling = forms.filter(({ kinds }) => kinds.includes(kind));
  const way = pick(4);
  if (way === 0 && typed.length > 0) {
    const place = one(typed, pick);
    const changed = withValue(
      resourceFor(place.of, own, pick(1000)),
      place.path,
      place.write?.(name) ?? name,
    );
    return { changed, at: place.path, how: `${place.of} ${pathText(place.path)}` };
  }
  if (way === 1 || telling.length === 0) {
    const place = one(
      places.filter(({ takes }) => takes === "setting"),
      pick,
    );
    const key = one(settings[kind], pick);
    return {
      ...inserted(resourceFor(place.of, own, pick(1000)), place, name, key),
      how: `${place.name}, ${key}`,
    };
  }
  const [form, encoding, place] = [one(telling, pick), one(encodings, pick), one(places, pick)];
  const text = encoding.write(form.write(name));
  const how = `${place.name}, ${form.name}, ${encoding.name}: ${text}`;
  return { ...inserted(resourceFor(place.of, own, pick(1000)), place, text), how };
}

/** Words that look like a name: none of them is one. */
const lookAlikes: readonly ((name: string, kind: ReferenceKind) => string)[] = [
  (name) => `x${name}`,
  (name) => `my-${name}`,
  (name) => `${name}x`,
  (name) => `${name}2`,
  // Behind a port nothing can stand: what a reader makes of such an address is not said anywhere.
  (name) => (/:\d+$/.test(name) ? `${name}0` : `${name}-old`),
  (name) => name.replace(/[_-](?=[^_-]*$)/, (sign) => (sign === "_" ? "-" : "_")),
  (name) => name.slice(0, -1),
  (name) => name.replace(/^./, ""),
  (name) => name.replace(/(.)(.)$/, "$2$1"),
  (name, kind) => (/host|mail|identity/.test(kind) ? `${name}.example.org` : `${name}_example`),
  (name, kind) => (/host|mail|identity/.test(kind) ? name.replace(/\.[a-z.]+$/, ".test") : `old_${name}`),
];

/** Texts in which another environment's whole name stands where it means nothing. */
const idle: readonly {
  readonly kinds: readonly ReferenceKind[];
  readonly write: (name: string) => string;
  /** Whether it means nothing as it is alone; inside of another text the part behind something else is read. */
  readonly bare?: boolean;
}[] = [
  { kinds: ["host"], write: (name) => `https://example.org/?q=${name}` },
  { kinds: ["host"], write: (name) => `https://example.org/${name}/x#${name}` },
  { kinds: ["host"], write: (name) => `https://${name}@example.org/` },
  { kinds: ["host"], write: (name) => `ops@${name}` },
  { kinds: ["host"], write: (name) => `/etc/tls/${name}.crt` },
  { kinds: ["database", "role"], write: (name) => `formerly ${name}, now another` },
  { kinds: ["database", "role"], write: (name) => `https://example.org/${name}?q=${name}` },
  { kinds: ["database", "role"], write: (name) => `postgres://u:${name}@h/d?application_name=${name}` },
  { kinds: ["database", "role"], write: (name) => `# PGDATABASE=${name}`, bare: true },
  { kinds: ["namespace", "vault-policy", "vault-role", "iam-user"], write: (name) => `moved from ${name}` },
  { kinds: ["namespace"], write: (name) => `https://${name}.example.org/${name}` },
  { kinds: ["ses-configuration-set", "sns-topic", "iam-user"], write: (name) => `arn:aws:s3:::${name}` },
  { kinds: ["ses-identity", "mail-from-domain"], write: (name) => `write to help@${name}` },
];

const RUNS = 500;

describe("over environments with random names", () => {
  it("the stacks by themselves name nothing of another environment", () => {
    fc.assert(
      fc.property(namings, (all) => {
        const { estate, own } = worldOf(all);
        for (const { type, properties, ...rest } of stacks[own.base]) {
          const resource = {
            ...rest,
            type,
            properties: renamedValue(properties, own) as Resource["properties"],
          };
          expect(findingsOf(resource, estate)).toEqual([]);
        }
      }),
      { numRuns: 10, seed: seed() },
    );
  });

  it("a name of another environment is found exactly where it was put", () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(namings, fc.constantFrom(...KINDS), picks, (all, kind, pick) => {
        const { estate, own, others } = worldOf(all);
        const claims = others.filter((claim) => claim.kind === kind);
        fc.pre(claims.length > 0);
        const { name } = one(claims, pick);
        const { changed, at, how } = insertion(kind, name, own, pick);
        const findings = findingsOf(changed, estate);
        met.add(kind);
        expect([...new Set(findings.map(({ property }) => property))], how).toEqual([pathText(at)]);
        const named = findings.map(({ reference }) => `${reference?.kind} ${reference?.name}`);
        expect(
          named.some((each) => each.startsWith(`${kind} ${name}`)),
          `${how}: ${named}`,
        ).toBe(true);
      }),
      { numRuns: RUNS, seed: seed() },
    );
    expect([...met].sort()).toEqual([...KINDS].sort());
  });

  it("a word that looks like a name of another environment is none", () => {
    fc.assert(
      fc.property(namings, fc.constantFrom(...KINDS), picks, (all, kind, pick) => {
        const { estate, own, others } = worldOf(all);
        const claims = others.filter((claim) => claim.kind === kind);
        fc.pre(claims.length > 0);
        const { name } = one(claims, pick);
        // Every environment's entries stand in one mount: what looks alike is the path in it.
        const [, mount = "", bare = name] = /^([^/]*\/)(.*)$/.exec(kind === "vault-path" ? name : "") ?? [];
        const word = mount + one(lookAlikes, pick)(bare, kind);
        fc.pre(KINDS.every((each) => estate.owners.ownerOf(each, word.toLowerCase()) === undefined));
        const { changed, how } = insertion(kind, word, own, pick);
        expect(findingsOf(changed, estate), `${word} for ${name}: ${how}`).toEqual([]);
      }),
      { numRuns: RUNS, seed: seed() },
    );
  });

  it("a name of another environment where it names nothing is left alone", () => {
    const texts = places.filter((place) => place.takes === "text" || place.path.at(-1) === "data");
    fc.assert(
      fc.property(namings, fc.constantFrom(...idle), picks, (all, { kinds, write, bare }, pick) => {
        const { estate, own, others } = worldOf(all);
        const claims = others.filter(({ kind }) => kinds.includes(kind));
        fc.pre(claims.length > 0);
        const place = one(texts, pick);
        const { write: encode } = one(bare ? encodings.slice(0, 1) : encodings, pick);
        const text = encode(write(one(claims, pick).name));
        const { changed } = inserted(resourceFor(place.of, own, pick(1000)), place, text);
        expect(findingsOf(changed, estate), `${place.name}: ${text}`).toEqual([]);
      }),
      { numRuns: RUNS, seed: seed() },
    );
  });
});

describe("every form", () => {
  const dev: Naming = {
    base: "dev",
    environment: "dev",
    project: "keybuzz",
    domain: "example.org",
    port: 4001,
  };
  const prod: Naming = {
    base: "prod",
    environment: "prod",
    project: "keybuzz",
    domain: "example.net",
    port: 4000,
  };
  const all = forms.flatMap((form) => form.kinds.map((kind) => ({ form, kind })));

  it.each(all.map(({ form, kind }) => [form.name, kind, form] as const))(
    "%s (%s) is found in every encoding at every place",
    (_, kind, form) => {
      const { estate, own, others } = worldOf([prod, dev]);
      const claim = others.find((each) => each.kind === kind);
      if (claim === undefined) throw new Error(`no claim of the kind ${kind}`);
      for (const place of places) {
        for (const encoding of encodings) {
          const text = encoding.write(form.write(claim.name));
          const { changed, at } = inserted(resourceFor(place.of, own, 0), place, text);
          const seen = findingsOf(changed, estate).map(
            ({ property, reference }) => `${reference?.kind} ${property}`,
          );
          expect(seen, `${place.name}, ${encoding.name}: ${text}`).toContain(`${kind} ${pathText(at)}`);
        }
      }
    },
  );
});
