/** Proves that mail is sent by one pod at a time, with the declared settings, and never tested in production. */
import * as k8s from "@pulumi/kubernetes";
import { beforeAll, describe, expect, test } from "vitest";
import { OutboundWorker, type OutboundWorkerArgs, type SmtpSettings } from "../../components/outbound-worker";
import { type RecordedResource, recordResources, resourceOf } from "../support/mocks";
import {
  bareNamespace,
  bareSource,
  DEV,
  IMAGE,
  NAMESPACE,
  PROD,
  problemsOf,
  RESOURCES,
  refusedProperties,
  standingNamespace,
  standingSource,
  waitedFor,
} from "./kubernetes-fixtures";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

const RELAY: SmtpSettings = {
  mode: "relay",
  host: "10.0.0.160",
  port: 25,
  pool: { maxConnections: 2, maxMessagesPerConnection: 50 },
  rateLimit: { messages: 5, perSeconds: 1 },
  retries: { attempts: 4, initialDelayMs: 1000, maxDelayMs: 60000 },
  forceFail: false,
};
const SUBMISSION: SmtpSettings = { ...RELAY, mode: "submission", host: "mail.keybuzz.io", port: 587 };

function args(more: Partial<OutboundWorkerArgs> = {}): OutboundWorkerArgs {
  return {
    environment: DEV,
    namespace: bareNamespace(),
    image: IMAGE,
    command: ["node", "dist/workers/outbound.js"],
    resources: RESOURCES,
    database: bareSource("keybuzz-api-postgres"),
    ses: bareSource("keybuzz-ses"),
    smtp: RELAY,
    fallback: { provider: "ses", enabled: true },
    ...more,
  };
}

const record = (more: Partial<OutboundWorkerArgs> = {}) =>
  recordResources(() => new OutboundWorker("worker", args(more)));

type Deployment = {
  spec: Record<string, unknown> & { template: { spec: { containers: [Record<string, unknown>] } } };
};
const deployment = (resources: RecordedResource[]) =>
  resourceOf(resources, DEPLOYMENT).inputs as unknown as Deployment;
const container = (resources: RecordedResource[]) => deployment(resources).spec.template.spec.containers[0];
const env = (resources: RecordedResource[]) =>
  Object.fromEntries(
    (container(resources).env as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
  );

describe("the worker", () => {
  let resources: RecordedResource[];
  beforeAll(async () => {
    resources = await recordResources(() => {
      const provider = new k8s.Provider("cluster", {});
      const more = {
        namespace: standingNamespace(),
        database: standingSource("keybuzz-api-postgres"),
        ses: standingSource("keybuzz-ses"),
        waitFor: [new k8s.core.v1.ConfigMap("vault-role", {})],
      };
      return new OutboundWorker("worker", args(more), { provider });
    });
  });

  test("is a workload without Service, Ingress or disruption budget", () => {
    const children = resources.filter(({ parent }) => parent?.startsWith("worker"));
    expect(children.map(({ type, name, parent }) => `${type} ${name} in ${parent}`).sort()).toEqual([
      "keybuzz:kubernetes:Workload worker-workload in worker",
      "kubernetes:apps/v1:Deployment worker-workload-deployment in worker-workload",
      "kubernetes:core/v1:ServiceAccount worker-workload-service-account in worker-workload",
    ]);
    expect(resourceOf(resources, DEPLOYMENT).provider).toBe("cluster");
  });

  test("never runs twice at a time, and has time to finish a mail", () => {
    expect(deployment(resources)).toMatchObject({
      metadata: { name: "keybuzz-outbound-worker", namespace: NAMESPACE },
      spec: {
        replicas: 1,
        strategy: { type: "Recreate" },
        template: { spec: { terminationGracePeriodSeconds: 60 } },
      },
    });
  });

  test("runs its command of the API's image with the database's and SES' values", () => {
    expect(container(resources)).toMatchObject({
      image: "ghcr.io/keybuzzio/keybuzz-api:v0.4.31-replacement",
      command: ["node", "dist/workers/outbound.js"],
      envFrom: [
        { configMapRef: { name: "keybuzz-api-postgres" } },
        { secretRef: { name: "keybuzz-api-postgres" } },
        { configMapRef: { name: "keybuzz-ses" } },
        { secretRef: { name: "keybuzz-ses" } },
      ],
    });
  });

  test("is restarted by its own state alone, and is ready only when it can send", () => {
    expect(container(resources)).toMatchObject({
      ports: [{ name: "health", containerPort: 8080 }],
      readinessProbe: { httpGet: { path: "/ready", port: "health" } },
      livenessProbe: { httpGet: { path: "/live", port: "health" } },
      startupProbe: { httpGet: { path: "/live", port: "health" } },
    });
  });

  test("gets every setting as a plain value", () => {
    expect(env(resources)).toEqual({
      HEALTH_PORT: "8080",
      SMTP_HOST: "10.0.0.160",
      SMTP_PORT: "25",
      SMTP_MODE: "relay",
      SMTP_SECURE: "false",
      SMTP_STARTTLS: "false",
      SMTP_POOL_MAX_CONNECTIONS: "2",
      SMTP_POOL_MAX_MESSAGES: "50",
      SMTP_RATE_LIMIT_MESSAGES: "5",
      SMTP_RATE_LIMIT_PER_SECONDS: "1",
      SMTP_RETRY_ATTEMPTS: "4",
      SMTP_RETRY_INITIAL_DELAY_MS: "1000",
      SMTP_RETRY_MAX_DELAY_MS: "60000",
      MAIL_FALLBACK: "ses",
      MAIL_FALLBACK_ENABLED: "true",
    });
  });

  test("starts after namespace, both sources and whatever else was named", () => {
    const all = ["namespace", "keybuzz-api-postgres", "keybuzz-ses", "vault-role"];
    expect(waitedFor(resources, DEPLOYMENT, all)).toEqual(all);
  });

  test("shows its settings to rules, and registers its outputs", () => {
    const { inputs, outputs } = resourceOf(resources, "keybuzz:kubernetes:OutboundWorker");
    expect(inputs).toEqual({
      environment: "dev",
      production: false,
      namespace: NAMESPACE,
      smtp: RELAY,
      fallback: { provider: "ses", enabled: true },
      database: "keybuzz-api-postgres",
      ses: "keybuzz-ses",
    });
    expect(outputs).toEqual({ serviceAccountName: "keybuzz-outbound-worker" });
  });
});

describe("choices", () => {
  test("a name, a health port and plain values are taken over", async () => {
    const resources = await record({ name: "mailer", healthPort: 9000, env: { NODE_ENV: "production" } });
    expect(deployment(resources)).toMatchObject({ metadata: { name: "mailer" } });
    expect(env(resources)).toMatchObject({ HEALTH_PORT: "9000", NODE_ENV: "production" });
    expect(container(resources).ports).toMatchObject([{ containerPort: 9000 }]);
  });

  test.each([
    [587, { SMTP_SECURE: "false", SMTP_STARTTLS: "true" }],
    [465, { SMTP_SECURE: "true", SMTP_STARTTLS: "false" }],
  ])("submission at port %d logs in under TLS", async (port, want) => {
    const smtpCredentials = bareSource("keybuzz-smtp");
    const resources = await record({ smtp: { ...SUBMISSION, port }, smtpCredentials });
    expect(env(resources)).toMatchObject({ SMTP_MODE: "submission", SMTP_HOST: "mail.keybuzz.io", ...want });
    expect(container(resources).envFrom).toContainEqual({ secretRef: { name: "keybuzz-smtp" } });
    expect(resourceOf(resources, "keybuzz:kubernetes:OutboundWorker").inputs).toMatchObject({
      smtpCredentials: "keybuzz-smtp",
    });
  });

  test("without a fallback there is none", async () => {
    expect(env(await record({ fallback: { provider: "none", enabled: false } }))).toMatchObject({
      MAIL_FALLBACK: "none",
      MAIL_FALLBACK_ENABLED: "false",
    });
  });

  test("SMTP can be made to fail outside production, and the variable is absent otherwise", async () => {
    const { forceFail: _, ...unset } = RELAY;
    expect(env(await record({ smtp: { ...RELAY, forceFail: true } }))).toMatchObject({
      SMTP_FORCE_FAIL: "true",
    });
    for (const smtp of [unset, { ...RELAY, forceFail: false }]) {
      expect(env(await record({ smtp }))).not.toHaveProperty("SMTP_FORCE_FAIL");
    }
  });
});

describe("mistakes", () => {
  const refused = (more: Partial<OutboundWorkerArgs>) =>
    refusedProperties(() => new OutboundWorker("worker", args(more)));
  const elsewhere = { namespace: "keybuzz-client-dev" };
  const cases: [string, Partial<OutboundWorkerArgs>, string[]][] = [
    [
      "a forced failure in production",
      { environment: PROD, smtp: { ...RELAY, forceFail: true } },
      ["smtp.forceFail"],
    ],
    ["submission without a login", { smtp: SUBMISSION }, ["smtpCredentials"]],
    ["a relay with a login", { smtpCredentials: bareSource("keybuzz-smtp") }, ["smtpCredentials"]],
    ["a way that nobody knows", { smtp: { ...RELAY, mode: "direct" as "relay" } }, ["smtp.mode"]],
    [
      "a server that is a URL, and numbers that are none",
      {
        smtp: {
          mode: "relay",
          host: "smtp://10.0.0.160",
          port: 0,
          pool: { maxConnections: 0, maxMessagesPerConnection: 0 },
          rateLimit: { messages: 0, perSeconds: 0 },
          retries: { attempts: 0, initialDelayMs: 0, maxDelayMs: -1 },
        },
      },
      [
        "smtp.host",
        "smtp.port",
        "smtp.pool.maxConnections",
        "smtp.pool.maxMessagesPerConnection",
        "smtp.rateLimit.messages",
        "smtp.rateLimit.perSeconds",
        "smtp.retries.attempts",
        "smtp.retries.initialDelayMs",
        "smtp.retries.maxDelayMs",
      ],
    ],
    [
      "a longest delay below the first one",
      { smtp: { ...RELAY, retries: { attempts: 2, initialDelayMs: 1000, maxDelayMs: 999 } } },
      ["smtp.retries.maxDelayMs"],
    ],
    [
      "a fallback that nobody knows",
      { fallback: { provider: "sendgrid" as "ses", enabled: true } },
      ["fallback.provider"],
    ],
    ["a fallback to nobody", { fallback: { provider: "none", enabled: true } }, ["fallback.enabled"]],
    [
      "sources of another namespace",
      {
        smtp: SUBMISSION,
        database: bareSource("keybuzz-api-postgres", elsewhere),
        ses: bareSource("keybuzz-ses", elsewhere),
        smtpCredentials: bareSource("keybuzz-smtp", elsewhere),
      },
      ["database.namespace", "ses.namespace", "smtpCredentials.namespace"],
    ],
    [
      "one source for two purposes",
      { ses: bareSource("keybuzz-api-postgres") },
      ["database, ses, smtpCredentials"],
    ],
    [
      "settings given past their types",
      { env: { SMTP_HOST: "10.0.0.1", SMTP_FORCE_FAIL: "true", NODE_ENV: "production" } },
      ["env.SMTP_HOST", "env.SMTP_FORCE_FAIL"],
    ],
  ];
  test.each(cases)("%s: refused", (_, more, want) => {
    expect(refused(more)).toEqual(want);
  });

  test("of the worker and of its workload are reported together, and nothing is declared", async () => {
    const more = { environment: PROD, smtp: { ...RELAY, forceFail: true }, command: [], healthPort: 0 };
    const resources = await recordResources(() => {
      expect(() => new OutboundWorker("worker", args(more))).toThrow("OutboundWorker worker has 3 problems:");
    });
    expect(resources).toEqual([]);
    expect(problemsOf(() => new OutboundWorker("worker", args(more)))).toEqual([
      "smtp.forceFail: is true, must be false in production; test the fallback elsewhere",
      "command: is [], must be a program and its arguments; leave it out",
      "health.port: is 0, must be a whole number from 1 to 65535; correct the number",
    ]);
  });
});
