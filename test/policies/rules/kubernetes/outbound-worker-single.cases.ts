import { outboundWorkerSingle } from "../../../../policies/rules/kubernetes/outbound-worker-single";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases } from "../../cases";
import { container, cronJob, deployment, type Parts, podSpec, worker } from "./workloads";

const RECREATE = { type: "Recreate" };
const strategy = "spec.strategy.type";

const scaler = (target: Value, maxReplicas: Value) =>
  object("autoscaling/v2:HorizontalPodAutoscaler", {
    metadata: { name: "a" },
    spec: { scaleTargetRef: { kind: "Deployment", name: target }, maxReplicas },
  });
/** The worker as another kind of workload. */
const as = (type: string, spec: Parts) =>
  object(type, {
    metadata: { name: "keybuzz-outbound-worker" },
    spec: { ...spec, template: { spec: podSpec() } },
  });

const twice: readonly RuleCase[] = (
  [
    ["two replicas", { replicas: 2, strategy: RECREATE }, "spec.replicas"],
    ["two replicas, written as a text", { replicas: "2", strategy: RECREATE }, "spec.replicas"],
    ["replicas that are no number", { replicas: "some", strategy: RECREATE }, "spec.replicas"],
    ["a rolling update", { replicas: 1, strategy: { type: "RollingUpdate" } }, strategy],
    ["no strategy", { replicas: 1 }, strategy],
    ["a strategy in lower case", { replicas: 1, strategy: { type: "recreate" } }, strategy],
  ] as const
).map(
  ([name, spec, at]): RuleCase => ({
    name: `a worker with ${name} is refused`,
    given: worker({}, spec),
    want: "findings",
    at: [at],
  }),
);

const recognised: readonly RuleCase[] = (
  [
    ["a longer name", { name: "my-Outbound-Worker-b" }],
    ["its component", { name: "mailer", labels: { "app.kubernetes.io/component": "outbound-worker" } }],
    ["its label", { name: "mailer", labels: { app: "keybuzz-outbound-worker" } }],
  ] as const
).map(
  ([name, options]): RuleCase => ({
    name: `the worker is known by ${name}`,
    given: deployment(podSpec(), { ...options, spec: { replicas: 2, strategy: RECREATE } }),
    want: "findings",
    at: ["spec.replicas"],
  }),
);

export const cases: RuleCases = {
  rule: outboundWorkerSingle,
  cases: [
    { name: "one replica that is recreated is right", given: worker(), want: "compliant" },
    {
      name: "Kubernetes takes one replica where none is said",
      given: worker({}, { strategy: RECREATE }),
      want: "compliant",
    },
    {
      name: "a worker that is off sends nothing twice",
      given: worker({}, { replicas: 0, strategy: RECREATE }),
      want: "compliant",
    },
    ...twice,
    ...recognised,
    {
      name: "both mistakes are told",
      given: worker({}, { replicas: 3 }),
      want: "findings",
      at: ["spec.replicas", strategy],
    },
    {
      name: "the worker is known by its command under another name",
      given: deployment(
        podSpec({ containers: [container({ command: ["node"], args: ["dist/workers/outbound.js"] })] }),
        { name: "mailer", spec: { replicas: 2, strategy: RECREATE } },
      ),
      want: "findings",
      at: ["spec.replicas"],
    },
    {
      name: "another command of the same image is no worker",
      given: deployment(podSpec({ containers: [container({ command: ["node", "dist/server.js"] })] }), {
        spec: { replicas: 2 },
      }),
      want: "not-applicable",
    },
    {
      name: "a worker on every node is refused",
      given: as("apps/v1:DaemonSet", {}),
      want: "findings",
      at: ["kind"],
    },
    {
      name: "a StatefulSet ends a pod before it starts its successor",
      given: as("apps/v1:StatefulSet", { replicas: 1 }),
      want: "compliant",
    },
    {
      name: "a StatefulSet of two is refused",
      given: as("apps/v1:StatefulSet", { replicas: 2 }),
      want: "findings",
      at: ["spec.replicas"],
    },
    {
      name: "a ReplicaSet of two is refused",
      given: as("apps/v1:ReplicaSet", { replicas: 2 }),
      want: "findings",
      at: ["spec.replicas"],
    },
    {
      name: "a ReplicationController of two is refused",
      given: as("core/v1:ReplicationController", { replicas: 2 }),
      want: "findings",
      at: ["spec.replicas"],
    },
    {
      name: "a Job of the worker's name ends by itself",
      given: as("batch/v1:Job", { parallelism: 2 }),
      want: "not-applicable",
    },
    {
      name: "a patch that takes the strategy back is refused",
      given: as("apps/v1:DeploymentPatch", { strategy: { type: "RollingUpdate" } }),
      want: "findings",
      at: ["spec.strategy.type"],
    },
    {
      name: "replicas of null are left out",
      given: worker({}, { replicas: null, strategy: RECREATE }),
      want: "compliant",
    },
    {
      name: "a patch that scales the worker is refused",
      given: as("apps/v1:DeploymentPatch", { replicas: 2 }),
      want: "findings",
      at: ["spec.replicas"],
    },
    {
      name: "a patch need not repeat the strategy",
      given: as("apps/v1:DeploymentPatch", {}),
      want: "compliant",
    },
    {
      name: "an autoscaler of the worker is refused",
      given: scaler("keybuzz-outbound-worker", 3),
      want: "findings",
      at: ["spec.maxReplicas"],
    },
    {
      name: "an autoscaler up to one scales nothing",
      given: scaler("keybuzz-outbound-worker", 1),
      want: "compliant",
    },
    {
      name: "an autoscaler of the API is left alone",
      given: scaler("keybuzz-api", 5),
      want: "not-applicable",
    },
    {
      name: "an autoscaler of what is not known stays open",
      given: scaler(UNKNOWN, 5),
      want: "undetermined",
      at: ["spec.scaleTargetRef.name"],
    },
    {
      name: "replicas that are not known stay open",
      given: worker({}, { replicas: UNKNOWN, strategy: RECREATE }),
      want: "undetermined",
      at: ["spec.replicas"],
    },
    {
      name: "a strategy that is not known stays open",
      given: worker({}, { replicas: 1, strategy: UNKNOWN }),
      want: "undetermined",
      at: [strategy],
    },
    {
      name: "a workload whose name is not known may be the worker",
      given: object("apps/v1:Deployment", {
        metadata: { name: UNKNOWN },
        spec: { replicas: 2, template: { spec: podSpec() } },
      }),
      want: "undetermined",
      at: ["metadata.name"],
    },
    {
      name: "the API may have replicas",
      given: deployment(podSpec(), { spec: { replicas: 2 } }),
      want: "not-applicable",
    },
    { name: "a CronJob ends by itself", given: cronJob(podSpec()), want: "not-applicable" },
    {
      name: "a Service of the worker is left alone",
      given: object("core/v1:Service", {
        metadata: { name: "keybuzz-outbound-worker" },
        spec: { replicas: 2 },
      }),
      want: "not-applicable",
    },
  ],
};
