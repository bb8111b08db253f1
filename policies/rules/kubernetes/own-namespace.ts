/** Every object stands in a namespace of its environment. */
import { combined } from "../../combined";
import type { Estate } from "../../estate";
import { judgeReferences } from "../../foreign";
import { type KubernetesObject, kubernetesObjects } from "../../kubernetes/objects";
import { isClusterKind } from "../../kubernetes/scopes";
import type { ProviderResource, Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, type Value, valueAt } from "../../value";

export const ownNamespace: ResourceRule = {
  id: "kubernetes/own-namespace",
  title: "Objects stand in namespaces of their own environment, and name no others",
  why:
    "Both environments run on one cluster: an object in the wrong namespace, or in none, belongs to whoever else is " +
    "there, with their Secrets and their network policies.",
  prevents: ["F2", "F6"],
  fix: "Set metadata.namespace to one of keybuzz:kubernetes.namespaces of this environment's file.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    const { objects, unknown } = kubernetesObjects(resource);
    if (objects.length + unknown.length === 0) return NOT_APPLICABLE;
    const references = judgeReferences(resource, estate, ["namespace"]);
    const assessment = new Assessment();
    const judged = objects.filter(({ kind }) => kind === "Namespace" || !isClusterKind(kind));
    for (const object of judged) judgePlace(object, resource, estate, assessment);
    return combined(references, judged.length === 0 ? NOT_APPLICABLE : assessment.verdict);
  },
};

/** No object of the API: it says at its top where what it installs goes. */
const HELM_RELEASE = "kubernetes:helm.sh/v3:Release";

/** Another environment's namespaces are found among the references; this is about none, and about strangers. */
function judgePlace(
  { kind, path, body }: KubernetesObject,
  { type, provider }: Pick<Resource, "type" | "provider">,
  estate: Estate,
  assessment: Assessment,
): void {
  const property = kind === "Namespace" ? "name" : "namespace";
  const below = type === HELM_RELEASE ? [property] : ["metadata", property];
  const at = [...path, ...below];
  const written = valueAt(body, ...below);
  const name = isEmpty(written) && property === "namespace" ? providedBy(provider) : written;
  if (isUnknown(name)) {
    if (!name.own) assessment.unknown(at);
  } else if (typeof name !== "string" || name === "") {
    const missing =
      kind === "Namespace"
        ? "has no name: it gets one that no environment claims"
        : "has no namespace: it lands in that of whoever applies it";
    if (kind !== "Namespace" || estate.owners.claims("namespace")) assessment.finding(at, missing);
  } else judgeName(name, name === written, estate, (message) => assessment.finding(at, message));
}

function judgeName(name: string, isWritten: boolean, estate: Estate, tell: (message: string) => void): void {
  const { owners, environment } = estate;
  const owner = owners.ownerOf("namespace", name);
  if (owner === undefined) {
    // Where nobody says which namespaces there are, all but the one for everybody may be right.
    if (owners.claims("namespace")) tell(`is ${name}, which is no namespace of ${environment}`);
    else if (name === "default") tell("is default, the namespace of everything that names none");
  } else if (owner.whose !== "own" && !isWritten) {
    tell(`is ${name} by its provider: a namespace of another environment`);
  }
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "";
}

/** The namespace of objects without one. */
function providedBy(provider: ProviderResource | undefined): Value | undefined {
  return provider?.properties.namespace;
}
