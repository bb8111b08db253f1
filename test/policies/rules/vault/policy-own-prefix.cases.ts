import { policyOwnPrefix } from "../../../../policies/rules/vault/policy-own-prefix";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCase, type RuleCases, resource } from "../../cases";

const policy = (text: Value) =>
  resource("vault:index/policy:Policy", { name: "keybuzz-prod-api", policy: text });
const grants = (path: string, ...capabilities: string[]) =>
  policy(`path "${path}" {\n  capabilities = [${capabilities.map((each) => `"${each}"`).join(", ")}]\n}\n`);

const refused = (paths: readonly string[], ...capabilities: string[]): RuleCase[] =>
  paths.map((path) => ({
    name: `${capabilities.join(", ")} on ${path} is refused`,
    given: grants(path, ...capabilities),
    want: "findings",
    at: ["policy"],
  }));
const right = (paths: readonly string[], ...capabilities: string[]): RuleCase[] =>
  paths.map((path) => ({
    name: `${capabilities.join(", ")} on ${path} is right`,
    given: grants(path, ...capabilities),
    want: "compliant",
  }));

export const cases: RuleCases = {
  rule: policyOwnPrefix,
  cases: [
    ...[
      "sys/policies/acl/keybuzz-prod-api",
      "/sys/policy/keybuzz-prod-api",
      "v1/sys/policy/a",
      "v1//sys//policy/a",
      " sys/policies/acl/a",
      "sys/policy",
    ].map(
      (path): RuleCase => ({
        name: `a policy that is written to ${path} is refused`,
        given: resource("vault:generic/endpoint:Endpoint", { path, dataJson: "{}" }),
        want: "findings",
        at: ["path"],
      }),
    ),
    {
      name: "what is written to a path that is not known stays open",
      given: resource("vault:generic/endpoint:Endpoint", { path: UNKNOWN, dataJson: "{}" }),
      want: "undetermined",
      at: ["path"],
    },
    ...["identity/group/name/a", "secret/sys/policy/a", "sys/policymaker/a", null].map(
      (path): RuleCase => ({
        name: `what is written to ${path} is no policy`,
        given: resource("vault:generic/endpoint:Endpoint", { path, dataJson: "{}" }),
        want: "not-applicable",
      }),
    ),
    ...refused(
      [
        "secret/data/keybuzz/dev/ses",
        "secret/data/keybuzz/dev/*",
        "secret/data/keybuzz/ses",
        "secret/data/keybuzz/*",
        "secret/data/keybuzz/prod*",
        "secret/data/keybuzz/prod2/ses",
        "secret/data/keybuzz/PROD/ses",
        "secret/data/keybuzz/+/ses",
        "secret/data/+/prod/ses",
        "secret/data/+/dev/*",
        "+/data/keybuzz/prod/ses",
        "+/data/*",
        "secret/*",
        "secret*",
        "*",
        "secret/keybuzz/prod/ses",
        "secret/config",
        "kv/data/keybuzz/prod/ses",
        "secret/data/keybuzz/{{identity.entity.name}}/ses",
        "secret/data/keybuzz/prod/../dev/ses",
        "secret/data/keybuzz/prod/./ses",
        "secret//data/keybuzz/prod/ses",
        "sys/mounts",
        "sys/*",
        "auth/approle/role/keybuzz-prod-backend/secret-id",
        "auth/token/create",
        "auth/token/*",
        "identity/entity/id",
        "cubbyhole",
      ],
      "read",
    ),
    ...refused(["secret/data/keybuzz/prod/ses", "auth/token/renew-self"], "read", "sudo"),
    ...refused(["secret/data/keybuzz/prod", "secret/metadata/keybuzz/prod/"], "list", "read"),
    ...refused(["secret/metadata/keybuzz/dev/", "secret/metadata/keybuzz", "sys/policies/acl"], "list"),
    ...right(
      [
        "secret/data/keybuzz/prod/ses",
        "/secret/data/keybuzz/prod/ses",
        "secret/data/keybuzz/prod/*",
        "secret/data/keybuzz/prod/api/+/ses",
        "secret/data/keybuzz/prod/s*",
        "secret/data/keybuzz/prod/{{identity.entity.name}}",
        "secret/metadata/keybuzz/prod/ses",
        "secret/delete/keybuzz/prod/ses",
        "secret/undelete/keybuzz/prod/ses",
        "secret/destroy/keybuzz/prod/ses",
        "secret/subkeys/keybuzz/prod/ses",
        "secret/+/keybuzz/prod/*",
        "auth/token/renew-self",
        "auth/token/lookup-self",
        "auth/token/revoke-self",
        "sys/leases/renew",
        "cubbyhole/*",
      ],
      "read",
      "update",
    ),
    ...right(["secret/metadata/keybuzz/prod", "secret/metadata/keybuzz/prod/"], "list"),
    ...right(["secret/*", "secret/data/keybuzz/dev/*", "sys/*"], "deny"),
    ...right(["secret/*"], "read", "sudo", "deny"),
    {
      name: "every path is told of, with one right one between them",
      given: policy(
        'path "secret/data/keybuzz/dev/a" { capabilities = ["read"] }\n' +
          'path "secret/data/keybuzz/prod/a" { capabilities = ["read"] }\n' +
          'path "sys/health" { capabilities = ["read", "sudo"] }\n',
      ),
      want: "findings",
      at: ["policy", "policy", "policy"],
    },
    {
      name: "a policy in JSON is read",
      given: policy('{"path": {"secret/data/keybuzz/dev/*": {"capabilities": ["read"]}}}'),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "a path that hides behind the same key of a JSON policy is read",
      given: policy(
        '{"path": {"secret/*": {"policy": "write"}}, "path": {"secret/data/keybuzz/prod/a": {"policy": "read"}}}',
      ),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "the shorthand of old is read",
      given: policy('path "secret/*" { policy = "read" }'),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "a policy that cannot be read is refused",
      given: policy('path "secret/data/keybuzz/prod/a" { capabilities = ["read" }'),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "a capability that Vault does not know is refused",
      given: grants("secret/data/keybuzz/prod/a", "reed"),
      want: "findings",
    },
    { name: "a policy that is no text is refused nothing", given: policy(null), want: "compliant" },
    {
      name: "a path without capabilities opens nothing",
      given: policy('path "secret/*" {}'),
      want: "compliant",
    },
    {
      name: "what stands in comments opens nothing",
      given: policy(
        '# path "secret/*" { capabilities = ["read"] }\npath "secret/data/keybuzz/prod/a" { capabilities = ["read"] } // secret/*',
      ),
      want: "compliant",
    },
    {
      name: "a policy that is not known stays open",
      given: policy(UNKNOWN),
      want: "undetermined",
      at: ["policy"],
    },
    {
      name: "a policy made of this environment's outputs stays open: its wildcards are not known",
      given: policy(OWN_UNKNOWN),
      want: "undetermined",
      at: ["policy"],
    },
    {
      name: "other resources are left alone",
      given: resource("vault:kv/secretV2:SecretV2", { policy: 'path "*" { policy = "write" }' }),
      want: "not-applicable",
    },
  ],
};
