import { tlsIngress } from "../../../../policies/rules/kubernetes/tls-ingress";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCases } from "../../cases";

const ingress = (rules: Value, tls: Value, type = "networking.k8s.io/v1:Ingress") =>
  object(type, { metadata: { name: "a", namespace: "keybuzz-api-prod" }, spec: { rules, tls } });
const host = "api.keybuzz.io";
const rule = `spec.rules[0].host`;

export const cases: RuleCases = {
  rule: tlsIngress,
  cases: [
    {
      name: "a host with a certificate is right",
      given: ingress([{ host }], [{ hosts: [host], secretName: "api-tls" }]),
      want: "compliant",
    },
    {
      name: "hosts are the same in upper case and with a final dot",
      given: ingress([{ host: "API.KeyBuzz.io." }], [{ hosts: [host] }]),
      want: "compliant",
    },
    {
      name: "several hosts may have several certificates, in any order",
      given: ingress(
        [{ host }, { host: "keybuzz.pro" }],
        [{ hosts: ["a.b"] }, { hosts: ["keybuzz.pro", host] }],
      ),
      want: "compliant",
    },
    {
      name: "a wildcard's certificate covers one label",
      given: ingress([{ host }, { host: "*.keybuzz.io" }], [{ hosts: ["*.keybuzz.io"] }]),
      want: "compliant",
    },
    {
      name: "a wildcard's certificate does not cover two labels, nor none",
      given: ingress([{ host: "a.api.keybuzz.io" }, { host: "keybuzz.io" }], [{ hosts: ["*.keybuzz.io"] }]),
      want: "findings",
      at: [rule, "spec.rules[1].host"],
    },
    {
      name: "a wildcard needs its own certificate",
      given: ingress([{ host: "*.keybuzz.io" }], [{ hosts: [host] }]),
      want: "findings",
      at: [rule],
    },
    { name: "a host without tls is refused", given: ingress([{ host }], []), want: "findings", at: [rule] },
    {
      name: "a host beside no tls is refused",
      given: ingress([{ host }], null),
      want: "findings",
      at: [rule],
    },
    {
      name: "a certificate for another host is refused",
      given: ingress([{ host }], [{ hosts: ["client.keybuzz.io"] }]),
      want: "findings",
      at: [rule],
    },
    {
      name: "a certificate for no host covers none",
      given: ingress([{ host }], [{ secretName: "api-tls" }]),
      want: "findings",
      at: [rule],
    },
    {
      name: "the second host needs a certificate too",
      given: ingress([{ host }, { host: "keybuzz.pro" }], [{ hosts: [host] }]),
      want: "findings",
      at: ["spec.rules[1].host"],
    },
    {
      name: "a rule without a host serves every one",
      given: ingress([{ http: {} }, { host: "" }], [{ hosts: [host] }]),
      want: "findings",
      at: [rule, "spec.rules[1].host"],
    },
    {
      name: "an Ingress without rules serves every host",
      given: ingress([], []),
      want: "findings",
      at: ["spec.rules"],
    },
    {
      name: "an old version of the API is judged like the new one",
      given: ingress([{ host }], [], "extensions/v1beta1:Ingress"),
      want: "findings",
      at: [rule],
    },
    {
      name: "an Ingress in a list is judged like one by itself",
      given: object("networking.k8s.io/v1:IngressList", {
        items: [{ kind: "Ingress", spec: { rules: [{ host }] } }],
      }),
      want: "findings",
      at: ["items[0].spec.rules[0].host"],
    },
    {
      name: "rules that are not known stay open",
      given: ingress(UNKNOWN, []),
      want: "undetermined",
      at: ["spec.rules"],
    },
    {
      name: "a host that is not known stays open",
      given: ingress([{ host: UNKNOWN }], [{ hosts: [host] }]),
      want: "undetermined",
      at: [rule],
    },
    {
      name: "a host stays open where certificates are not known",
      given: ingress([{ host }], [{ hosts: [UNKNOWN] }]),
      want: "undetermined",
      at: ["spec.tls"],
    },
    {
      name: "Ingresses that are not known stay open",
      given: object("networking.k8s.io/v1:IngressList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "an Ingress that is not known stays open beside one that is",
      given: object("networking.k8s.io/v1:IngressList", {
        items: [{ spec: { rules: [{ host }], tls: [{ hosts: [host] }] } }, UNKNOWN],
      }),
      want: "undetermined",
      at: ["items[1]"],
    },
    {
      name: "what is no host in a certificate's hosts covers nothing, and what stands beside it does",
      given: ingress([{ host }, { host: "1" }], [{ hosts: [1, "a b", host] }]),
      want: "findings",
      at: ["spec.rules[1].host"],
    },
    {
      name: "other objects that are not known are left alone",
      given: object("core/v1:ConfigMapList", { items: UNKNOWN }),
      want: "not-applicable",
    },
    {
      name: "a patch is left alone",
      given: object("networking.k8s.io/v1:IngressPatch", { spec: { rules: [{ host }] } }),
      want: "not-applicable",
    },
    {
      name: "other objects with hosts are left alone",
      given: object("networking.k8s.io/v1:NetworkPolicy", {
        metadata: { name: "a" },
        spec: { rules: [{ host }] },
      }),
      want: "not-applicable",
    },
  ],
};
