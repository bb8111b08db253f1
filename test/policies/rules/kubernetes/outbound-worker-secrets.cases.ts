import { outboundWorkerSecrets } from "../../../../policies/rules/kubernetes/outbound-worker-secrets";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCases } from "../../cases";
import { CONTAINER, container, deployment, deploymentOf, podSpec, worker } from "./workloads";

const DATABASE = { secretRef: { name: "keybuzz-api-postgres" } };
const SES = { secretRef: { name: "keybuzz-ses" } };
const at = `${CONTAINER}.envFrom`;

const key = (name: Value, of: Value, optional = false) => ({
  name: "A",
  valueFrom: { secretKeyRef: { name: of, key: name, optional } },
});
const SES_KEYS = [
  key("AWS_SES_ACCESS_KEY_ID", "keybuzz-ses"),
  key("AWS_SES_SECRET_ACCESS_KEY", "keybuzz-ses"),
];

export const cases: RuleCases = {
  rule: outboundWorkerSecrets,
  cases: [
    {
      name: "a worker with both Secrets is right",
      given: worker({ envFrom: [{ configMapRef: { name: "keybuzz-ses" } }, DATABASE, SES] }),
      want: "compliant",
    },
    {
      name: "their order does not matter",
      given: worker({ envFrom: [SES, { ...DATABASE, prefix: "" }] }),
      want: "compliant",
    },
    {
      name: "keys may be taken one by one",
      given: worker({ env: [...SES_KEYS, key("PGPASSWORD", "keybuzz-api-postgres")] }),
      want: "compliant",
    },
    {
      name: "one may be taken whole and the other by its keys",
      given: worker({ envFrom: [DATABASE], env: SES_KEYS }),
      want: "compliant",
    },
    {
      name: "a worker without the SES Secret is refused",
      given: worker({ envFrom: [DATABASE] }),
      want: "findings",
      at: [at],
    },
    {
      name: "a worker without the database's Secret is refused",
      given: worker({ envFrom: [SES] }),
      want: "findings",
      at: [at],
    },
    {
      name: "a worker without both lacks both",
      given: worker({ envFrom: [] }),
      want: "findings",
      at: [at, at],
    },
    { name: "a worker without envFrom lacks both", given: worker(), want: "findings", at: [at, at] },
    {
      name: "DEV's worker needs both as well",
      environment: "dev",
      given: worker({ envFrom: [DATABASE] }),
      want: "findings",
      at: [at],
    },
    {
      name: "a worker without a container that runs on is left to the API, which refuses it",
      given: deployment(podSpec({ containers: [], initContainers: [container()] }), {
        name: "keybuzz-outbound-worker",
      }),
      want: "compliant",
    },
    {
      name: "a ConfigMap of the same name is no Secret",
      given: worker({ envFrom: [DATABASE, { configMapRef: { name: "keybuzz-ses" } }] }),
      want: "findings",
      at: [at],
    },
    {
      name: "a Secret with a longer name is another one",
      given: worker({ envFrom: [DATABASE, { secretRef: { name: "keybuzz-ses-old" } }] }),
      want: "findings",
      at: [at],
    },
    {
      name: "an optional Secret may be missing",
      given: worker({ envFrom: [DATABASE, { secretRef: { name: "keybuzz-ses", optional: true } }] }),
      want: "findings",
      at: [at],
    },
    {
      name: "a prefix gives the variables other names",
      given: worker({ envFrom: [DATABASE, { ...SES, prefix: "OLD_" }] }),
      want: "findings",
      at: [at],
    },
    {
      name: "half of a Secret's keys are not enough",
      given: worker({ envFrom: [DATABASE], env: SES_KEYS.slice(1) }),
      want: "findings",
      at: [at],
    },
    {
      name: "an optional key may be missing",
      given: worker({
        envFrom: [DATABASE],
        env: [
          key("AWS_SES_ACCESS_KEY_ID", "keybuzz-ses", true),
          key("AWS_SES_SECRET_ACCESS_KEY", "keybuzz-ses"),
        ],
      }),
      want: "findings",
      at: [at],
    },
    {
      name: "keys of another Secret are not enough",
      given: worker({
        envFrom: [DATABASE],
        env: SES_KEYS.map(({ valueFrom }) => key(valueFrom.secretKeyRef.key, "keybuzz-ses-old")),
      }),
      want: "findings",
      at: [at],
    },
    {
      name: "an init container with the Secrets is not the worker",
      given: deployment(
        podSpec({ initContainers: [container({ envFrom: [DATABASE, SES] })], containers: [container()] }),
        { name: "keybuzz-outbound-worker" },
      ),
      want: "findings",
      at: [at, at],
    },
    {
      name: "a container beside the worker needs no Secrets",
      given: deployment(podSpec({ containers: [container(), container({ envFrom: [SES, DATABASE] })] }), {
        name: "keybuzz-outbound-worker",
      }),
      want: "compliant",
    },
    {
      name: "two containers with half of them each are not enough",
      given: deployment(
        podSpec({ containers: [container({ envFrom: [SES] }), container({ envFrom: [DATABASE] })] }),
        {
          name: "keybuzz-outbound-worker",
        },
      ),
      want: "findings",
      at: [at],
    },
    {
      name: "the worker is known by its component",
      given: deployment(podSpec(), {
        name: "mailer",
        labels: { "app.kubernetes.io/component": "outbound-worker" },
      }),
      want: "findings",
    },
    {
      name: "sources that are not known stay open",
      given: worker({ envFrom: UNKNOWN }),
      want: "undetermined",
      at: [at],
    },
    {
      name: "a source that is not known may be the missing one",
      given: worker({ envFrom: [DATABASE, UNKNOWN] }),
      want: "undetermined",
      at: [at],
    },
    {
      name: "a Secret whose name is not known may be the missing one",
      given: worker({ envFrom: [DATABASE, { secretRef: { name: OWN_UNKNOWN } }] }),
      want: "undetermined",
      at: [at],
    },
    {
      name: "a key that is not known may be the missing one",
      given: worker({ envFrom: [DATABASE], env: [key(UNKNOWN, "keybuzz-ses")] }),
      want: "undetermined",
      at: [at],
    },
    {
      name: "a source that is not known does not matter beside both",
      given: worker({ envFrom: [DATABASE, SES, UNKNOWN] }),
      want: "compliant",
    },
    {
      name: "containers that are not known stay open",
      given: deployment(podSpec({ containers: UNKNOWN }), { name: "keybuzz-outbound-worker" }),
      want: "undetermined",
      at: ["spec.template.spec.containers"],
    },
    {
      name: "a container that is not known may be the worker",
      given: deployment(podSpec({ containers: [container(), UNKNOWN] }), { name: "keybuzz-outbound-worker" }),
      want: "undetermined",
      at: ["spec.template.spec.containers[1]"],
    },
    {
      name: "a workload whose name is not known may be the worker",
      given: object("apps/v1:Deployment", {
        metadata: { name: UNKNOWN },
        spec: { template: { spec: podSpec() } },
      }),
      want: "undetermined",
      at: ["metadata.name"],
    },
    {
      name: "the API needs no SES Secret",
      given: deploymentOf({ envFrom: [DATABASE] }),
      want: "not-applicable",
    },
    {
      name: "a patch of the worker need not repeat its sources",
      given: object("apps/v1:DeploymentPatch", {
        metadata: { name: "keybuzz-outbound-worker" },
        spec: { template: { spec: { containers: [{ name: "a" }] } } },
      }),
      want: "not-applicable",
    },
  ],
};
