/** A workload refers to nothing that its environment does not declare: it would wait for it for ever. */
import { podTemplates } from "../../kubernetes/containers";
import { type ObjectReference, referencesOf } from "../../kubernetes/object-references";
import { type KubernetesObject, kubernetesObjects } from "../../kubernetes/objects";
import { isPatch } from "../../kubernetes/pods";
import type { Resource } from "../../resource";
import { Assessment, type StackRule, type StackVerdict } from "../../rule";
import { isUnknown, type Value, valueAt } from "../../value";

/** What Kubernetes itself puts into every namespace. */
const ALWAYS_THERE = ["ServiceAccount default", "ConfigMap kube-root-ca.crt"];

/** Objects from which a controller makes another one: its kind, and where its name is if it is not their own. */
const MADE: Readonly<Record<string, readonly [ObjectReference["kind"], readonly string[]]>> = {
  ExternalSecret: ["Secret", ["spec", "target", "name"]],
  SealedSecret: ["Secret", ["spec", "template", "metadata", "name"]],
  Certificate: ["Secret", ["spec", "secretName"]],
};

export const declaredReferences: StackRule = {
  id: "kubernetes/declared-references",
  title: "Secrets, ConfigMaps, service accounts and claims that a workload refers to stand in its namespace",
  why:
    "PROD's worker was to take keybuzz-ses, and nothing had made that Secret: such a pod never starts, and a " +
    "roll-out that waits for it stops half way.",
  prevents: ["F10"],
  fix:
    "Declare the object in the workload's namespace, correct the name, or mark the reference as optional. For an " +
    "object that something else makes, write an exemption that says what makes it.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "stack",
  check: ({ resources }) => {
    const declared = new Declared(resources);
    return resources.flatMap((resource) => (isPatch(resource) ? [] : judge(resource, declared)));
  },
};

function judge(resource: Resource, declared: Declared): StackVerdict[] {
  const pods = podTemplates(resource);
  if (pods.length === 0) return [];
  const assessment = new Assessment();
  for (const pod of pods) {
    const namespace = namespaceOf(pod.object);
    const { references, unknown } = referencesOf(pod);
    for (const { path, own } of [...unknown, ...pod.unknown]) if (!own) assessment.unknown(path);
    for (const { kind, name, path } of references) {
      if (isUnknown(name)) {
        // A name that is an output is the name of something that this environment manages.
        if (!name.own) assessment.unknown(path);
      } else {
        const found = declared.has(kind, name, namespace);
        if (found === "unknown") assessment.unknown(path);
        else if (!found) {
          assessment.finding(
            path,
            `refers to the ${kind} ${String(name)}, which nothing declares in the namespace ${String(namespace)}`,
          );
        }
      }
    }
  }
  return [{ urn: resource.urn, verdict: assessment.verdict }];
}

/** The objects of an environment by kind, namespace and name. */
class Declared {
  readonly #known = new Set<string>();
  /** Kinds of which an object has a name or a namespace that is not known. */
  readonly #open = new Set<string>();

  constructor(resources: readonly Resource[]) {
    for (const resource of resources.filter((each) => !isPatch(each))) {
      const { objects, unknown } = kubernetesObjects(resource);
      for (const object of objects) this.#add(object);
      if (unknown.length > 0) this.#open.add(resource.type.replace(/^.*:|List$/g, ""));
    }
  }

  has(kind: string, name: Value, namespace: Value): boolean | "unknown" {
    if (ALWAYS_THERE.includes(`${kind} ${String(name)}`)) return true;
    if (isUnknown(namespace)) return "unknown";
    if (this.#known.has(`${kind} ${String(namespace)} ${String(name)}`)) return true;
    return this.#open.has(kind) ? "unknown" : false;
  }

  #add(object: KubernetesObject): void {
    const [kind, path] = MADE[object.kind] ?? [object.kind, []];
    const own = valueAt(object.body, "metadata", "name");
    const name = (path.length > 0 ? valueAt(object.body, ...path) : undefined) ?? own;
    const namespace = namespaceOf(object);
    if (isUnknown(name) || isUnknown(namespace)) this.#open.add(kind);
    else this.#known.add(`${kind} ${String(namespace)} ${String(name)}`);
  }
}

function namespaceOf({ body }: KubernetesObject): Value {
  return valueAt(body, "metadata", "namespace") ?? "default";
}
