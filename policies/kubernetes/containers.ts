/** Pod templates of workloads of every kind, and the containers in them. */
import type { Resource } from "../resource";
import { isList, isMap, isUnknown, itemsOf, type Path, type Value, type ValueMap, valueAt } from "../value";
import { type KubernetesObject, kubernetesObjects, type UnknownPart } from "./objects";

/** What a workload makes its pods of. */
export interface PodTemplate {
  /** Kind of the object that it belongs to: `Deployment`. */
  readonly kind: string;
  /** The object that it belongs to. */
  readonly object: KubernetesObject;
  /** Where `metadata` and `spec` of the pods stand; the resource itself for a Pod. */
  readonly path: Path;
  readonly metadata: Value | undefined;
  readonly spec: Value | undefined;
  /** Those that are known, in the order in which the API lists them. */
  readonly containers: readonly Container[];
  /** The template, lists of containers and containers of which nothing is known. */
  readonly unknown: readonly UnknownPart[];
}

export interface Container {
  /** `init` runs before the others; `ephemeral` is added to look at a running pod. */
  readonly role: "main" | "init" | "ephemeral";
  readonly path: Path;
  readonly body: ValueMap;
}

/** Where the API keeps a kind's pod template. */
const TEMPLATES: Readonly<Record<string, Path>> = {
  Pod: [],
  PodTemplate: ["template"],
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

const LISTS = [
  ["containers", "main"],
  ["initContainers", "init"],
  ["ephemeralContainers", "ephemeral"],
] as const;

/**
 * The pod templates of a resource: one for a workload, several for a list of them, none for anything else. Custom
 * kinds count as workloads when they have containers where a Deployment has them.
 */
export function podTemplates(resource: Resource): readonly PodTemplate[] {
  return kubernetesObjects(resource).objects.flatMap((object) => templateOf(object) ?? []);
}

function templateOf(object: KubernetesObject): PodTemplate | undefined {
  const { kind, body } = object;
  const below = TEMPLATES[kind] ?? customTemplate(body);
  if (below === undefined) return undefined;
  const path = [...object.path, ...below];
  const spec = valueAt(body, ...below, "spec");
  const found: Pick<PodTemplate, "kind" | "object" | "path" | "metadata" | "spec"> = {
    kind,
    object,
    path,
    metadata: valueAt(body, ...below, "metadata"),
    spec,
  };
  if (isUnknown(spec)) {
    return { ...found, containers: [], unknown: [{ path: [...path, "spec"], own: spec.own }] };
  }
  const containers: Container[] = [];
  const unknown: UnknownPart[] = [];
  for (const [name, role] of LISTS) {
    const list = valueAt(spec, name);
    const at = [...path, "spec", name];
    if (isUnknown(list)) unknown.push({ path: at, own: list.own });
    for (const [index, body] of itemsOf(list)) {
      if (isUnknown(body)) unknown.push({ path: [...at, index], own: body.own });
      else if (isMap(body)) containers.push({ role, path: [...at, index], body });
    }
  }
  return { ...found, containers, unknown };
}

function customTemplate(body: ValueMap): Path | undefined {
  const path = ["spec", "template"];
  return LISTS.some(([name]) => isList(valueAt(body, ...path, "spec", name))) ? path : undefined;
}
