/** What the environments that production is compared with are made of, each thing once however many have it. */
import { kubernetesKind, type Resource } from "../resource";
import { valueAt } from "../value";
import { namingProperty } from "./declared-claims";
import type { EnvironmentView } from "./landscape";
import { neutral } from "./neutral-names";
import { requiredReferences, type WorkloadReference } from "./workload-references";

/** A thing that an environment has, without what is of that environment alone. */
export interface Shape {
  readonly id: string;
  /** As the first environment has it. */
  readonly resource: Resource;
  readonly model: EnvironmentView;
  readonly keys: Keys;
  /** Id of the shape of its parent. */
  readonly parent?: string;
  /** It, as each of the environments has it. */
  readonly instances: { readonly resource: Resource; readonly model: EnvironmentView }[];
  /** What its containers take from Secrets and ConfigMaps in any of the environments. */
  readonly references: Map<string, WorkloadReference & { readonly model: EnvironmentView }>;
}

/** What makes two resources the same one in two environments. */
export interface Keys {
  /** The object's name, with its kind and namespace; undefined when it has none, or it is not known. */
  readonly object?: string;
  /** The program's name. */
  readonly logical: string;
  /** The program's name with the environment's word in it: it may be no environment's there. */
  readonly literal: string;
}

const known = new WeakMap<Resource, { readonly environment: string; readonly keys: Keys }>();

/** @param environment the one that the resource is of */
export function keysOf(resource: Resource, environment: string): Keys {
  const before = known.get(resource);
  if (before?.environment === environment) return before.keys;
  const keys = keysFor(resource, environment);
  known.set(resource, { environment, keys });
  return keys;
}

function keysFor(resource: Resource, environment: string): Keys {
  const { type, name, properties } = resource;
  const kind = kubernetesKind(resource);
  // Versions of an API have the same objects.
  const of = kind === undefined ? type : `kubernetes:${kind}`;
  const called = objectName(resource);
  const space = valueAt(properties, "metadata", "namespace");
  const within = typeof space === "string" ? `${neutral(space, environment)}/` : "";
  return {
    logical: `${of} ${neutral(name, environment)}`,
    literal: `${of} ${name}`,
    ...(called === undefined ? {} : { object: `${of} ${within}${neutral(called, environment)}` }),
  };
}

/** What the thing itself is called. Components stand for nothing by themselves. */
export function objectName({ type, properties, provider }: Resource): string | undefined {
  if (provider === undefined) return undefined;
  const name =
    valueAt(properties, "metadata", "name") ?? properties[namingProperty(type) ?? "name"] ?? properties.path;
  return typeof name === "string" && name !== "" ? name : undefined;
}

/** Every name of a resource: the program's and its own, as they stand and without the environment's word. */
export function namesOf(resource: Resource, environment: string): string[] {
  const called = objectName(resource);
  return [resource.name, ...(called === undefined ? [] : [called])].flatMap((name) => [
    name,
    neutral(name, environment),
  ]);
}

/** The shapes of all models by id, each environment's in order of registration. */
export function shapesOf(models: readonly EnvironmentView[]): ReadonlyMap<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const model of models) {
    const ids = new Map<string, string>();
    for (const resource of model.declared) {
      if (resource.type.startsWith("pulumi:")) continue;
      const keys = keysOf(resource, model.name);
      const id = `${keys.logical} ${keys.object ?? ""}`;
      ids.set(resource.urn, id);
      const parent = ids.get(resource.parent ?? "");
      let shape = shapes.get(id);
      if (shape === undefined) {
        const found = { id, resource, model, keys, instances: [], references: new Map() };
        shape = parent === undefined ? found : { ...found, parent };
        shapes.set(id, shape);
      }
      shape.instances.push({ resource, model });
      for (const reference of requiredReferences(resource, model.name)) {
        const key = `${reference.container ?? ""} ${reference.kind} ${reference.name}`;
        if (!shape.references.has(key)) shape.references.set(key, { ...reference, model });
      }
    }
  }
  return shapes;
}
