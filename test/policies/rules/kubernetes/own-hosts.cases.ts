import { ownHosts } from "../../../../policies/rules/kubernetes/own-hosts";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

const metadata = { name: "keybuzz-client", namespace: "keybuzz-client-prod" };
const env = (...list: readonly Value[]) =>
  object("apps/v1:Deployment", {
    metadata,
    spec: { template: { spec: { containers: [{ name: "a", env: list }] } } },
  });
const value = (name: string, text: Value) => env({ name, value: text });
const ingress = (spec: Value) => object("networking.k8s.io/v1:Ingress", { metadata, spec });
const AT = "spec.template.spec.containers[0].env[0].value";

const refused = (name: string, text: string): RuleCase => ({
  name,
  given: value("NEXT_PUBLIC_BACKEND_URL", text),
  want: "findings",
  at: [AT],
});
const silent = (name: string, text: string): RuleCase => ({
  name,
  given: value("NEXT_PUBLIC_BACKEND_URL", text),
  want: "compliant",
});

export const cases: RuleCases = {
  rule: ownHosts,
  cases: [
    refused("PROD's client that calls DEV's backend is refused", "https://backend-dev.keybuzz.io"),
    refused("upper case and a trailing dot hide nothing", "HTTPS://Backend-DEV.KeyBuzz.IO./api"),
    refused(
      "a port and user information hide nothing",
      "https://client.keybuzz.io:x@backend-dev.keybuzz.io:8443/",
    ),
    refused("letters of other alphabets that mean the same hide nothing", "https://ｂackend-dev.keybuzz.io/"),
    refused(
      "a URL in a query is one",
      "https://client.keybuzz.io/?next=https%3A%2F%2Fbackend-dev.keybuzz.io",
    ),
    silent("a word in a query is no host", "https://client.keybuzz.io/?q=backend-dev"),
    silent("a host that only begins so is another one", "https://backend-dev.keybuzz.io.example.org"),
    silent("user information is no host", "https://backend-dev.keybuzz.io@backend.keybuzz.io/"),
    {
      name: "a host that is split between two variables is found where they meet",
      given: env({ name: "A", value: "backend-dev" }, { name: "B", value: "https://$(A).keybuzz.io" }),
      want: "findings",
      at: ["spec.template.spec.containers[0].env[1].value"],
    },
    {
      name: "another environment's host is found in a ConfigMap, with its port",
      given: object("core/v1:ConfigMap", { metadata, data: { BACKEND: "http://API-dev.keybuzz.io:3001" } }),
      want: "findings",
      at: ["data.BACKEND"],
    },
    {
      name: "the address at which another environment's backend listens is found",
      given: object("core/v1:ConfigMap", { metadata, data: { BACKEND: "http://10.0.0.250:4001/api" } }),
      want: "findings",
      at: ["data.BACKEND"],
    },
    {
      name: "this environment's backend on the same machine is its own",
      given: object("core/v1:ConfigMap", { metadata, data: { BACKEND: "http://10.0.0.250:4000/api" } }),
      want: "compliant",
    },
    {
      name: "a Secret's values are read through base64",
      given: object("core/v1:Secret", {
        metadata,
        data: { NEXTAUTH_URL: Buffer.from("https://client-dev.keybuzz.io").toString("base64") },
      }),
      want: "findings",
      at: ["data.NEXTAUTH_URL"],
    },
    {
      name: "an Ingress that answers to another environment's host is refused once for each place",
      given: ingress({
        rules: [{ host: "client.keybuzz.io" }, { host: "client-dev.keybuzz.io" }],
        tls: [{ hosts: ["client.keybuzz.io", "CLIENT-DEV.keybuzz.io."] }],
      }),
      want: "findings",
      at: ["spec.rules[1].host", "spec.tls[0].hosts[1]"],
    },
    {
      name: "an Ingress that answers to a host that nobody declared is refused",
      given: ingress({
        rules: [{ host: "shop.keybuzz.io" }, { host: "*.keybuzz.io" }],
        tls: [{ hosts: ["xn--keybzz-3ya.io"] }],
      }),
      want: "findings",
      at: ["spec.rules[0].host", "spec.rules[1].host", "spec.tls[0].hosts[0]"],
    },
    {
      name: "an Ingress that answers to every name is refused",
      given: ingress({
        defaultBackend: { service: { name: "keybuzz-client" } },
        rules: [{ http: { paths: [] } }, { host: "" }],
      }),
      want: "findings",
      at: ["spec.rules[0]", "spec.rules[1]", "spec.defaultBackend"],
    },
    {
      name: "an Ingress whose host is null answers to every name",
      given: ingress({ rules: [{ host: null }] }),
      want: "findings",
      at: ["spec.rules[0]"],
    },
    {
      name: "a backend that is null answers to no name",
      given: ingress({ defaultBackend: null, rules: [{ host: "client.keybuzz.io" }] }),
      want: "compliant",
    },
    {
      name: "every Ingress of a list is read",
      given: object("networking.k8s.io/v1:IngressList", {
        items: [
          { metadata, spec: { rules: [{ host: "client.keybuzz.io" }] } },
          { spec: { rules: [{ host: "a.b" }] } },
        ],
      }),
      want: "findings",
      at: ["items[1].spec.rules[0].host"],
    },
    {
      name: "an Ingress on this environment's hosts is right, however they are written",
      given: ingress({
        rules: [{ host: "client.keybuzz.io" }, { host: "API.KeyBuzz.io." }],
        tls: [{ hosts: ["client.keybuzz.io"], secretName: "client-tls" }],
      }),
      want: "compliant",
    },
    {
      name: "DEV's Ingress is right in DEV",
      environment: "dev",
      given: ingress({ rules: [{ host: "client-dev.keybuzz.io" }] }),
      want: "compliant",
    },
    {
      name: "a host that is this environment's output is its own",
      given: ingress({ rules: [{ host: OWN_UNKNOWN }], tls: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "hosts from elsewhere stay open, and lists of them",
      given: ingress({ rules: [{ host: UNKNOWN }], tls: [{ hosts: UNKNOWN }] }),
      want: "undetermined",
      at: ["spec.rules[0].host", "spec.tls[0].hosts"],
    },
    {
      name: "hosts from elsewhere stay open in a list of objects, too",
      given: object("networking.k8s.io/v1:IngressList", {
        items: [{ spec: { rules: UNKNOWN } }, { spec: UNKNOWN }],
      }),
      want: "undetermined",
    },
    {
      name: "a host that is no text is refused",
      given: ingress({ rules: [{ host: 1 }] }),
      want: "findings",
      at: ["spec.rules[0].host"],
    },
    {
      name: "an Ingress of which nothing is known stays open",
      given: ingress(UNKNOWN),
      want: "undetermined",
    },
    {
      name: "a value from elsewhere stays open",
      given: value("BACKEND_URL", UNKNOWN),
      want: "undetermined",
      at: [AT],
    },
    {
      name: "an object that names no host is left alone",
      given: object("core/v1:ServiceAccount", { metadata }),
      want: "not-applicable",
    },
    {
      name: "hosts in resources of other systems are for other rules",
      given: resource("vault:index/mount:Mount", { description: "https://backend-dev.keybuzz.io" }),
      want: "not-applicable",
    },
  ],
};
