import type { Resource } from "../../../../policies/resource";
import { ownNamespace } from "../../../../policies/rules/kubernetes/own-namespace";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

const OWN = "keybuzz-api-prod";
const OTHER = "keybuzz-api-dev";
const secret = (metadata: Value) => object("core/v1:Secret", { metadata });
const placed = (namespace: Value) => secret({ name: "a", namespace });

/** With a provider that puts objects without a namespace into one. */
function providedWith(namespace: Value, given: Resource): Resource {
  const { provider } = given;
  if (provider === undefined) throw new Error("components have no provider");
  return { ...given, provider: { ...provider, properties: { namespace } } };
}

export const cases: RuleCases = {
  rule: ownNamespace,
  cases: [
    {
      name: "an object in another environment's namespace is refused",
      given: placed(OTHER),
      want: "findings",
      at: ["metadata.namespace"],
    },
    {
      name: "an object in a namespace that nobody declared is refused",
      given: placed("keybuzz-api-prod2"),
      want: "findings",
      at: ["metadata.namespace"],
    },
    { name: "an object in a namespace of its environment is right", given: placed(OWN), want: "compliant" },
    {
      name: "DEV's namespaces are right in DEV",
      environment: "dev",
      given: placed(OTHER),
      want: "compliant",
    },
    {
      name: "an object without a namespace is refused: it lands in that of whoever applies it",
      given: secret({ name: "a" }),
      want: "findings",
      at: ["metadata.namespace"],
    },
    {
      name: "an object with an empty namespace is refused",
      given: placed(""),
      want: "findings",
      at: ["metadata.namespace"],
    },
    {
      name: "a Helm release says at its top where it goes",
      given: resource("kubernetes:helm.sh/v3:Release", { name: "a", namespace: OWN }),
      want: "compliant",
    },
    {
      name: "a Helm release in another environment's namespace is refused",
      given: resource("kubernetes:helm.sh/v3:Release", { name: "a", namespace: OTHER }),
      want: "findings",
      at: ["namespace"],
    },
    {
      name: "a Helm release in a namespace that nobody declared is refused",
      given: resource("kubernetes:helm.sh/v3:Release", { name: "a", namespace: "keybuzz-api-prod2" }),
      want: "findings",
      at: ["namespace"],
    },
    {
      name: "a Helm release without a namespace is refused",
      given: resource("kubernetes:helm.sh/v3:Release", { name: "a" }),
      want: "findings",
      at: ["namespace"],
    },
    {
      name: "the namespace of its provider counts where there is none",
      given: providedWith(OWN, secret({ name: "a" })),
      want: "compliant",
    },
    {
      name: "the namespace of its provider may be another environment's",
      given: providedWith(OTHER, secret({ name: "a" })),
      want: "findings",
      at: ["metadata.namespace"],
    },
    {
      name: "the namespace of its provider does not count where there is one",
      given: providedWith(OWN, placed(OTHER)),
      want: "findings",
      at: ["metadata.namespace"],
    },
    {
      name: "a namespace must be one that the environment claims",
      given: object("core/v1:Namespace", { metadata: { name: "keybuzz-extra" } }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "a namespace must have a name",
      given: object("core/v1:Namespace", { metadata: {} }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "a provider gives a namespace no name",
      given: providedWith(OWN, object("core/v1:Namespace", { metadata: {} })),
      want: "findings",
      at: ["metadata.name"],
    },
    ...[null, ""].map(
      (namespace): RuleCase => ({
        name: `the namespace of its provider counts where there is ${JSON.stringify(namespace)}`,
        given: providedWith(OWN, placed(namespace)),
        want: "compliant",
      }),
    ),
    {
      name: "a namespace of the other environment is refused once",
      given: object("core/v1:Namespace", { metadata: { name: OTHER } }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "a namespace of the environment is right",
      given: object("core/v1:Namespace", { metadata: { name: OWN } }),
      want: "compliant",
    },
    {
      name: "a role that is bound to another environment's service account is refused",
      given: object("rbac.authorization.k8s.io/v1:RoleBinding", {
        metadata: { name: "a", namespace: OWN },
        subjects: [
          { kind: "ServiceAccount", name: "a", namespace: OWN },
          { kind: "ServiceAccount", name: "a", namespace: OTHER },
        ],
      }),
      want: "findings",
      at: ["subjects[1].namespace"],
    },
    {
      name: "a binding for the whole cluster is refused when its subject is another environment's",
      given: object("rbac.authorization.k8s.io/v1:ClusterRoleBinding", {
        metadata: { name: "a" },
        subjects: [{ kind: "ServiceAccount", name: "a", namespace: OTHER }],
      }),
      want: "findings",
      at: ["subjects[0].namespace"],
    },
    {
      name: "a network policy that lets another environment in is refused, by label and by expression",
      given: object("networking.k8s.io/v1:NetworkPolicy", {
        metadata: { name: "a", namespace: OWN },
        spec: {
          ingress: [
            { from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": OTHER } } }] },
            {
              from: [
                {
                  namespaceSelector: {
                    matchExpressions: [
                      {
                        key: "kubernetes.io/metadata.name",
                        operator: "In",
                        values: ["ingress-nginx", OTHER],
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      }),
      want: "findings",
      at: [
        'spec.ingress[0].from[0].namespaceSelector.matchLabels["kubernetes.io/metadata.name"]',
        "spec.ingress[1].from[0].namespaceSelector.matchExpressions[0].values[1]",
      ],
    },
    {
      name: "a network policy that lets the ingress controller in is right",
      given: object("networking.k8s.io/v1:NetworkPolicy", {
        metadata: { name: "a", namespace: OWN },
        spec: {
          ingress: [
            {
              from: [
                { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } },
              ],
            },
          ],
        },
      }),
      want: "compliant",
    },
    {
      name: "every object of a list is read, and patches are",
      given: object("core/v1:SecretList", {
        items: [{ metadata: { name: "a", namespace: OWN } }, { metadata: { name: "b" } }],
      }),
      want: "findings",
      at: ["items[1].metadata.namespace"],
    },
    {
      name: "a patch of an object is in a namespace, too",
      given: object("apps/v1:DeploymentPatch", { metadata: { name: "a" } }),
      want: "findings",
      at: ["metadata.namespace"],
    },
    {
      name: "objects of custom kinds are in namespaces",
      given: object("external-secrets.io/v1:ExternalSecret", { metadata: { name: "a" } }),
      want: "findings",
      at: ["metadata.namespace"],
    },
    {
      name: "a namespace that this environment makes is its own before it is known",
      given: placed(OWN_UNKNOWN),
      want: "compliant",
    },
    {
      name: "a namespace from elsewhere stays open",
      given: placed(UNKNOWN),
      want: "undetermined",
      at: ["metadata.namespace"],
    },
    {
      name: "a provider's namespace that is not known stays open",
      given: providedWith(UNKNOWN, secret({ name: "a" })),
      want: "undetermined",
      at: ["metadata.namespace"],
    },
    {
      name: "objects in a list of which nothing is known stay open",
      given: object("core/v1:SecretList", {
        items: [{ metadata: { name: "a", namespace: UNKNOWN } }, UNKNOWN],
      }),
      want: "undetermined",
      at: ["items[0].metadata.namespace", "items[1]"],
    },
    {
      name: "objects in a list that this environment makes are its own",
      given: object("core/v1:SecretList", { items: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "kinds of the whole cluster are left alone",
      given: object("rbac.authorization.k8s.io/v1:ClusterRole", { metadata: { name: "a" } }),
      want: "not-applicable",
    },
    {
      name: "custom kinds of the whole cluster are left alone",
      given: object("cert-manager.io/v1:ClusterIssuer", { metadata: { name: "a" } }),
      want: "not-applicable",
    },
    {
      name: "resources of other systems are left alone",
      given: resource("vault:kubernetes/authBackendRole:AuthBackendRole", {
        boundServiceAccountNamespaces: [OTHER],
      }),
      want: "not-applicable",
    },
  ],
};
