/** What the containers of workloads take from Secrets and ConfigMaps, comparable between environments. */
import { type PodTemplate, podTemplates } from "../kubernetes/containers";
import { referencesOf } from "../kubernetes/object-references";
import type { Resource } from "../resource";
import { eachLeaf, isUnknown, type Path, pathText } from "../value";
import { neutral } from "./neutral-names";

/** A reference that a pod cannot start without. */
export interface WorkloadReference {
  readonly kind: "Secret" | "ConfigMap";
  /** Without the environment's word. */
  readonly name: string;
  /** As it stands. */
  readonly called: string;
  /** The container's name likewise; undefined for what the pod mounts. */
  readonly container?: string;
  /** The list in which it stands: `envFrom`, `env`, `volumes`. */
  readonly list: string;
}

/** The references of a workload that are not optional; credentials for pulling images are no part of its shape. */
export function requiredReferences(resource: Resource, environment: string): WorkloadReference[] {
  return podTemplates(resource).flatMap((pod) =>
    referencesOf(pod).references.flatMap(({ kind, name, path }) => {
      const list = listOf(path);
      if ((kind !== "Secret" && kind !== "ConfigMap") || typeof name !== "string" || list === undefined)
        return [];
      const container = containerAt(pod, path, environment);
      const reference = { kind, name: neutral(name, environment), called: name, list };
      return [container === undefined ? reference : { ...reference, container }];
    }),
  );
}

/** What a workload has of another one's references. */
export interface OwnReferences {
  /** Whether a container, or the pod, has it, be it optional or in another list. */
  readonly has: (reference: WorkloadReference) => boolean;
  /** Places that are not known and could hold it. */
  readonly unknown: (reference: WorkloadReference) => readonly string[];
  /** The list in which it would stand. */
  readonly place: (reference: WorkloadReference) => string;
}

/** The references of a workload, for those that look for one; undefined for what runs no pods. */
export function ownReferences(resource: Resource, environment: string): OwnReferences | undefined {
  const [pod] = podTemplates(resource);
  if (pod === undefined) return undefined;
  const found = placesIn(pod, environment);
  const containers = new Map(
    pod.containers.flatMap(({ body, path }) =>
      typeof body.name === "string" ? [[neutral(body.name, environment), path] as const] : [],
    ),
  );
  // A container of another name may be the same one: then it is enough that the pod has the reference.
  const around = ({ container }: WorkloadReference) =>
    container === undefined || !containers.has(container)
      ? found
      : found.filter((each) => each.container === container || each.container === undefined);
  return {
    has: (reference) => around(reference).some((each) => each.key === `${reference.kind} ${reference.name}`),
    unknown: (reference) =>
      around(reference).flatMap(({ key, path }) => (key === undefined ? pathText(path) : [])),
    place: ({ container, list }) => {
      const spec = [...pod.path, "spec"];
      const path = container === undefined ? undefined : containers.get(container);
      return pathText(
        list === "volumes" ? [...spec, list] : path === undefined ? [...spec, "containers"] : [...path, list],
      );
    },
  };
}

/** A place of a reference; what it refers to is undefined when that is not known. */
interface Found {
  readonly key: string | undefined;
  readonly container: string | undefined;
  readonly path: Path;
}

const KINDS: Readonly<Record<string, "Secret" | "ConfigMap">> = {
  secretRef: "Secret",
  secretKeyRef: "Secret",
  secret: "Secret",
  configMapRef: "ConfigMap",
  configMapKeyRef: "ConfigMap",
  configMap: "ConfigMap",
};

function placesIn(pod: PodTemplate, environment: string): Found[] {
  const found: Found[] = [];
  const spec = [...pod.path, "spec"];
  eachLeaf(pod.spec ?? null, spec, (leaf, path) => {
    const last = path.at(-1);
    const take = (key: string | undefined): void => {
      found.push({ key, container: containerAt(pod, path, environment), path });
    };
    if (isUnknown(leaf)) {
      if (last !== "value" && (path.length === spec.length || couldRefer(path.slice(spec.length))))
        take(undefined);
      return;
    }
    const kind = KINDS[String(path.at(-2))];
    if (kind === undefined || (last !== "name" && last !== "secretName") || typeof leaf !== "string") return;
    take(`${kind} ${neutral(leaf, environment)}`);
  });
  return found;
}

/** Whether an unknown value of a pod's spec is, or could hold, a reference. */
function couldRefer(path: Path): boolean {
  const [list, , inner] = path;
  if (list === "volumes") return true;
  const isContainers = list === "containers" || list === "initContainers";
  return isContainers && (path.length <= 2 || inner === "env" || inner === "envFrom");
}

function containerAt(pod: PodTemplate, path: Path, environment: string): string | undefined {
  const found = pod.containers.find(({ path: at }) => at.every((part, index) => path[index] === part));
  return typeof found?.body.name === "string" ? neutral(found.body.name, environment) : undefined;
}

function listOf(path: Path): string | undefined {
  const list = path.find((part) => part === "envFrom" || part === "env" || part === "volumes");
  return list === undefined ? undefined : String(list);
}
