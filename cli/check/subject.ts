/**
 * What an environment declares, in the form in which rules see it. policies/pack/values.ts and policies/adapter.ts do
 * the same from what Pulumi's policy runner hands over; both give the same: what is changed here is changed there.
 */
import type { Declaration, DeclaredResource } from "../../engine/monitor/declaration";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isUnknown as isUnknownOnWire,
  type PropertyMap,
  type PropertyValue,
  RESOURCE_SIGNATURE,
  SECRET_SIGNATURE,
  SIGNATURE_KEY,
} from "../../engine/property/values";
import { parseUrn } from "../../engine/urn";
import type { ReadResource } from "../../policies/isolation/landscape";
import type { Subject } from "../../policies/judge";
import type { ProviderResource, Resource } from "../../policies/resource";
import { OWN_UNKNOWN, UNKNOWN, type Value, type ValueMap } from "../../policies/value";

/** Reads others' resources; its outputs belong to another stack. */
const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/** What is judged of an environment, and what it reads without managing it. */
export interface EnvironmentSubject extends Subject {
  /** Resources that the program reads (`Type.get`). Pulumi shows them to no policy. */
  readonly reads: readonly ReadResource[];
}

/** @param declaration of a program that may have failed: then there is no whole stack to judge */
export function subjectOf(declaration: Declaration): EnvironmentSubject {
  const converter = new Converter(declaration.resources);
  const managed = declaration.resources.filter(({ external }) => !external);
  const declared = managed.map((resource) => converter.asDeclared(resource));
  const reads = declaration.resources.filter(({ external }) => external);
  return {
    declared,
    reads: reads.map((resource) => converter.asRead(resource)),
    ...(declaration.outcome === "succeeded"
      ? {
          stack: {
            resources: managed.map((resource, index) => converter.asKnown(resource, declared[index])),
          },
        }
      : {}),
  };
}

class Converter {
  readonly #byUrn: ReadonlyMap<string, DeclaredResource>;
  readonly #providers = new Map<string, ProviderResource>();

  constructor(resources: readonly DeclaredResource[]) {
    this.#byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  /** The resource by its inputs. What an unknown value comes from is not told at this stage. */
  asDeclared(resource: DeclaredResource): Resource {
    return this.#resource(
      resource,
      valuesOf(resource.inputs, () => false),
    );
  }

  /** The resource by what the program says of it, with its id. Nothing tells what an unknown id comes from. */
  asRead(resource: DeclaredResource): ReadResource {
    return { ...this.asDeclared(resource), id: ruleValue(resource.id ?? "", () => false) };
  }

  /** The resource by its outputs, with the origin of what is unknown. */
  asKnown(resource: DeclaredResource, declared: Resource | undefined): Resource {
    const { inputs, outputs } = resource;
    const isOwn = (property: string): boolean =>
      !Object.hasOwn(inputs, property) || this.#comesFromOwn(resource.propertyDependencies[property]);
    // What was scanned once need not be scanned again.
    if (declared !== undefined && sameKeys(inputs, outputs) && !hasUnknown(declared.properties))
      return declared;
    return this.#resource(resource, valuesOf(outputs, isOwn));
  }

  /** Every resource that a value depends on is managed by this environment. */
  #comesFromOwn(urns: readonly string[] | undefined): boolean {
    if (urns === undefined || urns.length === 0) return false;
    return urns.every((urn) => {
      const resource = this.#byUrn.get(urn);
      return resource !== undefined && !resource.external && resource.type !== STACK_REFERENCE;
    });
  }

  #resource(resource: DeclaredResource, properties: ValueMap): Resource {
    const { urn, type, name, options } = resource;
    const provider = this.#providerOf(resource);
    return {
      urn,
      type,
      name,
      properties,
      protect: options.protect === true,
      ...(provider === undefined ? {} : { provider }),
      ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    };
  }

  #providerOf({ provider, custom }: DeclaredResource): ProviderResource | undefined {
    if (provider === undefined || !custom) return undefined;
    const reference = provider.slice(0, provider.lastIndexOf("::"));
    let known = this.#providers.get(reference);
    if (known === undefined) {
      // Whoever names a provider is managed by one, also where nothing more is known of it.
      const { qualifiedType, name } = parseUrn(reference);
      const inputs = this.#byUrn.get(reference)?.inputs ?? {};
      const type = qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
      known = { urn: reference, type, name, properties: valuesOf(inputs, () => false) };
      this.#providers.set(reference, known);
    }
    return known;
  }
}

function sameKeys(one: PropertyMap, other: PropertyMap): boolean {
  const keys = Object.keys(other);
  return keys.length === Object.keys(one).length && keys.every((key) => Object.hasOwn(one, key));
}

function hasUnknown(value: Value): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value === UNKNOWN || value === OWN_UNKNOWN) return true;
  return Object.values(value).some(hasUnknown);
}

/** Keys that begin so are Pulumi's own. */
const INTERNAL = "__";

function valuesOf(properties: PropertyMap, isOwn: (property: string) => boolean): ValueMap {
  const values: Record<string, Value> = {};
  for (const [key, value] of Object.entries(properties)) {
    if (!key.startsWith(INTERNAL)) values[key] = ruleValue(value, () => isOwn(key));
  }
  return values;
}

/** A value without secrets' wrappings; a resource is its id, or its URN as long as it has none. */
function ruleValue(value: PropertyValue, isOwn: () => boolean): Value {
  if (typeof value === "string") return isUnknownOnWire(value) ? (isOwn() ? OWN_UNKNOWN : UNKNOWN) : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: PropertyValue) => ruleValue(item, isOwn));
  const map = value as PropertyMap;
  switch (map[SIGNATURE_KEY]) {
    case SECRET_SIGNATURE:
      return ruleValue(map.value ?? null, isOwn);
    case RESOURCE_SIGNATURE:
      return map.id === undefined
        ? (map.urn as string)
        : map.id === ""
          ? OWN_UNKNOWN
          : ruleValue(map.id, isOwn);
    case ASSET_SIGNATURE:
    case ARCHIVE_SIGNATURE: {
      const { [SIGNATURE_KEY]: _, ...parts } = map;
      return valuesOf(parts, isOwn);
    }
    default: {
      const values: Record<string, Value> = {};
      for (const [key, item] of Object.entries(map)) values[key] = ruleValue(item, isOwn);
      return values;
    }
  }
}
