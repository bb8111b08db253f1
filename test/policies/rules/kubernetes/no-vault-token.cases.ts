import { SOURCE_ANNOTATION } from "../../../../policies/references/scan";
import { noVaultToken } from "../../../../policies/rules/kubernetes/no-vault-token";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

/** Of the form of Vault's tokens. */
const TOKEN = `hvs.${"aB3x".repeat(6)}`;

const namespace = "keybuzz-api-prod";
const secret = (name: Value, stringData: Value, more: Readonly<Record<string, Value>> = {}) =>
  object("core/v1:Secret", { metadata: { name, namespace }, stringData, ...more });
const pods = (spec: Readonly<Record<string, Value>>) =>
  object("apps/v1:Deployment", { metadata: { name: "a", namespace }, spec: { template: { spec } } });
const container = (body: Readonly<Record<string, Value>>) => pods({ containers: [{ name: "a", ...body }] });
const AT = "spec.template.spec.containers[0]";

export const cases: RuleCases = {
  rule: noVaultToken,
  cases: [
    {
      name: "the Secret vault-root-token, as it stood in the API's namespace, is refused once",
      given: secret("vault-root-token", { token: TOKEN, VAULT_TOKEN: TOKEN }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "Secrets are refused by their names in any spelling, though nothing is known of what they hold",
      given: secret("Vault.Unseal-Keys-2", UNKNOWN),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "a ConfigMap by that name is refused, and an external secret",
      given: object("external-secrets.io/v1:ExternalSecret", {
        metadata: { name: "vault-token-secret", namespace },
        spec: { target: { name: "vault-root-token" } },
      }),
      want: "findings",
      at: ["metadata.name", "spec.target.name"],
    },
    {
      name: "ConfigMaps and sealed secrets are refused by their names, too",
      given: object("core/v1:ConfigMap", { metadata: { name: "openbao-root-token", namespace }, data: {} }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "a sealed secret is refused by its name",
      given: object("bitnami.com/v1alpha1:SealedSecret", { metadata: { name: "vault-unseal", namespace } }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "in a list each Secret is refused for what it is",
      given: object("core/v1:SecretList", {
        items: [
          { metadata: { name: "vault-root-token" }, stringData: { token: TOKEN } },
          { metadata: { name: "app" }, stringData: { token: TOKEN } },
        ],
      }),
      want: "findings",
      at: ["items[0].metadata.name", "items[1].stringData.token"],
    },
    {
      name: "keys that hold Vault's tokens and unseal keys are refused",
      given: secret("keybuzz-api", {
        VAULT_TOKEN: "x",
        VAULT_DEV_ROOT_TOKEN_ID: "root",
        root_token: "x",
        unseal_keys_b64: "x",
        UNSEAL_KEY_1: "x",
      }),
      want: "findings",
    },
    {
      name: "a key is refused though its value is not known",
      given: object("core/v1:ConfigMap", {
        metadata: { name: "a", namespace },
        data: { VAULT_TOKEN: OWN_UNKNOWN },
      }),
      want: "findings",
      at: ["data.VAULT_TOKEN"],
    },
    {
      name: "a token is known by its form, in a Secret's base64 too",
      given: object("core/v1:Secret", {
        metadata: { name: "a", namespace },
        data: { config: Buffer.from(`token = "${TOKEN}"`).toString("base64"), other: "eA==" },
      }),
      want: "findings",
      at: ["data.config"],
    },
    {
      name: "VAULT_TOKEN in the environment is refused, in clear and from a Secret",
      given: container({
        env: [
          { name: "VAULT_TOKEN", value: TOKEN },
          {
            name: "VAULT_ROOT_TOKEN",
            valueFrom: { secretKeyRef: { name: "vault-root-token", key: "VAULT_TOKEN" } },
          },
        ],
      }),
      want: "findings",
      at: [`${AT}.env[0].value`, `${AT}.env[1].valueFrom`],
    },
    {
      name: "a telling Secret or key is refused whatever the variable is called",
      given: container({
        env: [
          { name: "A", valueFrom: { secretKeyRef: { name: "vault-root-token", key: "token" } } },
          { name: "B", valueFrom: { configMapKeyRef: { name: "settings", key: "VAULT_TOKEN" } } },
        ],
      }),
      want: "findings",
      at: [`${AT}.env[0].valueFrom.secretKeyRef.name`, `${AT}.env[1].valueFrom.configMapKeyRef.key`],
    },
    {
      name: "a token that is split between two variables is found where they meet",
      given: container({
        env: [
          { name: "A", value: TOKEN.slice(0, 12) },
          { name: "B", value: `$(A)${TOKEN.slice(12)}` },
        ],
      }),
      want: "findings",
      at: [`${AT}.env[1].value`],
    },
    {
      name: "init containers and every volume are read",
      given: pods({
        containers: [
          { name: "a", envFrom: [{ configMapRef: { name: "b" } }, { secretRef: { name: "vault-token" } }] },
        ],
        initContainers: [{ name: "b", args: ["-c", "export VAULT_TOKEN=abc; vault kv get secret/x"] }],
        volumes: [
          { name: "c", secret: { secretName: "vault-root-token" } },
          {
            name: "d",
            projected: { sources: [{ secret: { name: "app", items: [{ key: "root_token", path: "t" }] } }] },
          },
        ],
      }),
      want: "findings",
      at: [
        "spec.template.spec.initContainers[0].args[1]",
        `${AT}.envFrom[1].secretRef.name`,
        "spec.template.spec.volumes[0].secret.secretName",
        "spec.template.spec.volumes[1].projected.sources[0].secret.items[0].key",
      ],
    },
    {
      name: "a token in an annotation is refused, and Vault's development server's option",
      given: object("core/v1:Pod", {
        metadata: { name: "a", namespace, annotations: { note: `root is ${TOKEN}` } },
        spec: { containers: [{ args: ["server", "-dev", "-dev-root-token-id=root"] }] },
      }),
      want: "findings",
      at: ["metadata.annotations.note", "spec.containers[0].args[2]"],
    },
    {
      name: "a custom object that refers to such a Secret is refused",
      given: object("example.org/v1:Backup", {
        metadata: { name: "a", namespace },
        spec: { loginSecretRef: { name: "vault-root-token" } },
      }),
      want: "findings",
      at: ["spec.loginSecretRef.name"],
    },
    ...[
      { secretary: { name: "vault-root-token" } },
      { topsecret: { name: "vault-root-token" } },
      { secret: { note: "vault-root-token" } },
      { tolerations: [{ key: "vault-token", operator: "Exists" }] },
      { secret: { items: [{ key: "api", path: "vault_token" }] } },
    ].map(
      (spec): RuleCase => ({
        name: `${JSON.stringify(spec)} refers to no such Secret and takes no such key`,
        given: object("example.org/v1:Backup", { metadata: { name: "a", namespace }, spec }),
        want: "compliant",
      }),
    ),
    {
      name: "a setting that is called like a reference is none",
      given: object("core/v1:ConfigMap", {
        metadata: { name: "a", namespace },
        data: { secretName: "vault-root-token" },
      }),
      want: "compliant",
    },
    {
      name: "a store of secrets that logs in with its service account is right",
      given: object("external-secrets.io/v1:SecretStore", {
        metadata: { name: "vault", namespace },
        spec: { provider: { vault: { auth: { kubernetes: { serviceAccountRef: { name: "reader" } } } } } },
      }),
      want: "compliant",
    },
    {
      name: "a store of secrets that logs in with a static token is refused",
      given: object("external-secrets.io/v1:SecretStore", {
        metadata: { name: "vault", namespace },
        spec: { provider: { vault: { auth: { tokenSecretRef: { name: "vault-login", key: "token" } } } } },
      }),
      want: "findings",
      at: ["spec.provider.vault.auth.tokenSecretRef.name"],
    },
    {
      name: "a login with the service account's own token is right",
      given: pods({
        containers: [
          {
            name: "a",
            env: [
              { name: "VAULT_AUTH_ROLE", value: "keybuzz-prod-api" },
              { name: "VAULT_AUTH_TOKEN_FILE", value: "/var/run/secrets/vault/token" },
              { name: "VAULT_TOKEN_TTL", value: "20m" },
              { name: "VAULT_TOKEN", value: "" },
              {
                name: "PGPASSWORD",
                valueFrom: { secretKeyRef: { name: "keybuzz-api-postgres", key: "PGPASSWORD" } },
              },
            ],
          },
        ],
        volumes: [
          {
            name: "vault-token",
            projected: { sources: [{ serviceAccountToken: { path: "token", audience: "vault" } }] },
          },
        ],
      }),
      want: "compliant",
    },
    {
      name: "other secrets are told by another rule",
      given: container({ env: [{ name: "PASSWORD", value: "hunter2" }] }),
      want: "compliant",
    },
    {
      name: "the token that Kubernetes makes for a service account is none of Vault's",
      given: secret("vault-token", {}, { type: "kubernetes.io/service-account-token" }),
      want: "compliant",
    },
    {
      name: "a Secret made of this environment's own outputs is right",
      given: secret("keybuzz-api-postgres", OWN_UNKNOWN),
      want: "compliant",
    },
    {
      name: "a Secret that says from which entry in Vault it comes is judged there",
      given: object("core/v1:Secret", {
        metadata: {
          name: "keybuzz-stripe",
          annotations: { [SOURCE_ANNOTATION]: "secret/keybuzz/prod/stripe" },
        },
        stringData: UNKNOWN,
      }),
      want: "compliant",
    },
    {
      name: "what is not known and comes from elsewhere stays open",
      given: secret(UNKNOWN, UNKNOWN),
      want: "undetermined",
      at: ["metadata.name", "stringData"],
    },
    {
      name: "an object of which nothing is known stays open beside one that is",
      given: object("core/v1:ConfigMapList", { items: [{ metadata: { name: "a" }, data: {} }, UNKNOWN] }),
      want: "undetermined",
      at: ["items[1]"],
    },
    {
      name: "a list of Secrets of which nothing is known stays open",
      given: object("core/v1:SecretList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "a ConfigMap is made of no entry, whatever it says",
      given: object("core/v1:ConfigMap", {
        metadata: { name: "a", annotations: { [SOURCE_ANNOTATION]: "secret/keybuzz/prod/stripe" } },
        data: UNKNOWN,
      }),
      want: "undetermined",
      at: ["data"],
    },
    {
      name: "a reference that is not known stays open",
      given: container({
        env: [
          { name: "A", valueFrom: { secretKeyRef: { name: UNKNOWN, key: UNKNOWN } } },
          { name: "B", valueFrom: { secretKeyRef: { name: OWN_UNKNOWN, key: OWN_UNKNOWN } } },
          { name: "C", value: UNKNOWN },
        ],
      }),
      want: "undetermined",
      at: [
        `${AT}.env[0].valueFrom.secretKeyRef.name`,
        `${AT}.env[0].valueFrom.secretKeyRef.key`,
        `${AT}.env[2].value`,
      ],
    },
    {
      name: "resources of other systems are left alone",
      given: resource("vault:index/mount:Mount", { path: "vault-root-token" }),
      want: "not-applicable",
    },
  ],
};
