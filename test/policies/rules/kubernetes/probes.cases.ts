import { probes } from "../../../../policies/rules/kubernetes/probes";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases } from "../../cases";
import { CONTAINER, container, cronJob, deployment, deploymentOf, podSpec, worker } from "./workloads";

const readiness = `${CONTAINER}.readinessProbe`;
const liveness = `${CONTAINER}.livenessProbe`;
const run = (...command: Value[]) => ({ exec: { command } });

const asksMail: readonly RuleCase[] = (
  [
    ["the relay's port", { tcpSocket: { port: 25 } }],
    ["submission", { tcpSocket: { port: 587 } }],
    ["submission over TLS, as a text", { tcpSocket: { port: "465" } }],
    ["the relay", { tcpSocket: { host: "10.0.0.160", port: 9000 } }],
    ["another host by HTTP", { httpGet: { host: "API.keybuzz.io", path: "/health", port: 443 } }],
    ["the relay by a shell", run("sh", "-c", "nc -z 10.0.0.160 25")],
    ["the relay's port by a command", run("nc", "-z", "mail.keybuzz.io", "587")],
    ["the relay's port by the shell itself", run("bash", "-c", "</dev/tcp/mail.keybuzz.io/2525")],
    ["the relay by its address", run("node", "check.js", "10.0.0.160:9000")],
    ["SMTP by a variable", run("sh", "-c", "node check.js $SMTP_HOST")],
  ] as const
).map(
  ([name, livenessProbe]): RuleCase => ({
    name: `a liveness probe that asks ${name} is refused`,
    given: worker({ livenessProbe: livenessProbe as Value }),
    want: "findings",
    at: [liveness],
  }),
);

const asksItself: readonly RuleCase[] = (
  [
    ["its own port", { tcpSocket: { port: 3001 } }],
    ["its own port by gRPC", { grpc: { port: 3001 } }],
    ["itself by name", { httpGet: { host: "LocalHost", path: "/live", port: 3001 } }],
    ["itself, with an empty host", { httpGet: { host: "", path: "/live", port: 3001 } }],
    ["a file", run("test", "-f", "/tmp/alive")],
    ["a script with a time of 25 seconds", run("timeout", "25", "node", "check.js")],
    ["itself by curl", run("curl", "-f", "http://127.0.0.1:3001/live")],
  ] as const
).map(
  ([name, livenessProbe]): RuleCase => ({
    name: `a liveness probe that asks ${name} is right`,
    given: worker({ livenessProbe: livenessProbe as Value }),
    want: "compliant",
  }),
);

export const cases: RuleCases = {
  rule: probes,
  cases: [
    ...asksMail,
    ...asksItself,
    { name: "readiness and liveness probes are right", given: deploymentOf({}), want: "compliant" },
    {
      name: "a container without probes lacks both",
      given: deploymentOf({ readinessProbe: null, livenessProbe: null }),
      want: "findings",
      at: [readiness, liveness],
    },
    {
      name: "a probe that asks nothing is none",
      given: deploymentOf({ readinessProbe: { periodSeconds: 10 }, livenessProbe: {} }),
      want: "findings",
      at: [readiness, liveness],
    },
    {
      name: "a probe with an empty question is none",
      given: deploymentOf({ readinessProbe: { httpGet: null } }),
      want: "findings",
      at: [readiness],
    },
    {
      name: "a container without ports needs a liveness probe alone",
      given: deploymentOf({ ports: [], readinessProbe: null }),
      want: "compliant",
    },
    {
      name: "a container without ports needs a liveness probe",
      given: deploymentOf({ ports: null, livenessProbe: null }),
      want: "findings",
      at: [liveness],
    },
    {
      name: "a startup probe does not stand in for the others",
      given: deploymentOf({ livenessProbe: null, startupProbe: { tcpSocket: { port: 3001 } } }),
      want: "findings",
      at: [liveness],
    },
    {
      name: "a startup probe that asks the relay is refused",
      given: worker({ startupProbe: { tcpSocket: { port: 25 } } }),
      want: "findings",
      at: [`${CONTAINER}.startupProbe`],
    },
    {
      name: "a named port counts as its number",
      given: worker({
        ports: [
          { name: "http", containerPort: 3001 },
          { name: "relay", containerPort: 25 },
        ],
        livenessProbe: { tcpSocket: { port: "relay" } },
      }),
      want: "findings",
      at: [liveness],
    },
    {
      name: "no workload's liveness probe may ask the relay",
      given: deploymentOf({ livenessProbe: { tcpSocket: { port: 25 } } }),
      want: "findings",
      at: [liveness],
    },
    {
      name: "the worker's liveness probe is not its readiness probe, which asks the relay",
      given: worker({ livenessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 15 } }),
      want: "findings",
      at: [liveness],
    },
    {
      name: "the worker's startup probe is not its readiness probe either",
      given: worker({ startupProbe: { httpGet: { path: "/ready", port: "http" } } }),
      want: "findings",
      at: [`${CONTAINER}.startupProbe`],
    },
    ...(
      [
        ["commands", run("test", "-f", "/tmp/ready"), run("test", "-f", "/tmp/live")],
        ["ports", { tcpSocket: { port: 3001 } }, { tcpSocket: { port: 3002 } }],
        ["ports of gRPC", { grpc: { port: 3001 } }, { grpc: { port: 3002 } }],
      ] as const
    ).flatMap(([name, readinessProbe, livenessProbe]): RuleCase[] => [
      {
        name: `the worker's probes may ask two ${name}`,
        given: worker({ readinessProbe, livenessProbe }),
        want: "compliant",
      },
      {
        name: `the worker's probes may not ask one of two ${name} for both`,
        given: worker({ readinessProbe, livenessProbe: readinessProbe }),
        want: "findings",
        at: [liveness],
      },
    ]),
    {
      name: "other workloads may ask one endpoint for both",
      given: deploymentOf({ livenessProbe: { httpGet: { path: "/ready", port: "http" } } }),
      want: "compliant",
    },
    {
      name: "a readiness probe may ask the relay",
      given: worker({ readinessProbe: { tcpSocket: { host: "10.0.0.160", port: 25 } } }),
      want: "compliant",
    },
    {
      name: "a second container needs probes too",
      given: deployment(podSpec({ containers: [container(), container({ readinessProbe: null })] })),
      want: "findings",
      at: ["spec.template.spec.containers[1].readinessProbe"],
    },
    {
      name: "an init container needs none",
      given: deployment(podSpec({ initContainers: [{ name: "migrate" }] })),
      want: "compliant",
    },
    {
      name: "an init container that stays may not ask the relay",
      given: deployment(
        podSpec({
          initContainers: [{ name: "log", restartPolicy: "Always", livenessProbe: run("swaks", "25") }],
        }),
      ),
      want: "findings",
      at: ["spec.template.spec.initContainers[0].livenessProbe"],
    },
    {
      name: "a Pod that stays needs probes",
      given: object("core/v1:Pod", { metadata: { name: "a" }, spec: { containers: [{ name: "a" }] } }),
      want: "findings",
      at: ["spec.containers[0].livenessProbe"],
    },
    {
      name: "a Pod that ends needs none",
      given: object("core/v1:Pod", {
        metadata: { name: "a" },
        spec: { restartPolicy: "Never", containers: [{ name: "a" }] },
      }),
      want: "not-applicable",
    },
    {
      name: "a Pod that ends when it succeeds needs none",
      given: object("core/v1:Pod", {
        metadata: { name: "a" },
        spec: { restartPolicy: "OnFailure", containers: [{ name: "a" }] },
      }),
      want: "not-applicable",
    },
    { name: "a CronJob needs none", given: cronJob({ containers: [{ name: "a" }] }), want: "not-applicable" },
    {
      name: "a Job needs none",
      given: object("batch/v1:Job", {
        metadata: { name: "a" },
        spec: { template: { spec: { containers: [{ name: "a" }] } } },
      }),
      want: "not-applicable",
    },
    {
      name: "a template that nothing runs needs none",
      given: object("core/v1:PodTemplate", {
        metadata: { name: "a" },
        template: { spec: { containers: [{ name: "a" }] } },
      }),
      want: "not-applicable",
    },
    {
      name: "a debugging container has none that count",
      given: object("core/v1:Pod", {
        metadata: { name: "a" },
        spec: {
          containers: [container()],
          ephemeralContainers: [{ name: "debug", livenessProbe: { tcpSocket: { port: 25 } } }],
        },
      }),
      want: "compliant",
    },
    {
      name: "a patch need not repeat probes",
      given: object("apps/v1:DeploymentPatch", {
        metadata: { name: "keybuzz-api" },
        spec: { template: { spec: { containers: [{ name: "keybuzz-api" }] } } },
      }),
      want: "compliant",
    },
    {
      name: "a probe that is not known stays open",
      given: deploymentOf({ readinessProbe: UNKNOWN }),
      want: "undetermined",
      at: [readiness],
    },
    {
      name: "a command that is not known stays open",
      given: deploymentOf({ livenessProbe: run("node", UNKNOWN) }),
      want: "undetermined",
      at: [liveness],
    },
    {
      name: "a port that is not known stays open",
      given: deploymentOf({ livenessProbe: { tcpSocket: { port: UNKNOWN } } }),
      want: "undetermined",
      at: [liveness],
    },
    {
      name: "a missing readiness probe stays open where ports are not known",
      given: deploymentOf({ ports: UNKNOWN, readinessProbe: null }),
      want: "undetermined",
      at: [`${CONTAINER}.ports`],
    },
    {
      name: "a missing liveness probe is refused where ports are not known",
      given: deploymentOf({ ports: UNKNOWN, livenessProbe: null }),
      want: "findings",
      at: [liveness],
    },
    {
      name: "a startup probe that is not known stays open",
      given: deploymentOf({ startupProbe: UNKNOWN }),
      want: "undetermined",
      at: [`${CONTAINER}.startupProbe`],
    },
    {
      name: "pods that are not known stay open",
      given: deployment(UNKNOWN),
      want: "undetermined",
      at: ["spec.template.spec"],
    },
  ],
};
