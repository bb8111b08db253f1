import { ownPrefix } from "../../../../policies/rules/vault/own-prefix";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

const entry = (name: Value, mount: Value = "secret") =>
  resource("vault:kv/secretV2:SecretV2", { mount, name, dataJson: "{}" });
const generic = (path: string) => resource("vault:generic/secret:Secret", { path, dataJson: "{}" });
const configMap = (data: Readonly<Record<string, Value>>) =>
  object("core/v1:ConfigMap", { metadata: { name: "keybuzz-api" }, data });

export const cases: RuleCases = {
  rule: ownPrefix,
  cases: [
    {
      name: "DEV's entry is refused, told once",
      given: entry("keybuzz/dev/ses"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry without an environment is refused",
      given: entry("keybuzz/ses"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry at the prefix is refused",
      given: entry("keybuzz/prod"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry beside the prefix is refused",
      given: entry("keybuzz/prod2/ses"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry below the prefix in upper case is refused",
      given: entry("keybuzz/PROD/ses"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry in another mount is refused",
      given: entry("keybuzz/prod/ses", "kv"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry that leads out of the prefix is refused",
      given: entry("keybuzz/prod/../dev/ses"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry below data in the engine itself is refused",
      given: entry("data/keybuzz/prod/ses"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry by its path alone is refused elsewhere",
      given: generic("secret/keybuzz/smtp"),
      want: "findings",
      at: ["path"],
    },
    {
      name: "an entry by its path alone is refused in another mount",
      given: generic("kv/data/keybuzz/prod/ses"),
      want: "findings",
      at: ["path"],
    },
    {
      name: "an entry that leads to nobody's path is refused",
      given: entry("keybuzz/prod/../shop/ses"),
      want: "findings",
      at: ["name"],
    },
    {
      name: "an entry that leads back below the prefix is right",
      given: entry("keybuzz/shop/.././prod/ses"),
      want: "compliant",
    },
    {
      name: "a path of a resource that is no entry may stand in another mount",
      given: resource("vault:index/mount:Mount", { path: "kv/keybuzz" }),
      want: "compliant",
    },
    {
      name: "an entry of version 1 is refused elsewhere",
      given: resource("vault:kv/secret:Secret", { path: "kv/keybuzz/prod/ses" }),
      want: "findings",
      at: ["path"],
    },
    {
      name: "DEV's path in a setting is refused",
      given: configMap({ VAULT_PATH: "secret/data/keybuzz/dev/ses" }),
      want: "findings",
      at: ["data.VAULT_PATH"],
    },
    {
      name: "a path without an environment in a setting is refused",
      given: configMap({ VAULT_PATH: "secret/data/keybuzz/smtp" }),
      want: "findings",
      at: ["data.VAULT_PATH"],
    },
    {
      name: "the path above all environments in a setting is refused",
      given: configMap({ VAULT_PREFIX: "secret/keybuzz" }),
      want: "findings",
      at: ["data.VAULT_PREFIX"],
    },
    {
      name: "a path without an environment in an annotation is refused",
      given: object("apps/v1:Deployment", {
        spec: {
          template: {
            metadata: {
              annotations: { "vault.hashicorp.com/agent-inject-secret-ses": "secret/data/keybuzz/ses" },
            },
          },
        },
      }),
      want: "findings",
      at: ['spec.template.metadata.annotations["vault.hashicorp.com/agent-inject-secret-ses"]'],
    },
    {
      name: "an entry whose value names a path without an environment is refused",
      given: resource("vault:kv/secretV2:SecretV2", {
        mount: "secret",
        name: "keybuzz/prod/api",
        dataJson: '{"VAULT_PATH":"secret/keybuzz/ses"}',
      }),
      want: "findings",
      at: ["dataJson"],
    },
    { name: "an entry below the prefix is right", given: entry("keybuzz/prod/ses"), want: "compliant" },
    {
      name: "slashes around an entry's parts mean nothing",
      given: entry("/keybuzz/prod//ses/", "/secret/"),
      want: "compliant",
    },
    {
      name: "an entry by its path in the API is right",
      given: generic("secret/data/keybuzz/prod/ses"),
      want: "compliant",
    },
    {
      name: "DEV's entry is right in DEV",
      environment: "dev",
      given: entry("keybuzz/dev/ses"),
      want: "compliant",
    },
    {
      name: "the prefix itself in a setting is right",
      given: configMap({ VAULT_PREFIX: "secret/keybuzz/prod" }),
      want: "compliant",
    },
    {
      name: "words that look like paths elsewhere are right",
      given: configMap({
        VAULT_PATH: "secret/keybuzz/prod/ses",
        HINT: "kubectl get secret/keybuzz-ses",
        IMAGE: "kv/keybuzz/ses",
      }),
      want: "compliant",
    },
    {
      name: "an entry whose name is not known stays open",
      given: entry(UNKNOWN),
      want: "undetermined",
      at: ["name"],
    },
    {
      name: "an entry whose mount is not known stays open",
      given: entry("keybuzz/prod/ses", UNKNOWN),
      want: "undetermined",
      at: ["mount"],
    },
    {
      name: "an entry whose whole path is not known stays open",
      given: resource("vault:generic/secret:Secret", { path: UNKNOWN, dataJson: "{}" }),
      want: "undetermined",
      at: ["path"],
    },
    {
      name: "an entry named by this environment's outputs is its own",
      given: entry(OWN_UNKNOWN),
      want: "compliant",
    },
    {
      name: "policies are judged path by path elsewhere",
      given: resource("vault:index/policy:Policy", {
        policy: 'path "secret/data/keybuzz/dev/a" { policy = "deny" }',
      }),
      want: "not-applicable",
    },
    {
      name: "a database that is called like a path is none",
      given: resource("postgresql:index/grant:Grant", { database: "secret/keybuzz/shop", role: "a" }),
      want: "not-applicable",
    },
    {
      name: "a resource that names no path is left alone",
      given: object("core/v1:Namespace", { metadata: { name: "keybuzz-api-prod" } }),
      want: "not-applicable",
    },
  ],
};
