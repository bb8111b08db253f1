/** Proves that the client serves its own environment's addresses, from an image that was built for it. */
import * as k8s from "@pulumi/kubernetes";
import { beforeAll, describe, expect, test } from "vitest";
import { Client, type ClientArgs } from "../../components/client";
import { type RecordedResource, recordResources, resourceOf } from "../support/mocks";
import {
  bareNamespace,
  bareSource,
  DEV,
  NAMESPACE,
  problemsOf,
  RESOURCES,
  refusedProperties,
  standingNamespace,
  standingSource,
  waitedFor,
} from "./kubernetes-fixtures";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const IMAGE = {
  repository: "ghcr.io/keybuzzio",
  name: "keybuzz-client",
  tag: "v0.5.33-replacement",
  buildScope: "environment",
};

function args(more: Partial<ClientArgs> = {}): ClientArgs {
  return {
    environment: DEV,
    namespace: bareNamespace(),
    image: IMAGE,
    replicas: 1,
    ingress: { host: "client-dev.keybuzz.io", className: "nginx", clusterIssuer: "letsencrypt" },
    backendHost: "backend-dev.keybuzz.io",
    auth: bareSource("keybuzz-client-auth"),
    resources: RESOURCES,
    ...more,
  };
}

const record = (more: Partial<ClientArgs> = {}) => recordResources(() => new Client("client", args(more)));

type Deployment = {
  metadata: Record<string, unknown>;
  spec: {
    template: {
      metadata: { annotations: unknown };
      spec: { containers: [Record<string, unknown>]; volumes: unknown[] };
    };
  };
};
const deployment = (resources: RecordedResource[]) =>
  resourceOf(resources, DEPLOYMENT).inputs as unknown as Deployment;
const container = (resources: RecordedResource[]) => deployment(resources).spec.template.spec.containers[0];

describe("the client", () => {
  let resources: RecordedResource[];
  beforeAll(async () => {
    resources = await recordResources(() => {
      const provider = new k8s.Provider("cluster", {});
      const more = {
        namespace: standingNamespace(),
        auth: standingSource("keybuzz-client-auth"),
        waitFor: [new k8s.core.v1.ConfigMap("vault-role", {})],
        replicas: 2,
      };
      return new Client("client", args(more), { provider });
    });
  });

  test("is a workload with a host and a disruption budget", () => {
    const children = resources.filter(({ parent }) => parent?.startsWith("client"));
    expect(children.map(({ type, name, parent }) => `${type} ${name} in ${parent}`).sort()).toEqual([
      "keybuzz:kubernetes:Workload client-workload in client",
      "kubernetes:apps/v1:Deployment client-workload-deployment in client-workload",
      "kubernetes:core/v1:Service client-workload-service in client-workload",
      "kubernetes:core/v1:ServiceAccount client-workload-service-account in client-workload",
      "kubernetes:networking.k8s.io/v1:Ingress client-workload-ingress in client-workload",
      "kubernetes:policy/v1:PodDisruptionBudget client-workload-disruption-budget in client-workload",
    ]);
    expect(resourceOf(resources, DEPLOYMENT).provider).toBe("cluster");
    expect(resourceOf(resources, "kubernetes:networking.k8s.io/v1:Ingress").inputs.spec).toMatchObject({
      tls: [{ hosts: ["client-dev.keybuzz.io"], secretName: "client-dev-tls" }],
    });
  });

  test("knows its own address and its backend's, and takes its credentials from the Secret", () => {
    expect(container(resources)).toMatchObject({
      name: "keybuzz-client",
      image: "ghcr.io/keybuzzio/keybuzz-client:v0.5.33-replacement",
      ports: [{ name: "http", containerPort: 3000 }],
      env: [
        { name: "NEXTAUTH_URL", value: "https://client-dev.keybuzz.io" },
        { name: "NEXT_PUBLIC_BACKEND_URL", value: "https://backend-dev.keybuzz.io" },
      ],
      envFrom: [
        { configMapRef: { name: "keybuzz-client-auth" } },
        { secretRef: { name: "keybuzz-client-auth" } },
      ],
      readinessProbe: { httpGet: { path: "/", port: "http" } },
    });
    expect(Client.port).toBe(3000);
  });

  test("is marked as built for one environment", () => {
    const mark = { "keybuzz.io/build-scope": "environment" };
    expect(deployment(resources).metadata).toMatchObject({ annotations: mark });
    expect(deployment(resources).spec.template.metadata).toMatchObject({ annotations: mark });
  });

  test("may write to Next.js' cache and to /tmp", () => {
    expect(container(resources).volumeMounts).toEqual([
      { name: "writable-tmp", mountPath: "/tmp" },
      { name: "writable-app-next-cache", mountPath: "/app/.next/cache" },
    ]);
  });

  test("starts after namespace, credentials and whatever else was named", () => {
    const all = ["namespace", "keybuzz-client-auth", "vault-role"];
    expect(waitedFor(resources, DEPLOYMENT, all)).toEqual(all);
  });

  test("shows its addresses to rules, and registers its outputs", () => {
    const { inputs, outputs } = resourceOf(resources, "keybuzz:kubernetes:Client");
    expect(inputs).toEqual({
      environment: "dev",
      namespace: NAMESPACE,
      url: "https://client-dev.keybuzz.io",
      backendUrl: "https://backend-dev.keybuzz.io",
      buildScope: "environment",
      auth: "keybuzz-client-auth",
    });
    expect(outputs).toEqual({
      url: "https://client-dev.keybuzz.io",
      serviceAccountName: "keybuzz-client",
    });
  });
});

test("a name, a health path and plain values are taken over", async () => {
  const resources = await record({ name: "front", healthPath: "/api/ok", env: { NODE_ENV: "production" } });
  expect(deployment(resources).metadata).toMatchObject({ name: "front" });
  expect(container(resources)).toMatchObject({
    env: expect.arrayContaining([{ name: "NODE_ENV", value: "production" }]),
    livenessProbe: { httpGet: { path: "/api/ok", port: "http" } },
  });
});

describe("mistakes", () => {
  const refused = (more: Partial<ClientArgs>) => refusedProperties(() => new Client("client", args(more)));
  const { buildScope: _, ...unmarked } = IMAGE;
  const cases: [string, Partial<ClientArgs>, string[]][] = [
    ["an image for every environment", { image: { ...IMAGE, buildScope: "any" } }, ["image.buildScope"]],
    ["an image of which nobody says for whom", { image: unmarked }, ["image.buildScope"]],
    ["a backend that is a URL", { backendHost: "https://backend.keybuzz.io" }, ["backendHost"]],
    [
      "credentials of another namespace",
      { auth: bareSource("keybuzz-client-auth", { namespace: "keybuzz-client-prod" }) },
      ["auth.namespace"],
    ],
    [
      "addresses given past their hosts",
      { env: { NEXTAUTH_URL: "https://x", NEXT_PUBLIC_BACKEND_URL: "https://y" } },
      ["env.NEXTAUTH_URL", "env.NEXT_PUBLIC_BACKEND_URL"],
    ],
  ];
  test.each(cases)("%s: refused", (_name, more, want) => {
    expect(refused(more)).toEqual(want);
  });

  test("of the client and of its workload are reported together, and nothing is declared", async () => {
    const construct = () =>
      new Client("client", args({ image: { ...unmarked, tag: "" }, replicas: -1, healthPath: "up" }));
    const resources = await recordResources(() => {
      expect(construct).toThrow("Client client has 4 problems:");
    });
    expect(resources).toEqual([]);
    expect(problemsOf(construct)[0]).toBe(
      'image.buildScope: is not given, must be "environment"; ' +
        "build the image with this environment's addresses, and say so",
    );
  });
});
