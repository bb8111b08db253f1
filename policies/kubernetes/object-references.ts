/** Objects that pods and service accounts cannot start without: they refer to them by kind and name. */
import { isUnknown, itemsOf, type Path, type Value, valueAt } from "../value";
import type { PodTemplate } from "./containers";
import type { UnknownPart } from "./objects";

export interface ObjectReference {
  readonly kind: "Secret" | "ConfigMap" | "ServiceAccount" | "PersistentVolumeClaim";
  /** Undefined is left out by who refers: the reference names nothing. */
  readonly name: Value;
  readonly path: Path;
}

export interface ObjectReferences {
  readonly references: readonly ObjectReference[];
  /** Parts of which it is not known what they refer to. */
  readonly unknown: readonly UnknownPart[];
}

/** What the pods of a workload refer to, without what is optional. Of a pod that is not known, nothing. */
export function referencesOf(pod: PodTemplate): ObjectReferences {
  const collector = new Collector();
  const at = [...pod.path, "spec"];
  const spec = isUnknown(pod.spec) ? undefined : pod.spec;
  const account = valueAt(spec, "serviceAccountName") === undefined ? "serviceAccount" : "serviceAccountName";
  collector.name("ServiceAccount", valueAt(spec, account), [...at, account]);
  collector.each(valueAt(spec, "imagePullSecrets"), [...at, "imagePullSecrets"], (item, path) =>
    collector.name("Secret", valueAt(item, "name"), [...path, "name"]),
  );
  collector.each(valueAt(spec, "volumes"), [...at, "volumes"], (item, path) => collector.volume(item, path));
  for (const { body, path } of pod.containers) {
    collector.each(body.envFrom, [...path, "envFrom"], (item, place) => {
      collector.reference("Secret", valueAt(item, "secretRef"), [...place, "secretRef"]);
      collector.reference("ConfigMap", valueAt(item, "configMapRef"), [...place, "configMapRef"]);
    });
    collector.each(body.env, [...path, "env"], (item, place) => {
      const from = valueAt(item, "valueFrom");
      const below = [...place, "valueFrom"];
      collector.reference("Secret", valueAt(from, "secretKeyRef"), [...below, "secretKeyRef"]);
      collector.reference("ConfigMap", valueAt(from, "configMapKeyRef"), [...below, "configMapKeyRef"]);
    });
  }
  return collector;
}

class Collector implements ObjectReferences {
  readonly references: ObjectReference[] = [];
  readonly unknown: UnknownPart[] = [];

  each(list: Value | undefined, path: Path, visit: (item: Value, path: Path) => void): void {
    if (isUnknown(list)) this.unknown.push({ path, own: list.own });
    for (const [index, item] of itemsOf(list)) visit(item, [...path, index]);
  }

  volume(volume: Value, path: Path): void {
    this.reference("Secret", valueAt(volume, "secret"), [...path, "secret"], "secretName");
    this.reference("ConfigMap", valueAt(volume, "configMap"), [...path, "configMap"]);
    const claim = valueAt(volume, "persistentVolumeClaim");
    this.reference("PersistentVolumeClaim", claim, [...path, "persistentVolumeClaim"], "claimName");
    const sources = valueAt(volume, "projected", "sources");
    this.each(sources, [...path, "projected", "sources"], (source, place) => {
      this.reference("Secret", valueAt(source, "secret"), [...place, "secret"]);
      this.reference("ConfigMap", valueAt(source, "configMap"), [...place, "configMap"]);
    });
  }

  reference(kind: ObjectReference["kind"], value: Value | undefined, path: Path, property = "name"): void {
    if (valueAt(value, "optional") === true) return;
    this.name(kind, valueAt(value, property), [...path, property]);
  }

  name(kind: ObjectReference["kind"], name: Value | undefined, path: Path): void {
    if (name !== undefined && name !== null && name !== "") this.references.push({ kind, name, path });
  }
}
