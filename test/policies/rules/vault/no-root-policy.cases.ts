import { noRootPolicy } from "../../../../policies/rules/vault/no-root-policy";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

const role = (tokenPolicies: Value) =>
  resource("vault:appRole/authBackendRole:AuthBackendRole", {
    roleName: "keybuzz-prod-backend",
    tokenPolicies,
  });
const tokenRole = (properties: Readonly<Record<string, Value>>) =>
  resource("vault:tokenauth/authBackendRole:AuthBackendRole", { roleName: "a", ...properties });

export const cases: RuleCases = {
  rule: noRootPolicy,
  cases: [
    {
      name: "root among the policies of a login's group is refused",
      given: resource("vault:okta/authBackend:AuthBackend", {
        groups: [
          { groupName: "a", policies: ["keybuzz-prod-api"] },
          { groupName: "b", policies: ["root"] },
        ],
      }),
      want: "findings",
      at: ["groups[1].policies[0]"],
    },
    {
      name: "named policies of a login's users are right",
      given: resource("vault:okta/authBackend:AuthBackend", { users: [{ policies: ["keybuzz-prod-api"] }] }),
      want: "compliant",
    },
    {
      name: "groups of a login without policies are left alone",
      given: resource("vault:okta/authBackend:AuthBackend", { groups: [{ groupName: "a" }] }),
      want: "not-applicable",
    },
    {
      name: "named policies of a login and of its group are right",
      given: resource("vault:okta/authBackend:AuthBackend", {
        tokenPolicies: ["default"],
        groups: [{ groupName: "a", policies: ["keybuzz-prod-api"] }],
      }),
      want: "compliant",
    },
    {
      name: "root on an AppRole is refused, wherever in the list it stands",
      given: role(["keybuzz-prod-backend", "root"]),
      want: "findings",
      at: ["tokenPolicies[1]"],
    },
    {
      name: "root in upper case and with blanks is refused",
      given: role([" Root "]),
      want: "findings",
      at: ["tokenPolicies[0]"],
    },
    {
      name: "root in a text with commas is refused",
      given: role("default,root"),
      want: "findings",
      at: ["tokenPolicies"],
    },
    {
      name: "a root token is refused",
      given: resource("vault:index/token:Token", { policies: ["root"], ttl: "1h" }),
      want: "findings",
      at: ["policies[0]"],
    },
    {
      name: "root for a group is refused",
      given: resource("vault:identity/group:Group", { name: "deployers", policies: ["root"] }),
      want: "findings",
      at: ["policies[0]"],
    },
    {
      name: "a token role that may give root is refused",
      given: tokenRole({ allowedPolicies: ["root"] }),
      want: "findings",
      at: ["allowedPolicies[0]"],
    },
    {
      name: "a token role that may give anything is refused",
      given: tokenRole({ allowedPoliciesGlobs: ["keybuzz-prod-*", "*"] }),
      want: "findings",
      at: ["allowedPoliciesGlobs[1]"],
    },
    {
      name: "a pattern that fits root is refused",
      given: tokenRole({ allowedPoliciesGlobs: ["r*t"] }),
      want: "findings",
      at: ["allowedPoliciesGlobs[0]"],
    },
    {
      name: "a pattern in upper case and with blanks that fits root is refused",
      given: tokenRole({ allowedPoliciesGlobs: [" RO* "] }),
      want: "findings",
      at: ["allowedPoliciesGlobs[0]"],
    },
    { name: "a star is no pattern in a list of names", given: role(["*"]), want: "compliant" },
    { name: "names that contain root are right", given: role(["rooted", "keybuzz-root"]), want: "compliant" },
    {
      name: "patterns that do not fit root are right",
      given: tokenRole({ allowedPoliciesGlobs: ["keybuzz-*", "r.ot", "ro.ot", "root-*"] }),
      want: "compliant",
    },
    {
      name: "policies that are not known stay open",
      given: role(UNKNOWN),
      want: "undetermined",
      at: ["tokenPolicies"],
    },
    {
      name: "one policy that is not known stays open",
      given: role(["a", UNKNOWN]),
      want: "undetermined",
      at: ["tokenPolicies[1]"],
    },
    {
      name: "a name that an output gives may be root, too",
      given: role([OWN_UNKNOWN]),
      want: "undetermined",
      at: ["tokenPolicies[0]"],
    },
    {
      name: "a resource of Vault without policies is left alone",
      given: tokenRole({}),
      want: "not-applicable",
    },
    {
      name: "policies of others are left alone",
      given: object("core/v1:ConfigMap", { policies: ["root"] }),
      want: "not-applicable",
    },
  ],
};
