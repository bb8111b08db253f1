import { securityContext } from "../../../../policies/rules/kubernetes/security-context";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases } from "../../cases";
import { CONTAINER, container, cronJob, deployment, deploymentOf, type Parts, podSpec } from "./workloads";

const POD = "spec.template.spec";
const OWN = `${CONTAINER}.securityContext`;
const SAFE = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** A container whose security context has these parts beside what is right. */
const own = (parts: Parts) => deploymentOf({ securityContext: { ...SAFE, ...parts } });
/** Pods with these parts. */
const pods = (parts: Parts) => deployment(podSpec(parts));
/** Pods with this security context, and containers that say nothing of what they inherit. */
const inherited = (context: Value) => pods({ securityContext: context });

const dangers: readonly RuleCase[] = (
  [
    ["privileged", { privileged: true }, "privileged"],
    ["privileged, written as a text", { privileged: "True" }, "privileged"],
    ["with an open /proc", { procMount: "Unmasked" }, "procMount"],
    ["that may become root", { allowPrivilegeEscalation: true }, "allowPrivilegeEscalation"],
    [
      "that does not say that it may not become root",
      { allowPrivilegeEscalation: null },
      "allowPrivilegeEscalation",
    ],
    [
      "that may not become root, as a text",
      { allowPrivilegeEscalation: "false" },
      "allowPrivilegeEscalation",
    ],
    ["that writes to its root", { readOnlyRootFilesystem: false }, "readOnlyRootFilesystem"],
    ["that does not say where it writes", { readOnlyRootFilesystem: null }, "readOnlyRootFilesystem"],
    ["that keeps its capabilities", { capabilities: {} }, "capabilities.drop"],
    ["that drops one capability", { capabilities: { drop: ["NET_RAW"] } }, "capabilities.drop"],
    ["that drops all in lower case", { capabilities: { drop: ["all"] } }, "capabilities.drop"],
    ["that takes one back", { capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }, "capabilities.add[0]"],
    [
      "that takes one back behind an allowed one",
      { capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE", "NET_RAW"] } },
      "capabilities.add[1]",
    ],
    ["that takes all back", { capabilities: { drop: ["ALL"], add: ["ALL"] } }, "capabilities.add[0]"],
    ["that runs as root though its pod does not", { runAsUser: 0 }, "runAsUser"],
    ["that runs as root, as a text", { runAsUser: "0" }, "runAsUser"],
    ["that may be root though its pod may not", { runAsNonRoot: false }, "runAsNonRoot"],
    [
      "without seccomp though its pod has it",
      { seccompProfile: { type: "Unconfined" } },
      "seccompProfile.type",
    ],
  ] as const
).map(
  ([name, parts, at]): RuleCase => ({
    name: `a container ${name} is refused`,
    given: own(parts as unknown as Parts),
    want: "findings",
    at: [`${OWN}.${at}`],
  }),
);

const ofPods: readonly RuleCase[] = (
  [
    ["the node's network", { hostNetwork: true }, "hostNetwork"],
    ["the node's processes", { hostPID: true }, "hostPID"],
    ["the node's memory, written as a text", { hostIPC: "true" }, "hostIPC"],
    [
      "a folder of the node, last in its list",
      {
        volumes: [
          { name: "a", emptyDir: {} },
          { name: "b", hostPath: { path: "/var/run" } },
        ],
      },
      "volumes[1].hostPath",
    ],
    ["a token that nobody asked for", { automountServiceAccountToken: null }, "automountServiceAccountToken"],
    [
      "the default account's token",
      { automountServiceAccountToken: true, serviceAccountName: "default" },
      "automountServiceAccountToken",
    ],
    [
      "a token without an account",
      { automountServiceAccountToken: true, serviceAccountName: "" },
      "automountServiceAccountToken",
    ],
    [
      "root",
      { securityContext: { runAsNonRoot: true, runAsUser: 0, seccompProfile: { type: "Localhost" } } },
      "securityContext.runAsUser",
    ],
    [
      "an unfiltered kernel",
      { securityContext: { runAsNonRoot: true, seccompProfile: { type: "Unconfined" } } },
      "securityContext.seccompProfile.type",
    ],
    [
      "a user that may be root",
      { securityContext: { runAsNonRoot: false, seccompProfile: { type: "RuntimeDefault" } } },
      "securityContext.runAsNonRoot",
    ],
  ] as const
).map(
  ([name, parts, at]): RuleCase => ({
    name: `pods with ${name} are refused`,
    given: pods(parts as unknown as Parts),
    want: "findings",
    at: [`${POD}.${at}`],
  }),
);

export const cases: RuleCases = {
  rule: securityContext,
  cases: [
    { name: "what the project writes is right", given: pods({}), want: "compliant" },
    ...dangers,
    ...ofPods,
    {
      name: "a container may say for itself what its pod does not",
      given: deployment(
        podSpec({
          securityContext: null,
          containers: [
            container({
              securityContext: {
                ...SAFE,
                privileged: false,
                procMount: "Default",
                capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
                runAsNonRoot: true,
                runAsUser: 1000,
                seccompProfile: { type: "Localhost", localhostProfile: "a.json" },
              },
            }),
          ],
        }),
      ),
      want: "compliant",
    },
    {
      name: "a container may be less than its pod",
      given: deployment(
        podSpec({
          securityContext: { runAsUser: 0, runAsNonRoot: false, seccompProfile: { type: "Unconfined" } },
          containers: [
            container({
              securityContext: {
                ...SAFE,
                runAsUser: 1000,
                runAsNonRoot: true,
                seccompProfile: { type: "RuntimeDefault" },
              },
            }),
          ],
        }),
      ),
      want: "compliant",
    },
    {
      name: "what neither pod nor container says is missing at the container",
      given: inherited({}),
      want: "findings",
      at: [`${OWN}.runAsNonRoot`, `${OWN}.seccompProfile.type`],
    },
    {
      name: "what containers take from their pod is told once",
      given: deployment(
        podSpec({
          securityContext: { runAsNonRoot: false, seccompProfile: { type: "RuntimeDefault" } },
          initContainers: [container()],
        }),
      ),
      want: "findings",
      at: [`${POD}.securityContext.runAsNonRoot`],
    },
    {
      name: "an init container is judged like any other",
      given: deployment(
        podSpec({ initContainers: [container({ securityContext: { ...SAFE, privileged: true } })] }),
      ),
      want: "findings",
      at: [`${POD}.initContainers[0].securityContext.privileged`],
    },
    {
      name: "a debugging container is judged like any other",
      given: object("core/v1:Pod", {
        metadata: { name: "a" },
        spec: podSpec({
          ephemeralContainers: [container({ securityContext: { ...SAFE, privileged: true } })],
        }),
      }),
      want: "findings",
      at: ["spec.ephemeralContainers[0].securityContext.privileged"],
    },
    {
      name: "a CronJob is judged like a Deployment",
      given: cronJob(podSpec({ hostNetwork: true })),
      want: "findings",
      at: ["spec.jobTemplate.spec.template.spec.hostNetwork"],
    },
    {
      name: "a container without a security context lacks all of its own",
      given: deploymentOf({ securityContext: null }),
      want: "findings",
      at: ["allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities.drop"].map(
        (name) => `${OWN}.${name}`,
      ),
    },
    {
      name: "a port of the node is refused",
      given: deploymentOf({ ports: [{ containerPort: 1 }, { containerPort: 3001, hostPort: 3001 }] }),
      want: "findings",
      at: [`${CONTAINER}.ports[1].hostPort`],
    },
    {
      name: "a port of the node that is zero is none",
      given: deploymentOf({ ports: [{ containerPort: 3001, hostPort: 0 }] }),
      want: "compliant",
    },
    {
      name: "null is nothing: the pod's own counts, and nothing else is given",
      given: own({ runAsNonRoot: null, privileged: null, procMount: null }),
      want: "compliant",
    },
    {
      name: "a container that says in words that it is not privileged is not",
      given: own({ privileged: "false" }),
      want: "compliant",
    },
    {
      name: "pods without an account of their own may have no token",
      given: deployment({ ...podSpec({ automountServiceAccountToken: true }), serviceAccountName: null }),
      want: "findings",
      at: [`${POD}.automountServiceAccountToken`],
    },
    {
      name: "an account that is not known decides nothing where there is no token",
      given: pods({ automountServiceAccountToken: false, serviceAccountName: UNKNOWN }),
      want: "compliant",
    },
    {
      name: "an account of the workload's own may have its token",
      given: pods({ automountServiceAccountToken: true }),
      want: "compliant",
    },
    {
      name: "an account under its old name may have its token",
      given: pods({
        automountServiceAccountToken: true,
        serviceAccountName: null,
        serviceAccount: "keybuzz-api",
      }),
      want: "compliant",
    },
    {
      name: "a patch is judged by what it says",
      given: object("apps/v1:DeploymentPatch", {
        metadata: { name: "keybuzz-api" },
        spec: { template: { spec: { containers: [{ name: "a", securityContext: { privileged: true } }] } } },
      }),
      want: "findings",
      at: [`${OWN}.privileged`],
    },
    {
      name: "a patch need not repeat what is right",
      given: object("apps/v1:DeploymentPatch", {
        metadata: { name: "keybuzz-api" },
        spec: { template: { spec: { containers: [{ name: "a", image: "b" }] } } },
      }),
      want: "compliant",
    },
    {
      name: "a patch may not take back what is right",
      given: object("apps/v1:DeploymentPatch", {
        metadata: { name: "keybuzz-api" },
        spec: {
          template: {
            spec: { containers: [{ name: "a", securityContext: { readOnlyRootFilesystem: false } }] },
          },
        },
      }),
      want: "findings",
      at: [`${OWN}.readOnlyRootFilesystem`],
    },
    ...(
      [
        ["a truth value", own({ privileged: UNKNOWN }), `${OWN}.privileged`],
        ["what must be said", own({ readOnlyRootFilesystem: UNKNOWN }), `${OWN}.readOnlyRootFilesystem`],
        ["a dropped capability", own({ capabilities: { drop: [UNKNOWN] } }), `${OWN}.capabilities.drop`],
        [
          "the list of dropped capabilities",
          own({ capabilities: { drop: UNKNOWN } }),
          `${OWN}.capabilities.drop`,
        ],
        [
          "added capabilities",
          own({ capabilities: { drop: ["ALL"], add: UNKNOWN } }),
          `${OWN}.capabilities.add`,
        ],
        ["ports, which may be the node's", deploymentOf({ ports: UNKNOWN }), `${CONTAINER}.ports`],
        ["volumes", pods({ volumes: UNKNOWN }), `${POD}.volumes`],
        [
          "the account with a token",
          pods({ automountServiceAccountToken: true, serviceAccountName: UNKNOWN }),
          `${POD}.serviceAccountName`,
        ],
        ["the pod", deployment(UNKNOWN), POD],
      ] as const
    ).map(
      ([name, given, at]): RuleCase => ({
        name: `pods stay open where ${name} is not known`,
        given,
        want: "undetermined",
        at: [at],
      }),
    ),
    {
      name: "a dropped capability that is not known does not matter beside all",
      given: own({ capabilities: { drop: ["ALL", UNKNOWN] } }),
      want: "compliant",
    },
    {
      name: "objects without pods are left alone",
      given: object("core/v1:Service", { metadata: { name: "a" }, spec: { hostNetwork: true } }),
      want: "not-applicable",
    },
  ],
};
