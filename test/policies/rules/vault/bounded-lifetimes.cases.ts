import { boundedLifetimes } from "../../../../policies/rules/vault/bounded-lifetimes";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCase, type RuleCases, resource } from "../../cases";

type Properties = Readonly<Record<string, Value>>;
const appRole = (properties: Properties = {}) =>
  resource("vault:appRole/authBackendRole:AuthBackendRole", {
    roleName: "keybuzz-prod-backend",
    bindSecretId: true,
    secretIdTtl: 2_592_000,
    secretIdNumUses: 100,
    tokenTtl: 3600,
    tokenMaxTtl: 86_400,
    ...properties,
  });
const kubernetes = (properties: Properties = {}) =>
  resource("vault:kubernetes/authBackendRole:AuthBackendRole", {
    roleName: "keybuzz-prod-api",
    tokenTtl: 1200,
    tokenMaxTtl: 3600,
    ...properties,
  });

/** The greatest value that is right, and the one after it. */
const BOUNDS: Readonly<Record<string, number>> = {
  secretIdTtl: 7_776_000,
  secretIdNumUses: 1000,
  tokenTtl: 86_400,
  tokenMaxTtl: 86_400,
};
const bounds = Object.entries(BOUNDS).flatMap(([property, most]): RuleCase[] => [
  { name: `${property} of ${most} is right`, given: appRole({ [property]: most }), want: "compliant" },
  { name: `${property} as a text is read`, given: appRole({ [property]: `${most}` }), want: "compliant" },
  ...[most + 1, `${most + 1}`, 0, "0", -1, "", "soon", null].map(
    (value): RuleCase => ({
      name: `${property} of ${JSON.stringify(value)} is refused`,
      given: appRole({ [property]: value }),
      want: "findings",
      at: [property],
    }),
  ),
  {
    name: `${property} that is not known stays open`,
    given: appRole({ [property]: UNKNOWN }),
    want: "undetermined",
    at: [property],
  },
]);

export const cases: RuleCases = {
  rule: boundedLifetimes,
  cases: [
    ...bounds,
    { name: "the project's own AppRole is right", given: appRole(), want: "compliant" },
    { name: "a lifetime with a unit is read", given: appRole({ tokenTtl: "1h30m" }), want: "compliant" },
    {
      name: "a lifetime with a unit that is too long is refused",
      given: appRole({ tokenTtl: "2d" }),
      want: "findings",
      at: ["tokenTtl"],
    },
    {
      name: "an AppRole without a secret id is refused",
      given: appRole({ bindSecretId: false }),
      want: "findings",
      at: ["bindSecretId"],
    },
    {
      name: "an AppRole without a secret id, as a text, is refused",
      given: appRole({ bindSecretId: "false" }),
      want: "findings",
      at: ["bindSecretId"],
    },
    {
      name: "an AppRole that says nothing binds its secret id",
      given: appRole({ bindSecretId: null }),
      want: "compliant",
    },
    {
      name: "a binding that is not known stays open",
      given: appRole({ bindSecretId: UNKNOWN }),
      want: "undetermined",
      at: ["bindSecretId"],
    },
    { name: "the project's own Kubernetes role is right", given: kubernetes(), want: "compliant" },
    {
      name: "a Kubernetes role has no secret id to bind",
      given: kubernetes({ bindSecretId: false }),
      want: "compliant",
    },
    {
      name: "a Kubernetes role without lifetimes is refused",
      given: kubernetes({ tokenTtl: null, tokenMaxTtl: 0 }),
      want: "findings",
      at: ["tokenTtl", "tokenMaxTtl"],
    },
    {
      name: "a role of another login method without lifetimes is refused",
      given: resource("vault:index/certAuthBackendRole:CertAuthBackendRole", { tokenTtl: 60 }),
      want: "findings",
      at: ["tokenMaxTtl"],
    },
    {
      name: "tokens that are renewed for ever are refused",
      given: kubernetes({ tokenPeriod: 600 }),
      want: "findings",
      at: ["tokenPeriod"],
    },
    {
      name: "tokens that are renewed for longer than a day are refused",
      given: kubernetes({ tokenPeriod: 600, tokenExplicitMaxTtl: 86_401 }),
      want: "findings",
      at: ["tokenPeriod"],
    },
    {
      name: "an explicit end of 0 is none",
      given: kubernetes({ tokenPeriod: 600, tokenExplicitMaxTtl: 0 }),
      want: "findings",
      at: ["tokenPeriod"],
    },
    {
      name: "tokens that are renewed within a day are right",
      given: kubernetes({ tokenPeriod: 600, tokenExplicitMaxTtl: 86_400 }),
      want: "compliant",
    },
    { name: "a period of 0 is none", given: kubernetes({ tokenPeriod: 0 }), want: "compliant" },
    {
      name: "a period that is not known stays open",
      given: kubernetes({ tokenPeriod: UNKNOWN }),
      want: "undetermined",
      at: ["tokenPeriod"],
    },
    {
      name: "an end of periods that is not known stays open",
      given: kubernetes({ tokenPeriod: 600, tokenExplicitMaxTtl: UNKNOWN }),
      want: "undetermined",
      at: ["tokenExplicitMaxTtl"],
    },
    {
      name: "resources that are no roles of a login are left alone",
      given: resource("vault:kubernetes/authBackendConfig:AuthBackendConfig", {}),
      want: "not-applicable",
    },
    {
      name: "roles of another package are left alone",
      given: resource("notvault:kubernetes/authBackendRole:AuthBackendRole", { roleName: "a" }),
      want: "not-applicable",
    },
    {
      name: "roles of Kubernetes itself are left alone",
      given: resource("kubernetes:rbac.authorization.k8s.io/v1:Role", {}),
      want: "not-applicable",
    },
  ],
};
