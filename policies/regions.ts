/**
 * Regions of AWS that a resource names: as its own, in ARNs and in AWS's host names, and in the settings by which
 * programs are told of one.
 */
import { podTemplates } from "./kubernetes/containers";
import { kubernetesObjects } from "./kubernetes/objects";
import { isPhysical, type Resource } from "./resource";
import { eachLeaf, entriesOf, isUnknown, itemsOf, type Path, type Value, valueAt } from "./value";

export interface RegionPlace {
  readonly path: Path;
  /** As it stands there; `*` and `?` in an ARN stand for anything. */
  readonly region: string;
}

/** What is found in a resource, and places of which nothing is known. */
export interface Regions {
  readonly places: readonly RegionPlace[];
  readonly unknown: readonly { readonly path: Path; readonly own: boolean }[];
}

const NOTHING: Regions = { places: [], unknown: [] };

export function regionsIn(resource: Resource): Regions {
  if (!isPhysical(resource)) return NOTHING;
  if (resource.type === "pulumi:providers:aws") return ofSettings([[["region"], resource.properties.region]]);
  if (resource.type.startsWith("aws:")) return ofAws(resource);
  return resource.type.startsWith("kubernetes:") ? ofSettings(settingsOf(resource)) : NOTHING;
}

function ofAws({ properties }: Resource): Regions {
  const own = ofSettings([[["region"], properties.region]]);
  const places: RegionPlace[] = [];
  for (const [key, value] of Object.entries(properties)) {
    eachLeaf(value, [key], (leaf, path) => {
      if (typeof leaf === "string") places.push(...regionsInText(leaf).map((region) => ({ path, region })));
    });
  }
  return { places: [...own.places, ...places], unknown: own.unknown };
}

/** Regions in ARNs and host names, in a text or in the JSON that it is. An ARN without a region names none. */
function regionsInText(text: string): string[] {
  const found = new Set<string>();
  const search = (plain: string): void => {
    for (const [, region = ""] of plain.matchAll(/\barn:[\w*?-]*:[\w*?-]*:([\w*?-]+):/g)) found.add(region);
    for (const [, region = ""] of plain.matchAll(/\b([a-z]{2}(?:-[a-z]+)+-\d+)\.amazonaws\.com\b/gi)) {
      found.add(region.toLowerCase());
    }
  };
  search(text);
  if (/^\s*[[{]/.test(text)) eachLeaf(parsed(text), [], (leaf) => void search(String(leaf)));
  return [...found];
}

/** JSON can write any letter as a number. */
function parsed(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return null;
  }
}

type Setting = readonly [Path, Value | undefined];

function ofSettings(settings: readonly Setting[]): Regions {
  return {
    places: settings.flatMap(([path, region]) => (typeof region === "string" ? [{ path, region }] : [])),
    unknown: settings.flatMap(([path, value]) => (isUnknown(value) ? [{ path, own: value.own }] : [])),
  };
}

const SETTING = /^(?:\w*_)?(?:AWS|SES)(?:_\w+)?_REGION$/;

/** Settings of containers, ConfigMaps and Secrets that tell of a region. A Secret of which nothing is known has none. */
function settingsOf(resource: Resource): Setting[] {
  const variables = podTemplates(resource).flatMap(({ containers }) =>
    containers.flatMap(({ body, path }) =>
      itemsOf(body.env).flatMap(([index, item]): Setting[] =>
        isSetting(valueAt(item, "name")) ? [[[...path, "env", index, "value"], valueAt(item, "value")]] : [],
      ),
    ),
  );
  const data = kubernetesObjects(resource).objects.flatMap(({ kind, path, body }) =>
    kind === "ConfigMap" || kind === "Secret"
      ? ["data", "stringData"].flatMap((property) =>
          entriesOf(body[property])
            .filter(([key]) => isSetting(key))
            .map(([key, value]): Setting => {
              const encoded = kind === "Secret" && property === "data" && typeof value === "string";
              return [[...path, property, key], encoded ? decoded(value) : value];
            }),
        )
      : [],
  );
  return [...variables, ...data];
}

function isSetting(name: Value | undefined): boolean {
  return typeof name === "string" && SETTING.test(name.toUpperCase());
}

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
