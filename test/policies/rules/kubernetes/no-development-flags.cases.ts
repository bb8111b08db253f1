import { SOURCE_ANNOTATION } from "../../../../policies/references/scan";
import { noDevelopmentFlags } from "../../../../policies/rules/kubernetes/no-development-flags";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases } from "../../cases";

const metadata = { name: "keybuzz-outbound-worker", namespace: "keybuzz-api-prod" };
const container = (body: Readonly<Record<string, Value>>) =>
  object("apps/v1:Deployment", {
    metadata,
    spec: { template: { spec: { containers: [{ name: "a", ...body }] } } },
  });
const AT = "spec.template.spec.containers[0]";
const VALUE = `${AT}.env[0].value`;
const env = (name: string, value: Value) => container({ env: [{ name, value }] });

/** Refused in PROD, and right in DEV unless it is refused everywhere. */
const switched = (
  name: string,
  value: Value,
  where: "production" | "everywhere" = "production",
): RuleCase[] => [
  {
    name: `${name}=${String(value)} is refused in PROD`,
    given: env(name, value),
    want: "findings",
    at: [VALUE],
  },
  {
    name: `${name}=${String(value)} is ${where === "everywhere" ? "refused" : "right"} in DEV`,
    environment: "dev",
    given: env(name, value),
    want: where === "everywhere" ? "findings" : "compliant",
  },
];
const right = (name: string, value: Value): RuleCase => ({
  name: `${name}=${String(value)} is right in PROD`,
  given: env(name, value),
  want: "compliant",
});
const command = (name: string, body: Readonly<Record<string, Value>>, at: string): RuleCase[] => [
  { name: `${name} is refused in PROD`, given: container(body), want: "findings", at: [at] },
  { name: `${name} is right in DEV`, environment: "dev", given: container(body), want: "compliant" },
];

export const cases: RuleCases = {
  rule: noDevelopmentFlags,
  cases: [
    ...["true", "TRUE", "1", "yes", "on", true].flatMap((value) => switched("SMTP_FORCE_FAIL", value)),
    ...["false", "False", "0", "no", "off", "", false].map((value) => right("SMTP_FORCE_FAIL", value)),
    ...["any$(ELSEWHERE)", "$(ELSEWHERE)s"].flatMap((value) => switched("SMTP_FORCE_FAIL", value)),
    right("SMTP_FORCE_FAIL", " false\n"),
    ...switched("smtp.forceFail", "true"),
    ...["development", "test", "Production", ""].flatMap((value) => switched("NODE_ENV", value)),
    right("NODE_ENV", "production"),
    ...switched("APP_ENV", "dev"),
    right("APP_ENV", "prod"),
    ...switched("ASPNETCORE_ENVIRONMENT", "Development"),
    ...switched("DEBUG", "*"),
    ...switched("NEXTAUTH_DEBUG", "1"),
    right("DEBUG", "0"),
    right("DEBUG_PORT", "9000"),
    ...switched("NODE_TLS_REJECT_UNAUTHORIZED", "0", "everywhere"),
    ...switched("SMTP_TLS_REJECT_UNAUTHORIZED", "false", "everywhere"),
    right("NODE_TLS_REJECT_UNAUTHORIZED", "1"),
    ...switched("VAULT_SKIP_VERIFY", "true", "everywhere"),
    right("VAULT_SKIP_VERIFY", "false"),
    ...switched("SKIP_AUTH", "true"),
    ...switched("DISABLE_WEBHOOK_SIGNATURE_CHECK", "1"),
    ...switched("AUTH_DISABLED", "true"),
    right("DISABLE_AUTH", "false"),
    ...switched("ALLOW_INSECURE_COOKIES", "true"),
    right("ALLOW_SIGNUP", "true"),
    right("ALLOWED_ORIGINS", "https://client.keybuzz.io"),
    ...switched("USE_MOCK_STRIPE", "true"),
    ...switched("DEV_LOGIN", "true"),
    ...switched("NODE_OPTIONS", "--enable-source-maps --inspect=0.0.0.0:9229"),
    ...switched("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket,address=5005"),
    right("NODE_OPTIONS", "--enable-source-maps --max-old-space-size=512"),
    right("INSPECT_NOTE", "run with --inspect"),
    ...command(
      "a debugger's port",
      { command: ["node", "--inspect-brk", "dist/index.js"] },
      `${AT}.command[1]`,
    ),
    ...command("a server of development", { command: ["npm"], args: ["run", "dev"] }, `${AT}.command`),
    ...command("a server of development in arguments alone", { args: ["next", "dev"] }, `${AT}.args`),
    ...command("a watcher in a shell", { args: ["-c", "cd /app && nodemon dist/index.js"] }, `${AT}.args[1]`),
    ...command("Vault's server of development", { args: ["vault", "server", "-dev"] }, `${AT}.args`),
    ...command(
      "a variable that a shell sets",
      { args: ["-c", "export SMTP_FORCE_FAIL=true; node worker.js"] },
      `${AT}.args[1]`,
    ),
    {
      name: "a server of production is right",
      given: container({ command: ["npm", "run", "start"], args: ["--port", "3001", "developer.js"] }),
      want: "compliant",
    },
    {
      name: "an init container is read, and every item of a list",
      given: object("batch/v1:Job", {
        metadata,
        spec: {
          template: {
            spec: {
              containers: [{ name: "a", env: [{ name: "NODE_ENV", value: "production" }] }],
              initContainers: [
                {
                  name: "b",
                  env: [
                    { name: "A", value: "1" },
                    { name: "SMTP_FORCE_FAIL", value: "true" },
                  ],
                },
              ],
            },
          },
        },
      }),
      want: "findings",
      at: ["spec.template.spec.initContainers[0].env[1].value"],
    },
    {
      name: "a server of development is told beside what else is found",
      given: container({
        env: [{ name: "SMTP_FORCE_FAIL", value: "true" }],
        command: ["npm"],
        args: ["run", "dev"],
      }),
      want: "findings",
      at: [VALUE, `${AT}.command`],
    },
    {
      name: "a debugger's port is told once, whatever else is found",
      given: container({
        env: [{ name: "SMTP_FORCE_FAIL", value: "true" }],
        command: ["node", "--inspect", "dist/index.js"],
      }),
      want: "findings",
      at: [VALUE, `${AT}.command[1]`],
    },
    {
      name: "an option that is not known hides no server of development",
      given: container({ command: ["npm", UNKNOWN, "run", "dev"] }),
      want: "findings",
      at: [`${AT}.command`],
    },
    {
      name: "a switch that is put together from another variable is refused",
      given: container({
        env: [
          { name: "A", value: "tr" },
          { name: "SMTP_FORCE_FAIL", value: "$(A)ue" },
        ],
      }),
      want: "findings",
      at: [`${AT}.env[1].value`],
    },
    {
      name: "a ConfigMap is read by its keys and in its files",
      given: object("core/v1:ConfigMap", {
        metadata,
        data: { SMTP_FORCE_FAIL: "true", ".env": "A=1\nDEBUG=*\n", "readme.txt": "nothing here" },
      }),
      want: "findings",
      at: ["data.SMTP_FORCE_FAIL", 'data[".env"]'],
    },
    {
      name: "a Secret is read through base64",
      given: object("core/v1:Secret", {
        metadata,
        data: { SMTP_FORCE_FAIL: Buffer.from("true").toString("base64"), NODE_ENV: "cHJvZHVjdGlvbg==" },
      }),
      want: "findings",
      at: ["data.SMTP_FORCE_FAIL"],
    },
    {
      name: "a switch whose value stands elsewhere stays open",
      given: container({
        env: [
          { name: "SMTP_FORCE_FAIL", valueFrom: { configMapKeyRef: { name: "settings", key: "fail" } } },
          { name: "PGHOST", valueFrom: { configMapKeyRef: { name: "settings", key: "PGHOST" } } },
        ],
      }),
      want: "undetermined",
      at: [`${AT}.env[0].valueFrom`],
    },
    {
      name: "a switch whose value stands elsewhere is right where the switch is",
      environment: "dev",
      given: container({
        env: [{ name: "SMTP_FORCE_FAIL", valueFrom: { configMapKeyRef: { name: "settings", key: "fail" } } }],
      }),
      want: "compliant",
    },
    {
      name: "a switch that is not known stays open, and one that is made of an unknown variable",
      given: container({
        env: [
          { name: "NODE_ENV", value: OWN_UNKNOWN },
          { name: "SMTP_FORCE_FAIL", value: "$(ELSEWHERE)" },
        ],
      }),
      want: "undetermined",
      at: [`${AT}.env[1].value`, `${AT}.env[0].value`],
    },
    {
      name: "settings from elsewhere that are not known stay open",
      given: object("core/v1:ConfigMap", { metadata, data: UNKNOWN }),
      want: "undetermined",
      at: ["data"],
    },
    {
      name: "a Secret of which nothing is known, not even where it comes from, stays open",
      given: object("core/v1:Secret", { metadata, stringData: UNKNOWN }),
      want: "undetermined",
    },
    {
      name: "a Secret beside one that says where it comes from stays open",
      given: object("core/v1:SecretList", {
        items: [
          { metadata, stringData: UNKNOWN },
          {
            metadata: { ...metadata, annotations: { [SOURCE_ANNOTATION]: "secret/keybuzz/prod/stripe" } },
            stringData: UNKNOWN,
          },
        ],
      }),
      want: "undetermined",
      at: ["items[0].stringData"],
    },
    {
      name: "a ConfigMap is made of no entry, whatever it says",
      given: object("core/v1:ConfigMap", {
        metadata: { ...metadata, annotations: { [SOURCE_ANNOTATION]: "secret/keybuzz/prod/stripe" } },
        data: UNKNOWN,
      }),
      want: "undetermined",
      at: ["data"],
    },
    {
      name: "a variable without a name is given to no program",
      given: container({ env: [{ value: "--inspect" }] }),
      want: "compliant",
    },
    {
      name: "one setting that is known and one that is not switch nothing",
      given: object("core/v1:ConfigMap", { metadata, data: { A: "1", B: UNKNOWN } }),
      want: "compliant",
    },
    {
      name: "annotations that are not known configure no program",
      given: object("apps/v1:Deployment", {
        metadata: { ...metadata, annotations: UNKNOWN },
        spec: { template: { spec: { containers: [{ name: "a" }] } } },
      }),
      want: "compliant",
    },
    {
      name: "settings that this environment makes are its own before they are known",
      given: object("core/v1:Secret", { metadata, stringData: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "a Secret that says from which entry in Vault it comes is this environment's",
      given: object("core/v1:Secret", {
        metadata: { ...metadata, annotations: { [SOURCE_ANNOTATION]: "secret/keybuzz/prod/stripe" } },
        stringData: UNKNOWN,
      }),
      want: "compliant",
    },
    {
      name: "a switch in such a Secret stays open, and a ConfigMap does, since it is made of no entry",
      given: object("core/v1:SecretList", {
        items: [
          {
            metadata: { ...metadata, annotations: { [SOURCE_ANNOTATION]: "secret/keybuzz/prod/stripe" } },
            stringData: { SMTP_FORCE_FAIL: UNKNOWN, STRIPE_KEY: UNKNOWN },
          },
          { metadata, kind: "ConfigMap", data: UNKNOWN },
        ],
      }),
      want: "undetermined",
      at: ["items[0].stringData.SMTP_FORCE_FAIL", "items[1].data"],
    },
    {
      name: "objects that configure no program are left alone",
      given: object("core/v1:Service", {
        metadata: { ...metadata, annotations: { SMTP_FORCE_FAIL: "true" } },
        spec: { ports: [{ port: 80 }] },
      }),
      want: "not-applicable",
    },
  ],
};
