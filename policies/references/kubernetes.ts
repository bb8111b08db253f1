/** Where names stand in Kubernetes objects, beyond what the names of their fields say. */
import type { ReferenceKind } from "../ownership";
import type { Path } from "../value";
import { settingKind } from "./settings";

/** Maps in which words are free: objects find each other by them, and they name nothing. */
const LABELS: ReadonlySet<string | number> = new Set([
  "labels",
  "matchLabels",
  "nodeSelector",
  "selector",
  "podLabels",
]);

/** Whether a value is a label, or selects by one. */
export function isLabel(path: Path): boolean {
  return path.some((part) => LABELS.has(part));
}

const OF_STORES = /^(?:Cluster)?(?:External|Push)Secret$/;

/** Whether names stand in fields of such an object whose own names do not say so. */
export function hasOwnPlaces(kind: string): boolean {
  return kind === "Namespace" || (kind.endsWith("Secret") && OF_STORES.test(kind));
}

/** What a field holds of which the last key alone does not say it. */
export function kubernetesPlace(
  kind: string | undefined,
  path: Path,
): "namespace" | "vault-path" | undefined {
  const [last, before] = [path.at(-1), path.at(-2)];
  if (kind === "Namespace" && path.length === 2 && before === "metadata" && last === "name")
    return "namespace";
  // Source: External Secrets Operator, ExternalSecret: keys are paths below the store's mount, or whole ones.
  const isStoreKey = last === "key" && ["remoteRef", "extract"].includes(String(before));
  return isStoreKey && OF_STORES.test(kind ?? "") ? "vault-path" : undefined;
}

/** What can stand at a place whose value is not known: anything, names of some kinds, or nothing that matters. */
export type Possible = "anything" | readonly ReferenceKind[];

const OWN_FIELDS: ReadonlySet<string | number | undefined> = new Set(["status", "apiVersion", "kind", "id"]);
/** Below these stand numbers, names of objects beside this one, and labels. */
const NAMES_NOTHING: ReadonlySet<string | number> = new Set([
  "valueFrom",
  "envFrom",
  "resources",
  "replicas",
  "managedFields",
]);

/** What an unknown value in a Kubernetes object could name. */
export function possibleInObject(kind: string, path: Path): Possible {
  if (OWN_FIELDS.has(path[0]) || isLabel(path) || path.some((part) => NAMES_NOTHING.has(part))) return [];
  const isSetting = ["data", "stringData", "binaryData", "env", "args", "command"].some((part) =>
    path.includes(part),
  );
  const field = kubernetesPlace(kind, path) ?? fieldKind(path.at(-1));
  if (!isSetting && field !== undefined) return [field];
  const metadata = path.lastIndexOf("metadata");
  if (metadata >= 0 && metadata < path.length - 1) {
    const isAnnotation = path[metadata + 1] === "annotations" && !/checksum|hash/i.test(String(path.at(-1)));
    return isAnnotation ? "anything" : [];
  }
  return kind === "NetworkPolicy" ? ["namespace", "backend-address"] : "anything";
}

/** Fields of which the name says all that can stand there. */
function fieldKind(last: string | number | undefined): ReferenceKind | undefined {
  const kind = typeof last === "string" ? settingKind(last) : undefined;
  return kind === "namespace" || kind === "environment-image" ? kind : undefined;
}
