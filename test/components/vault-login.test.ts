/** Proves that pods which get a token for Vault are told how to use it, and by what to know the server. */
import { describe, expect, test } from "vitest";
import { Client } from "../../components/client";
import { OutboundWorker } from "../../components/outbound-worker";
import type { VaultLoginArgs } from "../../components/vault-login";
import { Workload } from "../../components/workload";
import type { WorkloadArgs } from "../../components/workload-args";
import { type RecordedResource, recordResources, resourceOf, resourcesOf } from "../support/mocks";
import {
  bareNamespace,
  bareSource,
  CERTIFICATE,
  DEV,
  IMAGE,
  NAMESPACE,
  problemsOf,
  RESOURCES,
  refusedProperties,
  standingNamespace,
  waitedFor,
} from "./kubernetes-fixtures";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const LOGIN: VaultLoginArgs = {
  address: "https://10.0.0.150:8200",
  authPath: "kubernetes",
  role: "keybuzz-dev-api",
};
const TOLD = [
  { name: "VAULT_ADDR", value: "https://10.0.0.150:8200" },
  { name: "VAULT_AUTH_PATH", value: "kubernetes" },
  { name: "VAULT_AUTH_ROLE", value: "keybuzz-dev-api" },
  { name: "VAULT_AUTH_TOKEN_FILE", value: "/var/run/secrets/vault/token" },
];
const CA_TOLD = { name: "VAULT_CACERT", value: "/var/run/secrets/vault/ca.crt" };

const common = { environment: DEV, image: IMAGE, resources: RESOURCES };

function workload(more: Partial<WorkloadArgs>): Workload {
  const args = { ...common, namespace: bareNamespace(), name: "keybuzz-api", replicas: 1, port: 3001 };
  return new Workload("api", { ...args, ...more });
}

const record = (vault?: VaultLoginArgs, more: Partial<WorkloadArgs> = {}) =>
  recordResources(() => workload({ vault, ...more }));

type Template = {
  metadata: { annotations: Record<string, string> };
  spec: { containers: [{ env: unknown[]; volumeMounts: unknown[] }]; volumes: unknown[] };
};
const template = (resources: RecordedResource[]) =>
  (resourceOf(resources, DEPLOYMENT).inputs.spec as { template: Template }).template;
const container = (resources: RecordedResource[]) => template(resources).spec.containers[0];

describe("a workload with a login", () => {
  test.each([
    [{}, "vault", 3600, "/var/run/secrets/vault"],
    [{ audience: "v", path: "/vault", expirationSeconds: 600 }, "v", 600, "/vault"],
  ])("has a token for Vault alone, by %j", async (more, audience, expirationSeconds, folder) => {
    const resources = await record({ ...LOGIN, ...more });
    const serviceAccountToken = { audience, expirationSeconds, path: "token" };
    expect(template(resources).spec).toMatchObject({ automountServiceAccountToken: false });
    expect(template(resources).spec.volumes[1]).toEqual({
      name: "vault-login",
      projected: { sources: [{ serviceAccountToken }] },
    });
    const mount = { name: "vault-login", mountPath: folder, readOnly: true };
    expect(container(resources).volumeMounts).toContainEqual(mount);
    expect(container(resources).env).toContainEqual({
      name: "VAULT_AUTH_TOKEN_FILE",
      value: `${folder}/token`,
    });
  });

  test("is told address, auth path, role and token file beside its own values, sorted", async () => {
    const resources = await record(LOGIN, { env: { ZONE: "a", NODE_ENV: "production" } });
    const own = { name: "NODE_ENV", value: "production" };
    expect(container(resources).env).toEqual([own, ...TOLD, { name: "ZONE", value: "a" }]);
    expect(resourcesOf(resources, CONFIG_MAP)).toEqual([]);
    expect(template(resources).metadata.annotations).toEqual({});
  });

  test("knows the server by the CA, which stands beside the token and waits for the namespace", async () => {
    const resources = await recordResources(() =>
      workload({ namespace: standingNamespace(), vault: { ...LOGIN, caCertificate: CERTIFICATE } }),
    );
    expect(container(resources).env).toEqual([...TOLD, CA_TOLD]);
    const configMap = resourceOf(resources, CONFIG_MAP);
    expect(configMap).toMatchObject({ name: "api-vault-ca", parent: "api" });
    expect(configMap.inputs).toMatchObject({
      metadata: {
        name: "keybuzz-api-vault-ca",
        namespace: NAMESPACE,
        labels: { "keybuzz.io/environment": "dev", "app.kubernetes.io/name": "keybuzz-api" },
      },
      data: { "ca.crt": CERTIFICATE },
    });
    expect(template(resources).spec.volumes[1]).toEqual({
      name: "vault-login",
      projected: {
        sources: [
          { serviceAccountToken: { audience: "vault", expirationSeconds: 3600, path: "token" } },
          { configMap: { name: "keybuzz-api-vault-ca", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        ],
      },
    });
    expect(waitedFor(resources, DEPLOYMENT, ["api-vault-ca"])).toEqual(["api-vault-ca"]);
    expect(waitedFor(resources, CONFIG_MAP, ["namespace"])).toEqual(["namespace"]);
  });

  test("starts anew when the CA changes", async () => {
    const mark = async (caCertificate: string) =>
      template(await record({ ...LOGIN, caCertificate })).metadata.annotations[
        "keybuzz.io/vault-ca-checksum"
      ];
    expect(await mark(CERTIFICATE)).toMatch(/^[0-9a-f]{64}$/);
    expect(await mark(CERTIFICATE)).toBe(await mark(CERTIFICATE));
    expect(await mark(CERTIFICATE)).not.toBe(await mark(CERTIFICATE + CERTIFICATE));
  });
});

test("a workload without a login holds no token and is told nothing", async () => {
  const resources = await record();
  expect(JSON.stringify(resources.map(({ inputs }) => inputs))).not.toMatch(/VAULT|serviceAccountToken/);
});

describe("what is made of a workload", () => {
  const made: [string, (vault?: VaultLoginArgs, env?: Record<string, string>) => unknown][] = [
    [
      "the worker",
      (vault, env) =>
        new OutboundWorker("it", {
          ...common,
          namespace: bareNamespace(),
          command: ["node"],
          database: bareSource("keybuzz-api-postgres"),
          ses: bareSource("keybuzz-ses"),
          smtp: {
            mode: "relay",
            host: "10.0.0.160",
            port: 25,
            pool: { maxConnections: 1, maxMessagesPerConnection: 1 },
            rateLimit: { messages: 1, perSeconds: 1 },
            retries: { attempts: 1, initialDelayMs: 1, maxDelayMs: 1 },
          },
          fallback: { provider: "ses", enabled: false },
          vault,
          env,
        }),
    ],
    [
      "the client",
      (vault, env) =>
        new Client("it", {
          ...common,
          namespace: bareNamespace(),
          image: { ...IMAGE, buildScope: "environment" },
          replicas: 1,
          ingress: { host: "client-dev.keybuzz.io", className: "nginx", clusterIssuer: "letsencrypt" },
          backendHost: "backend-dev.keybuzz.io",
          auth: bareSource("keybuzz-client-auth"),
          vault,
          env,
        }),
    ],
  ];

  test.each(made)("%s passes the login on", async (_name, make) => {
    const resources = await recordResources(() => make({ ...LOGIN, caCertificate: CERTIFICATE }));
    expect(container(resources).env).toEqual(expect.arrayContaining([...TOLD, CA_TOLD]));
    expect(resourcesOf(resources, CONFIG_MAP)).toHaveLength(1);
    const without = await recordResources(() => make());
    expect(JSON.stringify(container(without))).not.toContain("VAULT");
  });

  test.each(made)("%s refuses a variable that the login sets", (_name, make) => {
    expect(refusedProperties(() => make(LOGIN, { VAULT_ADDR: "https://other" }))).toEqual(["env.VAULT_ADDR"]);
  });
});

describe("mistakes", () => {
  const refused = (more: Partial<VaultLoginArgs>) =>
    refusedProperties(() => workload({ vault: { ...LOGIN, ...more } }));
  const KEY = CERTIFICATE.replaceAll("CERTIFICATE", "PRIVATE KEY");
  const cases: [string, Partial<VaultLoginArgs>, string[]][] = [
    ["an address in clear", { address: "http://10.0.0.150:8200" }, ["vault.address"]],
    ["an address with a path", { address: "https://10.0.0.150:8200/v1" }, ["vault.address"]],
    ["an auth path with slashes around", { authPath: "/kubernetes/" }, ["vault.authPath"]],
    ["no role", { role: "" }, ["vault.role"]],
    [
      "a token for nobody, nowhere, for seconds",
      { audience: "", path: "vault", expirationSeconds: 60 },
      ["vault.audience", "vault.path", "vault.expirationSeconds"],
    ],
    ["a private key", { caCertificate: KEY }, ["vault.caCertificate"]],
    ["a private key behind a certificate", { caCertificate: CERTIFICATE + KEY }, ["vault.caCertificate"]],
    ["half a certificate", { caCertificate: CERTIFICATE.slice(0, 40) }, ["vault.caCertificate"]],
  ];
  test.each(cases)("%s: refused", (_name, more, want) => {
    expect(refused(more)).toEqual(want);
  });

  test.each([
    { address: "http://127.0.0.1:8200" },
    { authPath: "clusters/main" },
    { caCertificate: CERTIFICATE + CERTIFICATE },
    { caCertificate: CERTIFICATE.replaceAll("\n", "\r\n") },
  ])("%j passes", async (more) => {
    expect(resourcesOf(await record({ ...LOGIN, ...more }), DEPLOYMENT)).toHaveLength(1);
  });

  test("a key in place of a certificate is not printed", () => {
    const lines = problemsOf(() => workload({ vault: { ...LOGIN, caCertificate: KEY } }));
    expect(lines.join("\n")).not.toContain("MIIBszCC");
  });

  test("variables of the login are refused among a workload's own, with a CA and without, where there is a login", async () => {
    const names = [...TOLD, CA_TOLD].map(({ name }) => name);
    const env = Object.fromEntries(names.map((name) => [name, "x"]));
    expect(refusedProperties(() => workload({ vault: LOGIN, env }))).toEqual(
      names.map((name) => `env.${name}`),
    );
    expect(container(await record(undefined, { env })).env).toHaveLength(5);
  });
});
