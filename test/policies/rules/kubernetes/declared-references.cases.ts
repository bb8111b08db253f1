import { declaredReferences } from "../../../../policies/rules/kubernetes/declared-references";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases } from "../../cases";
import { CONTAINER, container, cronJob, deployment, namespaced, type Parts, podSpec } from "./workloads";

const POD = "spec.template.spec";
const ACCOUNT = namespaced("core/v1:ServiceAccount", "keybuzz-api");
const SECRET = namespaced("core/v1:Secret", "a", { stringData: UNKNOWN });
const CONFIG = namespaced("core/v1:ConfigMap", "b");
const CLAIM = namespaced("core/v1:PersistentVolumeClaim", "c");

const pods = (parts: Parts) => deployment(podSpec(parts));
const withContainer = (parts: Parts) => pods({ containers: [container(parts)] });
const volume = (source: Parts) => pods({ volumes: [{ name: "v", ...source }] });

/** Every way to refer to an object: how, what it refers to, and where the name stands. */
const WAYS = [
  [
    "envFrom",
    withContainer({ envFrom: [{ secretRef: { name: "a" } }] }),
    SECRET,
    `${CONTAINER}.envFrom[0].secretRef.name`,
  ],
  [
    "envFrom of a ConfigMap",
    withContainer({ envFrom: [{ configMapRef: { name: "b" } }] }),
    CONFIG,
    `${CONTAINER}.envFrom[0].configMapRef.name`,
  ],
  [
    "a variable",
    withContainer({ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "a", key: "k" } } }] }),
    SECRET,
    `${CONTAINER}.env[0].valueFrom.secretKeyRef.name`,
  ],
  [
    "a variable of a ConfigMap",
    withContainer({
      env: [
        { name: "A", value: "x" },
        { name: "B", valueFrom: { configMapKeyRef: { name: "b", key: "k" } } },
      ],
    }),
    CONFIG,
    `${CONTAINER}.env[1].valueFrom.configMapKeyRef.name`,
  ],
  [
    "imagePullSecrets",
    pods({ imagePullSecrets: [{ name: "a" }] }),
    SECRET,
    `${POD}.imagePullSecrets[0].name`,
  ],
  ["a volume", volume({ secret: { secretName: "a" } }), SECRET, `${POD}.volumes[0].secret.secretName`],
  [
    "a volume of a ConfigMap",
    volume({ configMap: { name: "b" } }),
    CONFIG,
    `${POD}.volumes[0].configMap.name`,
  ],
  [
    "a volume of a claim",
    volume({ persistentVolumeClaim: { claimName: "c" } }),
    CLAIM,
    `${POD}.volumes[0].persistentVolumeClaim.claimName`,
  ],
  [
    "a projected volume",
    volume({ projected: { sources: [{ serviceAccountToken: {} }, { secret: { name: "a" } }] } }),
    SECRET,
    `${POD}.volumes[0].projected.sources[1].secret.name`,
  ],
  [
    "a projected volume of a ConfigMap",
    volume({ projected: { sources: [{ configMap: { name: "b" } }] } }),
    CONFIG,
    `${POD}.volumes[0].projected.sources[0].configMap.name`,
  ],
  [
    "an init container",
    pods({ initContainers: [container({ envFrom: [{ secretRef: { name: "a" } }] })] }),
    SECRET,
    `${POD}.initContainers[0].envFrom[0].secretRef.name`,
  ],
] as const;

const ways = WAYS.flatMap(([name, given, target, at]): RuleCase[] => [
  {
    name: `what ${name} refers to is right where it is declared`,
    given: [given, ACCOUNT, target],
    want: "compliant",
  },
  { name: `what ${name} refers to must be declared`, given: [given, ACCOUNT], want: "findings", at: [at] },
]);

const optional: readonly RuleCase[] = (
  [
    ["envFrom", withContainer({ envFrom: [{ secretRef: { name: "a", optional: true } }] })],
    [
      "a variable",
      withContainer({
        env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "b", key: "k", optional: true } } }],
      }),
    ],
    ["a volume", volume({ secret: { secretName: "a", optional: true } })],
  ] as const
).map(
  ([name, given]): RuleCase => ({
    name: `what ${name} refers to may be missing if it is optional`,
    given: [given, ACCOUNT],
    want: "compliant",
  }),
);

const needsSecret = (name: Value) => withContainer({ envFrom: [{ secretRef: { name } }] });
const secretAt = `${CONTAINER}.envFrom[0].secretRef.name`;

export const cases: RuleCases = {
  rule: declaredReferences,
  cases: [
    ...ways,
    ...optional,
    {
      name: "a workload's service account must be declared",
      given: [pods({})],
      want: "findings",
      at: [`${POD}.serviceAccountName`],
    },
    {
      name: "a service account under its old name must be declared",
      given: [deployment({ containers: [container()], serviceAccount: "gone" })],
      want: "findings",
      at: [`${POD}.serviceAccount`],
    },
    {
      name: "every namespace has a default account and the cluster's certificate",
      given: [
        pods({
          serviceAccountName: "default",
          volumes: [{ name: "v", configMap: { name: "kube-root-ca.crt" } }],
        }),
      ],
      want: "compliant",
    },
    {
      name: "a Secret of that name is not always there",
      given: [needsSecret("default"), ACCOUNT],
      want: "findings",
      at: [secretAt],
    },
    {
      name: "a Secret in another namespace does not count",
      given: [
        needsSecret("a"),
        ACCOUNT,
        object("core/v1:Secret", { metadata: { name: "a", namespace: "keybuzz-client-prod" } }, "a"),
      ],
      want: "findings",
      at: [secretAt],
    },
    {
      name: "a ConfigMap of the same name does not count",
      given: [needsSecret("a"), ACCOUNT, namespaced("core/v1:ConfigMap", "a")],
      want: "findings",
      at: [secretAt],
    },
    {
      name: "a patch of a Secret does not make it",
      given: [needsSecret("a"), ACCOUNT, namespaced("core/v1:SecretPatch", "a")],
      want: "findings",
      at: [secretAt],
    },
    {
      name: "objects without a namespace stand in the default one, all of them",
      given: [
        object("apps/v1:Deployment", {
          metadata: { name: "a" },
          spec: {
            template: { spec: { containers: [{ name: "a", envFrom: [{ secretRef: { name: "a" } }] }] } },
          },
        }),
        object("core/v1:Secret", { metadata: { name: "a", namespace: "default" } }, "a"),
      ],
      want: "compliant",
    },
    {
      name: "Secrets in a list count",
      given: [
        needsSecret("a"),
        ACCOUNT,
        object(
          "core/v1:SecretList",
          { items: [{ metadata: { name: "a", namespace: "keybuzz-api-prod" } }] },
          "l",
        ),
      ],
      want: "compliant",
    },
    {
      name: "an external secret makes a Secret of its target's name",
      given: [
        needsSecret("a"),
        ACCOUNT,
        namespaced("external-secrets.io/v1beta1:ExternalSecret", "other", {
          spec: { target: { name: "a" } },
        }),
      ],
      want: "compliant",
    },
    {
      name: "an external secret without a target makes one of its own name",
      given: [needsSecret("a"), ACCOUNT, namespaced("external-secrets.io/v1beta1:ExternalSecret", "a")],
      want: "compliant",
    },
    {
      name: "a sealed secret makes a Secret",
      given: [needsSecret("a"), ACCOUNT, namespaced("bitnami.com/v1alpha1:SealedSecret", "a")],
      want: "compliant",
    },
    {
      name: "a sealed secret makes a Secret of its template's name",
      given: [
        needsSecret("a"),
        ACCOUNT,
        namespaced("bitnami.com/v1alpha1:SealedSecret", "other", {
          spec: { template: { metadata: { name: "a" } } },
        }),
      ],
      want: "compliant",
    },
    {
      name: "a certificate makes the Secret that it names",
      given: [
        needsSecret("a"),
        ACCOUNT,
        namespaced("cert-manager.io/v1:Certificate", "b", { spec: { secretName: "a" } }),
      ],
      want: "compliant",
    },
    {
      name: "a CronJob's references are judged",
      given: [cronJob(podSpec({ serviceAccountName: "gone" }))],
      want: "findings",
      at: ["spec.jobTemplate.spec.template.spec.serviceAccountName"],
    },
    {
      name: "an empty name refers to nothing",
      given: [pods({ imagePullSecrets: [{ name: "" }] }), ACCOUNT],
      want: "compliant",
    },
    {
      name: "a name that is not known stays open",
      given: [needsSecret(UNKNOWN), ACCOUNT],
      want: "undetermined",
      at: [secretAt],
    },
    {
      name: "the name of something of this environment is right",
      given: [needsSecret(OWN_UNKNOWN), ACCOUNT],
      want: "compliant",
    },
    {
      name: "sources that are not known stay open",
      given: [withContainer({ envFrom: UNKNOWN }), ACCOUNT],
      want: "undetermined",
      at: [`${CONTAINER}.envFrom`],
    },
    {
      name: "sources of this environment are right",
      given: [withContainer({ envFrom: OWN_UNKNOWN }), ACCOUNT],
      want: "compliant",
    },
    {
      name: "a Secret whose name is not known may be the one",
      given: [needsSecret("a"), ACCOUNT, namespaced("core/v1:Secret", OWN_UNKNOWN)],
      want: "undetermined",
      at: [secretAt],
    },
    {
      name: "a ConfigMap whose name is not known is no Secret",
      given: [needsSecret("a"), ACCOUNT, namespaced("core/v1:ConfigMap", OWN_UNKNOWN)],
      want: "findings",
      at: [secretAt],
    },
    {
      name: "Secrets in a list that is not known may be the one",
      given: [needsSecret("a"), ACCOUNT, object("core/v1:SecretList", { items: UNKNOWN }, "l")],
      want: "undetermined",
      at: [secretAt],
    },
    {
      name: "a workload in a namespace that is not known stays open",
      given: [
        object("apps/v1:Deployment", {
          metadata: { name: "a", namespace: UNKNOWN },
          spec: { template: { spec: podSpec() } },
        }),
        ACCOUNT,
      ],
      want: "undetermined",
      at: [`${POD}.serviceAccountName`],
    },
    {
      name: "pods that are not known stay open",
      given: [deployment(UNKNOWN)],
      want: "undetermined",
      at: [POD],
    },
    {
      name: "a patch need not repeat what stands elsewhere",
      given: [object("apps/v1:DeploymentPatch", { spec: { template: { spec: podSpec() } } })],
      want: "not-applicable",
    },
    {
      name: "objects without pods are left alone",
      given: [
        object("core/v1:ServiceAccount", { metadata: { name: "a" }, imagePullSecrets: [{ name: "gone" }] }),
      ],
      want: "not-applicable",
    },
  ],
};
