import { ownNames } from "../../../../policies/rules/vault/own-names";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

const role = (properties: Readonly<Record<string, Value>>) =>
  resource("vault:kubernetes/authBackendRole:AuthBackendRole", {
    backend: "kubernetes",
    roleName: "keybuzz-prod-api",
    tokenPolicies: ["keybuzz-prod-api"],
    ...properties,
  });

export const cases: RuleCases = {
  rule: ownNames,
  cases: [
    {
      name: "DEV's policy on a login of PROD is refused, wherever in the list it stands",
      given: role({ tokenPolicies: ["keybuzz-prod-api", "keybuzz-dev-api"] }),
      want: "findings",
      at: ["tokenPolicies[1]"],
    },
    {
      name: "DEV's policy in upper case is DEV's policy",
      given: role({ tokenPolicies: ["KeyBuzz-DEV-api"] }),
      want: "findings",
      at: ["tokenPolicies[0]"],
    },
    {
      name: "DEV's role is refused",
      given: role({ roleName: "keybuzz-dev-api" }),
      want: "findings",
      at: ["roleName"],
    },
    {
      name: "a policy under DEV's name is refused",
      given: resource("vault:index/policy:Policy", { name: "keybuzz-dev-api", policy: "" }),
      want: "findings",
      at: ["name"],
    },
    {
      name: "DEV's role in a workload's environment is refused",
      given: object("apps/v1:Deployment", {
        spec: {
          template: {
            spec: { containers: [{ env: [{ name: "VAULT_AUTH_ROLE", value: "keybuzz-dev-api" }] }] },
          },
        },
      }),
      want: "findings",
      at: ["spec.template.spec.containers[0].env[0].value"],
    },
    { name: "PROD's own names are right", given: role({}), want: "compliant" },
    {
      name: "names of this environment's outputs are its own",
      given: role({ roleName: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "a role that is not known stays open",
      given: role({ roleName: UNKNOWN }),
      want: "undetermined",
      at: ["roleName"],
    },
    {
      name: "policies that are not known stay open",
      given: role({ tokenPolicies: UNKNOWN }),
      want: "undetermined",
      at: ["tokenPolicies"],
    },
    {
      name: "a resource that names no policy or role is left alone",
      given: object("core/v1:Namespace", { metadata: { name: "keybuzz-api-prod" } }),
      want: "not-applicable",
    },
  ],
};
