import { noStandingToken } from "../../../../policies/rules/vault/no-standing-token";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

type Properties = Readonly<Record<string, Value>>;
const provider = (properties: Properties) =>
  resource("pulumi:providers:vault", { address: "https://10.0.0.150:8200", ...properties });
const token = (properties: Properties) =>
  resource("vault:index/token:Token", { policies: ["keybuzz-prod-api"], ttl: "1h", ...properties });

export const cases: RuleCases = {
  rule: noStandingToken,
  cases: [
    {
      name: "a token given to the provider is refused",
      given: provider({ token: "hvs.x" }),
      want: "findings",
      at: ["token"],
    },
    {
      name: "a secret id in state is refused",
      given: resource("vault:appRole/authBackendRoleSecretId:AuthBackendRoleSecretId", { roleName: "a" }),
      want: "findings",
      at: [""],
    },
    {
      name: "a login whose token stands in state is refused",
      given: resource("vault:appRole/authBackendLogin:AuthBackendLogin", { roleId: "a" }),
      want: "findings",
      at: [""],
    },
    { name: "a token without an end is refused", given: token({ ttl: "" }), want: "findings", at: ["ttl"] },
    {
      name: "a token that ends at once, which is never, is refused",
      given: token({ ttl: "0s" }),
      want: "findings",
      at: ["ttl"],
    },
    {
      name: "a token of more than a day is refused",
      given: token({ ttl: "24h1s" }),
      want: "findings",
      at: ["ttl"],
    },
    {
      name: "a lifetime that cannot be read is refused",
      given: token({ ttl: "soon" }),
      want: "findings",
      at: ["ttl"],
    },
    {
      name: "a token without policies of its own is refused",
      given: token({ policies: [] }),
      want: "findings",
      at: ["policies"],
    },
    {
      name: "a token that says nothing of policies is refused",
      given: token({ policies: null }),
      want: "findings",
      at: ["policies"],
    },
    {
      name: "a token that is renewed for ever is refused",
      given: token({ period: "1h" }),
      want: "findings",
      at: ["period"],
    },
    {
      name: "a token that is renewed for longer than a day is refused",
      given: token({ period: "1h", explicitMaxTtl: "48h" }),
      want: "findings",
      at: ["period"],
    },
    { name: "a provider without a token is right", given: provider({}), want: "compliant" },
    { name: "a provider with an empty token has none", given: provider({ token: "" }), want: "compliant" },
    { name: "a token of a day is right", given: token({ ttl: "24h" }), want: "compliant" },
    { name: "a token of seconds as a text is right", given: token({ ttl: "3600" }), want: "compliant" },
    {
      name: "a token that is renewed within a day is right",
      given: token({ period: "1h", explicitMaxTtl: "24h" }),
      want: "compliant",
    },
    { name: "a period of nothing is none", given: token({ period: "0" }), want: "compliant" },
    {
      name: "a provider whose token is not known stays open",
      given: provider({ token: UNKNOWN }),
      want: "undetermined",
      at: ["token"],
    },
    {
      name: "a lifetime that is not known stays open",
      given: token({ ttl: UNKNOWN }),
      want: "undetermined",
      at: ["ttl"],
    },
    {
      name: "policies that are not known stay open",
      given: token({ policies: UNKNOWN }),
      want: "undetermined",
      at: ["policies"],
    },
    {
      name: "a period that is not known stays open",
      given: token({ period: UNKNOWN }),
      want: "undetermined",
      at: ["period"],
    },
    {
      name: "an end of a period that is not known stays open",
      given: token({ period: "1h", explicitMaxTtl: UNKNOWN }),
      want: "undetermined",
      at: ["explicitMaxTtl"],
    },
    {
      name: "other resources are left alone",
      given: object("core/v1:ConfigMap", { token: "a" }),
      want: "not-applicable",
    },
  ],
};
