/** Secrets stand in Secrets, and nowhere else. */
import { kubernetesObjects } from "../../kubernetes/objects";
import { inWords, secretsInSettings, subjectOf } from "../../kubernetes/secrets-in-settings";
import { settingsOf, type UnknownSetting } from "../../kubernetes/settings";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { meaningOf, type NameMeaning } from "../../secret-forms/setting-names";

/** Names under which an output of the same environment is no secret. */
const RIGHT: readonly NameMeaning[] = ["checksum", "harmless", "public"];

export const noClearSecret: ResourceRule = {
  id: "kubernetes/no-clear-secret",
  title: "No environment, command line, annotation, label or ConfigMap holds a secret in clear",
  why:
    "NEXTAUTH_SECRET stood in the client's environment and was printed into a report; the backend's ops key stood " +
    "in another. Whoever may look at a Deployment reads them, and every tool that prints one spreads them.",
  prevents: ["F5"],
  fix:
    "Put the value into a Secret (components/application-secret.ts makes one from Vault) and take it with " +
    "secretKeyRef or envFrom; then change it, since it has been seen.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource) => {
    const { objects, unknown } = kubernetesObjects(resource);
    if (objects.length + unknown.length === 0) return NOT_APPLICABLE;
    const assessment = new Assessment();
    for (const { setting, path, found } of secretsInSettings(resource)) {
      const clear = setting.place === "secret" ? [] : found.filter(({ vault }) => !vault);
      if (clear.length > 0) {
        assessment.finding(path, `${subjectOf(setting)} holds ${inWords(clear)} in clear; only a Secret may`);
      }
    }
    for (const part of settingsOf(resource).unknown) {
      if (part.place !== "secret" && mayBeSecret(part)) assessment.unknown(part.path);
    }
    return assessment.verdict;
  },
};

/** Vault's tokens are told by kubernetes/no-vault-token, known or not. */
function mayBeSecret({ name, own }: UnknownSetting): boolean {
  const meaning = name === undefined ? "plain" : meaningOf(name);
  return meaning !== "vault" && !(own && RIGHT.includes(meaning));
}
