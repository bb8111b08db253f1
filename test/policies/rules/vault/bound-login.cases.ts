import { boundLogin } from "../../../../policies/rules/vault/bound-login";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCase, type RuleCases, resource } from "../../cases";

type Properties = Readonly<Record<string, Value>>;
const kubernetes = (properties: Properties = {}) =>
  resource("vault:kubernetes/authBackendRole:AuthBackendRole", {
    boundServiceAccountNames: ["keybuzz-api"],
    boundServiceAccountNamespaces: ["keybuzz-api-prod"],
    ...properties,
  });
const appRole = (properties: Properties = {}) =>
  resource("vault:appRole/authBackendRole:AuthBackendRole", {
    secretIdBoundCidrs: ["10.0.0.250/32"],
    tokenBoundCidrs: ["10.0.0.250"],
    ...properties,
  });

const ranges = (list: readonly string[], want: "findings" | "compliant"): RuleCase[] =>
  list.map((range) => ({
    name: `${range} as the range of an AppRole is ${want === "findings" ? "refused" : "right"}`,
    given: appRole({ secretIdBoundCidrs: ["10.0.0.250/32", range] }),
    want,
    ...(want === "findings" ? { at: ["secretIdBoundCidrs[1]"] } : {}),
  }));

export const cases: RuleCases = {
  rule: boundLogin,
  cases: [
    ...["*", "keybuzz-*", "default", " default "].map(
      (name): RuleCase => ({
        name: `the service account ${name} is refused`,
        given: kubernetes({ boundServiceAccountNames: ["keybuzz-api", name] }),
        want: "findings",
        at: ["boundServiceAccountNames[1]"],
      }),
    ),
    ...["*", "keybuzz-api-*", "keybuzz-api-dev", "kube-system"].map(
      (name): RuleCase => ({
        name: `the namespace ${name} is refused`,
        given: kubernetes({ boundServiceAccountNamespaces: ["keybuzz-api-prod", name] }),
        want: "findings",
        at: ["boundServiceAccountNamespaces[1]"],
      }),
    ),
    {
      name: "a selector of namespaces is refused",
      given: kubernetes({ boundServiceAccountNamespaceSelector: '{"matchLabels":{"a":"b"}}' }),
      want: "findings",
      at: ["boundServiceAccountNamespaceSelector"],
    },
    {
      name: "a login without service accounts and namespaces is refused",
      given: kubernetes({ boundServiceAccountNames: [], boundServiceAccountNamespaces: null }),
      want: "findings",
      at: ["boundServiceAccountNames", "boundServiceAccountNamespaces"],
    },
    {
      name: "what is no name is refused",
      given: kubernetes({ boundServiceAccountNames: [true] }),
      want: "findings",
      at: ["boundServiceAccountNames[0]"],
    },
    ...ranges(
      [
        "0.0.0.0/0",
        "10.0.0.0/23",
        "10.0.0.0/33",
        "::/0",
        "fd00::/63",
        "fd00::/129",
        "backend",
        "10.0.0.250/",
        "",
      ],
      "findings",
    ),
    ...ranges(
      ["10.0.0.0/24", "10.0.0.250", "10.0.0.250/32", "fd00::/64", "fd00::1", "fd00::1/128"],
      "compliant",
    ),
    {
      name: "an AppRole whose secret ids work anywhere is refused",
      given: appRole({ secretIdBoundCidrs: [] }),
      want: "findings",
      at: ["secretIdBoundCidrs"],
    },
    {
      name: "an AppRole whose tokens work anywhere is refused",
      given: appRole({ tokenBoundCidrs: null }),
      want: "findings",
      at: ["tokenBoundCidrs"],
    },
    {
      name: "a token's wide range is refused",
      given: appRole({ tokenBoundCidrs: ["10.0.0.0/16"] }),
      want: "findings",
      at: ["tokenBoundCidrs[0]"],
    },
    { name: "a login bound to the workload is right", given: kubernetes(), want: "compliant" },
    {
      name: "DEV's namespace is right in DEV",
      environment: "dev",
      given: kubernetes({ boundServiceAccountNamespaces: ["keybuzz-api-dev"] }),
      want: "compliant",
    },
    {
      name: "an empty selector is none",
      given: kubernetes({ boundServiceAccountNamespaceSelector: "" }),
      want: "compliant",
    },
    { name: "an AppRole bound to the machine is right", given: appRole(), want: "compliant" },
    {
      name: "a namespace that this environment makes is its own",
      given: kubernetes({ boundServiceAccountNamespaces: [OWN_UNKNOWN] }),
      want: "compliant",
    },
    {
      name: "names from this environment's outputs are its own",
      given: kubernetes({ boundServiceAccountNames: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "names from elsewhere stay open",
      given: kubernetes({ boundServiceAccountNames: UNKNOWN, boundServiceAccountNamespaces: [UNKNOWN] }),
      want: "undetermined",
      at: ["boundServiceAccountNames", "boundServiceAccountNamespaces[0]"],
    },
    {
      name: "a selector that is not known stays open",
      given: kubernetes({ boundServiceAccountNamespaceSelector: UNKNOWN }),
      want: "undetermined",
      at: ["boundServiceAccountNamespaceSelector"],
    },
    {
      name: "a range from elsewhere stays open",
      given: appRole({ tokenBoundCidrs: [UNKNOWN] }),
      want: "undetermined",
      at: ["tokenBoundCidrs[0]"],
    },
    {
      name: "logins of other methods are left alone",
      given: resource("vault:jwt/authBackendRole:AuthBackendRole", { boundServiceAccountNames: ["*"] }),
      want: "not-applicable",
    },
  ],
};
