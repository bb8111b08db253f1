/**
 * Kubernetes objects in a resource. Most resources are one object; the SDK's List kinds hold several, and its Patch
 * kinds hold a part of one, which says the same things at the same places.
 */
import { isPhysical, kubernetesKind, type Resource } from "../resource";
import { isMap, isUnknown, itemsOf, type Path, type Value, type ValueMap, valueAt } from "../value";

/** One object, wherever in the resource it stands. */
export interface KubernetesObject {
  /** Without `Patch` and `List`: `Deployment`. */
  readonly kind: string;
  /** Where it stands: empty, or the item of a list. */
  readonly path: Path;
  readonly body: ValueMap;
}

/** A part that is not known before the deployment. */
export interface UnknownPart {
  readonly path: Path;
  /** Whether it is an output of a resource of the same environment. */
  readonly own: boolean;
}

export interface KubernetesObjects {
  readonly objects: readonly KubernetesObject[];
  /** Objects of which nothing is known. */
  readonly unknown: readonly UnknownPart[];
}

const NONE: KubernetesObjects = { objects: [], unknown: [] };

/** The objects that a resource holds; none for components and for resources of other packages. */
export function kubernetesObjects(resource: Resource): KubernetesObjects {
  const kind = kubernetesKind(resource);
  if (kind === undefined || !isPhysical(resource)) return NONE;
  const { items } = resource.properties;
  if (!kind.endsWith("List") || items === undefined) {
    return { objects: [{ kind: bareKind(kind), path: [], body: resource.properties }], unknown: [] };
  }
  const of = kind.slice(0, -"List".length);
  if (isUnknown(items)) return { objects: [], unknown: [{ path: ["items"], own: items.own }] };
  return {
    objects: itemsOf(items).flatMap(([index, body]) =>
      isMap(body) ? [{ kind: statedKind(body) ?? of, path: ["items", index], body }] : [],
    ),
    unknown: itemsOf(items).flatMap(([index, body]) =>
      isUnknown(body) ? [{ path: ["items", index], own: body.own }] : [],
    ),
  };
}

/** A patch says with the same words what the object is to be like. */
function bareKind(kind: string): string {
  return kind.length > "Patch".length ? kind.replace(/Patch$/, "") : kind;
}

function statedKind(body: Value): string | undefined {
  const kind = valueAt(body, "kind");
  return typeof kind === "string" ? kind : undefined;
}
