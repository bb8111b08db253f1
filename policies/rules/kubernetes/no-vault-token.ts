/** Workloads log in to Vault as themselves; no token is handed to them. */
import { type KubernetesObject, kubernetesObjects } from "../../kubernetes/objects";
import { inWords, secretsInSettings, subjectOf } from "../../kubernetes/secrets-in-settings";
import { type OutsideSetting, type Setting, settingsOf } from "../../kubernetes/settings";
import { isVaultTokenKey, isVaultTokenObject } from "../../kubernetes/vault-names";
import { hasVaultSource } from "../../kubernetes/vault-source";
import type { Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isBelow, isUnknown, valueAt } from "../../value";

export const noVaultToken: ResourceRule = {
  id: "kubernetes/no-vault-token",
  title: "No root token, static token or unseal key of Vault is in the cluster",
  why:
    "A Secret called vault-root-token stood in the API's namespace, and the backend had a static VAULT_TOKEN in its " +
    "environment: whoever reads either reads every secret of both environments, and no one notices.",
  prevents: ["F6", "F7"],
  fix:
    "Revoke the token. Workloads log in with their service account (VAULT_AUTH_ROLE and a projected token), machines " +
    "with AppRole; the root token is made when it is needed and revoked afterwards.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource) => {
    const { objects, unknown } = kubernetesObjects(resource);
    if (objects.length + unknown.length === 0) return NOT_APPLICABLE;
    const assessment = new Assessment();
    const { settings, outside } = settingsOf(resource);
    const named = objects.filter((object) => judgeName(object, assessment));
    for (const { setting, path, found } of secretsInSettings(resource)) {
      const tokens = found.filter(({ vault }) => vault);
      // What an object is called says it for everything in it.
      if (tokens.length > 0 && !named.some((object) => isBelow(path, object.path))) {
        assessment.finding(path, `${subjectOf(setting)} holds ${inWords(tokens)}; Vault is logged in to`);
      }
    }
    for (const setting of settings) judgeReference(setting, assessment);
    for (const setting of outside) judgeOutside(setting, assessment);
    judgeUnknown(resource, objects, assessment);
    return assessment.verdict;
  },
};

const HOLDERS: ReadonlySet<string> = new Set(["Secret", "ConfigMap", "ExternalSecret", "SealedSecret"]);

/** Whether the name alone is a finding. */
function judgeName({ kind, path, body }: KubernetesObject, assessment: Assessment): boolean {
  const name = valueAt(body, "metadata", "name");
  // What a service account is called is its own affair; Kubernetes makes the token.
  if (!HOLDERS.has(kind) || body.type === "kubernetes.io/service-account-token") return false;
  const at = [...path, "metadata", "name"];
  if (isUnknown(name) && !name.own) assessment.unknown(at);
  if (typeof name !== "string" || !isVaultTokenObject(name)) return false;
  assessment.finding(at, `is ${name}: no object holds a token or an unseal key of Vault`);
  return true;
}

/** Properties that name a Secret or a ConfigMap, or a key in one. */
const NAMES_OBJECT = /^(?:secret|configMap|target|\w*(?:Secret|ConfigMap|secret|configMap)(?:Key)?Ref)$/;

/** References to objects that are called after such a token: volumes, envFrom, and those of custom kinds. */
function judgeReference({ place, path, text }: Setting, assessment: Assessment): void {
  if (place !== "other") return;
  const [last, parent, list] = [path.at(-1), String(path.at(-2)), path.at(-3)];
  const namesObject = last === "secretName" || (last === "name" && NAMES_OBJECT.test(parent));
  if (last === "name" && parent === "tokenSecretRef" && path.includes("vault")) {
    assessment.finding(path, "logs in to Vault with a static token; use its Kubernetes login");
  } else if (namesObject && isVaultTokenObject(text)) {
    assessment.finding(path, `names ${text}: no workload takes a token or an unseal key of Vault`);
  } else if (last === "key" && (list === "items" || NAMES_OBJECT.test(parent)) && isVaultTokenKey(text)) {
    assessment.finding(path, `takes the key ${text}: no workload takes a token or an unseal key of Vault`);
  }
}

function judgeOutside({ name, path, source }: OutsideSetting, assessment: Assessment): void {
  if (isVaultTokenKey(name)) {
    assessment.finding(path, `gives ${name} to the container; Vault is logged in to`);
    return;
  }
  for (const kind of ["secretKeyRef", "configMapKeyRef"]) {
    const object = valueAt(source, kind, "name");
    const key = valueAt(source, kind, "key");
    if (typeof object === "string" && isVaultTokenObject(object)) {
      assessment.finding([...path, kind, "name"], `names ${object}: no workload takes a token of Vault`);
    } else if (typeof key === "string" && isVaultTokenKey(key)) {
      assessment.finding([...path, kind, "key"], `takes the key ${key}: no workload takes a token of Vault`);
    } else {
      if (isUnknown(object) && !object.own) assessment.unknown([...path, kind, "name"]);
      if (isUnknown(key) && !key.own) assessment.unknown([...path, kind, "key"]);
    }
  }
}

function judgeUnknown(
  resource: Resource,
  objects: readonly KubernetesObject[],
  assessment: Assessment,
): void {
  for (const { name, own, path, place } of settingsOf(resource).unknown) {
    if (name !== undefined && isVaultTokenKey(name)) {
      assessment.finding(path, `gives ${name} a value; Vault is logged in to`);
    } else if (!own && !(place === "secret" && hasVaultSource(objects, path))) assessment.unknown(path);
  }
}
