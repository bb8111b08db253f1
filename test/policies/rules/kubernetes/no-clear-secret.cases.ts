import { noClearSecret } from "../../../../policies/rules/kubernetes/no-clear-secret";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

/** Made here, so that no secret of a known form stands in a file. */
const GITHUB = `ghp_${"aB3".repeat(12)}`;
const RANDOM = "q7Zt1XvB9mK4wR8sL2nD6pH3";

const metadata = { name: "keybuzz-client", namespace: "keybuzz-client-prod" };
const pods = (spec: Readonly<Record<string, Value>>, more: Readonly<Record<string, Value>> = {}) =>
  object("apps/v1:Deployment", { metadata, spec: { template: { metadata: more, spec } } });
const deployment = (container: Readonly<Record<string, Value>>) =>
  pods({ containers: [{ name: "a", image: "a:1", ...container }] });
const env = (...list: readonly Value[]) => deployment({ env: list });
const pair = (name: string, value: Value) => ({ name, value });
const configMap = (data: Value) => object("core/v1:ConfigMap", { metadata, data });
const AT = "spec.template.spec.containers[0]";

const found: readonly RuleCase[] = [
  {
    name: "NEXTAUTH_SECRET in clear, as it stood in PROD's client, is refused",
    given: env(pair("NODE_ENV", "production"), pair("NEXTAUTH_SECRET", RANDOM)),
    want: "findings",
    at: [`${AT}.env[1].value`],
  },
  {
    name: "the ops key in clear is refused, as a variable, as a header of a probe and in a command",
    given: deployment({
      env: [pair("OPS_KEY", "letmein-please")],
      livenessProbe: { httpGet: { path: "/", port: 1, httpHeaders: [pair("x-ops-key", "letmein-please")] } },
      lifecycle: { preStop: { exec: { command: ["curl", "-H", "x-ops-key: letmein-please", "http://a"] } } },
    }),
    want: "findings",
    at: [
      `${AT}.env[0].value`,
      `${AT}.livenessProbe.httpGet.httpHeaders[0].value`,
      `${AT}.lifecycle.preStop.exec.command[2]`,
    ],
  },
  {
    name: "a token of a known form is refused whatever it is called",
    given: env(pair("NOTE", `see ${GITHUB}`)),
    want: "findings",
    at: [`${AT}.env[0].value`],
  },
  {
    name: "random text as long as a key is refused",
    given: env(pair("EXTRA", RANDOM)),
    want: "findings",
    at: [`${AT}.env[0].value`],
  },
  {
    name: "a password in a connection URL is refused",
    given: env(pair("DATABASE_URL", "postgres://keybuzz_prod_app_a:hunter2@10.0.0.10:5432/keybuzz_prod")),
    want: "findings",
    at: [`${AT}.env[0].value`],
  },
  {
    name: "a token that is split between two variables is found where they meet",
    given: env(pair("A", GITHUB.slice(0, 20)), pair("B", "$(A)aB3aB3aB3aB3aB3aB3aB3")),
    want: "findings",
    at: [`${AT}.env[1].value`],
  },
  {
    name: "a token that is split between two variables is found in the argument that joins them",
    given: deployment({
      env: [pair("A", GITHUB.slice(0, 20)), pair("B", "aB3aB3aB3aB3aB3aB3aB3")],
      args: ["run", "--with=$(A)$(B)"],
    }),
    want: "findings",
    at: [`${AT}.args[1]`],
  },
  {
    name: "a password is told where it enters, and not where its variable is passed on",
    given: deployment({
      env: [
        pair("PASSWORD", "hunter2"),
        pair("PGPASSWORD", "$(PASSWORD)"),
        pair("SMTP_PASSWORD", "$(PGPASSWORD)"),
      ],
      args: ["--password=$(SMTP_PASSWORD)"],
    }),
    want: "findings",
    at: [`${AT}.env[0].value`],
  },
  {
    name: "a password in an option is refused, joined to it or behind it",
    given: deployment({ command: ["migrate", "--password", "hunter2"], args: ["--db-password=hunter2"] }),
    want: "findings",
    at: [`${AT}.command[2]`, `${AT}.args[0]`],
  },
  {
    name: "init containers and ephemeral containers are read, and every item of a list",
    given: pods({
      containers: [{ name: "a" }, { name: "b", env: [pair("SMTP_PASSWORD", "hunter2")] }],
      initContainers: [{ name: "c", env: [pair("SMTP_PASSWORD", "hunter2")] }],
      ephemeralContainers: [{ name: "d", env: [pair("SMTP_PASSWORD", "hunter2")] }],
    }),
    want: "findings",
    at: [
      "spec.template.spec.containers[1].env[0].value",
      "spec.template.spec.initContainers[0].env[0].value",
      "spec.template.spec.ephemeralContainers[0].env[0].value",
    ],
  },
  {
    name: "annotations and labels of the pods are read, and those of the object",
    given: object("apps/v1:Deployment", {
      metadata: { ...metadata, annotations: { "example.org/note": `token ${GITHUB}` } },
      spec: {
        template: { metadata: { labels: { "x-ops-key": "letmein" }, annotations: { "api-key": RANDOM } } },
      },
    }),
    want: "findings",
    at: [
      'metadata.annotations["example.org/note"]',
      "spec.template.metadata.labels.x-ops-key",
      "spec.template.metadata.annotations.api-key",
    ],
  },
  {
    name: "a ConfigMap is read: keys, files of settings, base64 and binary data",
    given: object("core/v1:ConfigMap", {
      metadata,
      data: {
        SMTP_PASSWORD: "hunter2",
        ".env": "A=1\nexport SMTP_PASSWORD=hunter2\n",
        encoded: Buffer.from("SMTP_PASSWORD=hunter2\n").toString("base64"),
      },
      binaryData: { file: Buffer.from(`token: ${GITHUB}`).toString("base64") },
    }),
    want: "findings",
    at: ["data.SMTP_PASSWORD", 'data[".env"]', "data.encoded", "binaryData.file"],
  },
  {
    name: "a secret that is a key is told at the map, since the key must not be repeated",
    given: configMap({ [GITHUB]: "1" }),
    want: "findings",
    at: ["data"],
  },
  {
    name: "a Secret's own metadata is in clear: kubectl copies its data there",
    given: object("core/v1:Secret", {
      metadata: {
        ...metadata,
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({
            data: { PGPASSWORD: "aHVudGVyMg==" },
          }),
        },
      },
      stringData: { PGPASSWORD: "hunter2" },
    }),
    want: "findings",
    at: ['metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]'],
  },
  {
    name: "other properties are read for what gives itself away by its form",
    given: object("networking.k8s.io/v1:Ingress", {
      metadata,
      spec: { rules: [{ http: { paths: [{ path: `/hooks/${GITHUB}` }] } }] },
    }),
    want: "findings",
    at: ["spec.rules[0].http.paths[0].path"],
  },
  {
    name: "the values of a chart are read by their names",
    given: resource("kubernetes:helm.sh/v3:Release", {
      values: { auth: { password: "hunter2", existingSecret: "a" }, extraEnv: [pair("API_KEY", "letmein")] },
    }),
    want: "findings",
    at: ["values.auth.password", "values.extraEnv[0].value"],
  },
  {
    name: "environments of custom kinds are read, as lists and as maps",
    given: resource("kubernetes:example.org/v1:Runner", {
      metadata,
      spec: { env: [pair("API_KEY", "letmein")], sidecar: { env: { API_KEY: "letmein" } } },
    }),
    want: "findings",
    at: ["spec.env[0].value", "spec.sidecar.env.API_KEY"],
  },
  {
    name: "workloads of every kind are read",
    given: object("batch/v1:CronJob", {
      metadata,
      spec: {
        jobTemplate: {
          spec: { template: { spec: { containers: [{ env: [pair("PGPASSWORD", "hunter2")] }] } } },
        },
      },
    }),
    want: "findings",
    at: ["spec.jobTemplate.spec.template.spec.containers[0].env[0].value"],
  },
  {
    name: "every object of a list is read",
    given: object("core/v1:ConfigMapList", {
      items: [
        { metadata, data: { A: "1" } },
        { metadata, data: { PASSWORD: "hunter2" } },
      ],
    }),
    want: "findings",
    at: ["items[1].data.PASSWORD"],
  },
  {
    name: "a finding is told although other values are not known",
    given: env(pair("A", UNKNOWN), pair("PASSWORD", "hunter2")),
    want: "findings",
    at: [`${AT}.env[1].value`],
  },
  {
    name: "what would be a Secret's name in an annotation is a secret in an environment",
    given: env(pair("JWT_SECRET", "super-secret-jwt")),
    want: "findings",
    at: [`${AT}.env[0].value`],
  },
  {
    name: "an option's name is for the next argument alone",
    given: deployment({ args: ["--password", "--verbose", "hunter2", "--token", "letmein", "hunter3"] }),
    want: "findings",
    at: [`${AT}.args[4]`],
  },
  {
    name: "the values of a chart are read in its lists",
    given: resource("kubernetes:helm.sh/v3:Release", {
      values: { passwords: ["hunter2"], hosts: ["a.example.org"] },
    }),
    want: "findings",
    at: ["values.passwords[0]"],
  },
  {
    name: "a number under a secret's name is refused",
    given: env(pair("DB_PASSWORD", 12345678)),
    want: "findings",
    at: [`${AT}.env[0].value`],
  },
];

const right: readonly RuleCase[] = [
  {
    name: "references to Secrets, files and public values are right",
    given: deployment({
      env: [
        {
          name: "PGPASSWORD",
          valueFrom: { secretKeyRef: { name: "keybuzz-api-postgres", key: "PGPASSWORD" } },
        },
        pair("DATABASE_URL", "postgres://$(PGUSER):$(PGPASSWORD)@10.0.0.10:5432/keybuzz_prod"),
        pair("VAULT_AUTH_TOKEN_FILE", "/var/run/secrets/vault/token"),
        pair("NEXT_PUBLIC_STRIPE_KEY", "pk_live_51HxAbCdEfGhIjKlMnOpQrSt"),
        pair("TOKEN_TTL", "3600"),
        pair("SECRET_NAME", "keybuzz-api-postgres"),
        pair("TENANT", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
      ],
      args: ["--password=$(PGPASSWORD)", "--password-file", "/run/secrets/pg"],
    }),
    want: "compliant",
  },
  {
    name: "names of Secrets in annotations are right, and checksums of them",
    given: pods(
      { containers: [] },
      {
        annotations: {
          "nginx.ingress.kubernetes.io/auth-secret": "keybuzz-client-prod/basic-auth",
          "keybuzz.io/checksum-keybuzz-client-auth": "a3bf4f1b2b0b822cd15d6c15b0f00a08",
          "checksum/secret": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        },
      },
    ),
    want: "compliant",
  },
  {
    name: "random names in other properties are no secrets",
    given: object("core/v1:PersistentVolumeClaim", {
      metadata,
      spec: { volumeName: RANDOM, token: "hunter2" },
    }),
    want: "compliant",
  },
  {
    name: "a Secret's data is where secrets belong",
    given: object("core/v1:Secret", { metadata, stringData: { PGPASSWORD: "hunter2", TOKEN: GITHUB } }),
    want: "compliant",
  },
  {
    name: "a Secret's data that is not known is where secrets belong",
    given: object("core/v1:Secret", { metadata, stringData: UNKNOWN }),
    want: "compliant",
  },
  {
    name: "a token of Vault is told by another rule",
    given: env(pair("VAULT_TOKEN", "hvs.CAESIJ1Xq7Zt1XvB9mK4wR8sL2nD6pH3"), pair("ROOT_TOKEN", UNKNOWN)),
    want: "compliant",
  },
  {
    name: "images with digests and long names are no secrets",
    given: deployment({
      image: `ghcr.io/keybuzzio/keybuzz-api@sha256:${"9f86d081".repeat(8)}`,
      envFrom: [{ secretRef: { name: "keybuzz-api-postgres" } }],
    }),
    want: "compliant",
  },
  {
    name: "a checksum that this environment makes is right before it is known",
    given: pods({ containers: [] }, { annotations: { "keybuzz.io/checksum-keybuzz-stripe": OWN_UNKNOWN } }),
    want: "compliant",
  },
  {
    name: "an identifier that this environment makes is right before it is known",
    given: env(pair("BUCKET_ARN", OWN_UNKNOWN), pair("NEXT_PUBLIC_KEY", OWN_UNKNOWN)),
    want: "compliant",
  },
];

const open: readonly RuleCase[] = [
  {
    name: "a value under a secret's name stays open wherever it comes from",
    given: env(pair("SMTP_PASSWORD", OWN_UNKNOWN), pair("API_KEY", UNKNOWN)),
    want: "undetermined",
    at: [`${AT}.env[0].value`, `${AT}.env[1].value`],
  },
  {
    name: "a URL that is not known stays open: a password may stand in it",
    given: env(pair("DATABASE_URL", OWN_UNKNOWN)),
    want: "undetermined",
    at: [`${AT}.env[0].value`],
  },
  {
    name: "a value of which the name says nothing stays open",
    given: env(pair("EXTRA", OWN_UNKNOWN)),
    want: "undetermined",
    at: [`${AT}.env[0].value`],
  },
  {
    name: "an object of which nothing is known stays open beside one that is",
    given: object("core/v1:ConfigMapList", { items: [{ metadata, data: { A: "1" } }, UNKNOWN] }),
    want: "undetermined",
    at: ["items[1]"],
  },
  {
    name: "a checksum from elsewhere stays open",
    given: pods({ containers: [] }, { annotations: { "checksum/config": UNKNOWN } }),
    want: "undetermined",
    at: ['spec.template.metadata.annotations["checksum/config"]'],
  },
  {
    name: "parts that may hold settings stay open: containers, environments, arguments, annotations",
    given: pods(
      {
        containers: [{ env: UNKNOWN, args: UNKNOWN, command: ["a", UNKNOWN] }, UNKNOWN],
        initContainers: UNKNOWN,
      },
      { annotations: UNKNOWN },
    ),
    want: "undetermined",
    at: [
      "spec.template.metadata.annotations",
      `${AT}.env`,
      `${AT}.args`,
      `${AT}.command[1]`,
      "spec.template.spec.containers[1]",
      "spec.template.spec.initContainers",
    ],
  },
  {
    name: "a variable without a known name stays open",
    given: env({ name: UNKNOWN, value: "1" }),
    want: "undetermined",
    at: [`${AT}.env[0].name`],
  },
  {
    name: "a ConfigMap that is not known stays open, even one that this environment makes",
    given: configMap(OWN_UNKNOWN),
    want: "undetermined",
    at: ["data"],
  },
  {
    name: "a list of objects that is not known stays open",
    given: object("core/v1:ConfigMapList", { items: UNKNOWN }),
    want: "undetermined",
    at: ["items"],
  },
];

const elsewhere: readonly RuleCase[] = [
  {
    name: "resources of other systems are left alone",
    given: resource("vault:index/mount:Mount", { path: "secret", description: GITHUB }),
    want: "not-applicable",
  },
  {
    name: "components are left alone: what they make is judged by itself",
    given: resource("kubernetes:yaml/v2:ConfigGroup", { yaml: `token: ${GITHUB}` }, { component: true }),
    want: "not-applicable",
  },
];

export const cases: RuleCases = {
  rule: noClearSecret,
  cases: [...found, ...right, ...open, ...elsewhere],
};
