import { resources } from "../../../../policies/rules/kubernetes/resources";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases } from "../../cases";
import { CONTAINER, container, cronJob, deployment, deploymentOf, podSpec } from "./workloads";

const at = (part: string) => `${CONTAINER}.resources.${part}`;

/** A container with these amounts: cpu and memory requested, cpu and memory at most. */
const amounts = (cpu: Value, memory: Value, mostCpu: Value, mostMemory: Value) =>
  deploymentOf({
    resources: { requests: { cpu, memory }, limits: { cpu: mostCpu, memory: mostMemory } },
  });

const right: readonly RuleCase[] = (
  [
    ["amounts as the project writes them", ["100m", "128Mi", "1", "256Mi"]],
    ["a request that is the limit, in another unit", ["1000m", "1Gi", "1", "1024Mi"]],
    ["numbers", [0.5, 134217728, 1, 268435456]],
    ["exponents and fractions", [".5", "1e8", "1.", "1E9"]],
    ["decimal units", ["500000u", "128M", "1k", "1G"]],
    ["thousandths of bytes", ["1", "128000000m", "2", "128M"]],
    ["the largest units", ["1n", "1Pi", "1", "1E"]],
  ] as const
).map(
  ([name, [cpu, memory, mostCpu, mostMemory]]): RuleCase => ({
    name: `${name} are right`,
    given: amounts(cpu, memory, mostCpu, mostMemory),
    want: "compliant",
  }),
);

const none: readonly RuleCase[] = (
  [
    ["nothing", null],
    ["an empty text", ""],
    ["a word", "much"],
    ["an unknown unit", "100mb"],
    ["a unit in lower case", "1gi"],
    ["a comma", "0,5"],
    ["zero", "0"],
    ["zero as a number", 0],
    ["less than nothing", "-1"],
    ["a number with a space", "1 "],
    ["infinity", Number.POSITIVE_INFINITY],
    ["a truth value", true],
  ] as const
).map(
  ([name, value]): RuleCase => ({
    name: `${name} is no amount`,
    given: amounts("100m", "128Mi", value, "256Mi"),
    want: "findings",
    at: [at("limits.cpu")],
  }),
);

export const cases: RuleCases = {
  rule: resources,
  cases: [
    ...right,
    ...none,
    {
      name: "a container without resources lacks all four amounts",
      given: deploymentOf({ resources: {} }),
      want: "findings",
      at: [at("requests.cpu"), at("limits.cpu"), at("requests.memory"), at("limits.memory")],
    },
    {
      name: "a request above its limit is refused, whatever the units",
      given: amounts("1100m", "1Gi", "1", "1000M"),
      want: "findings",
      at: [at("requests.cpu"), at("requests.memory")],
    },
    {
      name: "an init container needs amounts too",
      given: deployment(podSpec({ initContainers: [container(), { name: "migrate" }] })),
      want: "findings",
      at: ["requests.cpu", "limits.cpu", "requests.memory", "limits.memory"].map(
        (part) => `spec.template.spec.initContainers[1].resources.${part}`,
      ),
    },
    {
      name: "a second container needs amounts too",
      given: cronJob(
        podSpec({ containers: [container(), container({ resources: { limits: { cpu: 1, memory: 1 } } })] }),
      ),
      want: "findings",
      at: ["requests.cpu", "requests.memory"].map(
        (part) => `spec.jobTemplate.spec.template.spec.containers[1].resources.${part}`,
      ),
    },
    {
      name: "a debugging container can have none",
      given: object("core/v1:Pod", {
        metadata: { name: "a" },
        spec: { containers: [container()], ephemeralContainers: [{ name: "debug" }] },
      }),
      want: "compliant",
    },
    {
      name: "an amount that is not known stays open",
      given: amounts("100m", UNKNOWN, "1", "256Mi"),
      want: "undetermined",
      at: [at("requests.memory")],
    },
    {
      name: "containers that are not known stay open",
      given: deployment(podSpec({ containers: UNKNOWN })),
      want: "undetermined",
      at: ["spec.template.spec.containers"],
    },
    {
      name: "workloads that are not known stay open",
      given: object("apps/v1:DeploymentList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "a list of replication controllers of which nothing is known stays open",
      given: object("core/v1:ReplicationControllerList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "a patch leaves out what it does not change",
      given: object("apps/v1:DeploymentPatch", {
        metadata: { name: "keybuzz-api" },
        spec: { template: { spec: { containers: [{ name: "keybuzz-api" }] } } },
      }),
      want: "not-applicable",
    },
    {
      name: "objects without pods are left alone",
      given: object("core/v1:ConfigMap", { metadata: { name: "a" }, data: {} }),
      want: "not-applicable",
    },
    {
      name: "other lists that are not known are left alone",
      given: object("core/v1:ConfigMapList", { items: UNKNOWN }),
      want: "not-applicable",
    },
  ],
};
