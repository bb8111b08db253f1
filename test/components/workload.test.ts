/** Proves what a workload declares for each of its arguments, and that all mistakes are reported together. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { Workload } from "../../components/workload";
import type { WorkloadArgs } from "../../components/workload-args";
import { type RecordedResource, recordProgram, recordResources, resourceOf } from "../support/mocks";
import {
  bareNamespace,
  bareSource,
  DEV,
  IMAGE,
  NAMESPACE,
  problemsOf,
  RESOURCES,
  refusedProperties,
  standingNamespace,
  standingSource,
  waitedFor,
} from "./kubernetes-fixtures";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVICE_ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const SERVICE = "kubernetes:core/v1:Service";
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const LABELS = {
  "keybuzz.io/environment": "dev",
  "app.kubernetes.io/managed-by": "pulumi",
  "app.kubernetes.io/name": "keybuzz-api",
};
const METADATA = { name: "keybuzz-api", namespace: NAMESPACE, labels: LABELS };
const INGRESS_ARGS = { host: "api-dev.keybuzz.io", className: "nginx", clusterIssuer: "letsencrypt" };

function args(more: Partial<WorkloadArgs> = {}): WorkloadArgs {
  return {
    environment: DEV,
    namespace: bareNamespace(),
    name: "keybuzz-api",
    image: IMAGE,
    replicas: 1,
    port: 3001,
    resources: RESOURCES,
    ...more,
  };
}

const record = (more: Partial<WorkloadArgs> = {}) => recordResources(() => new Workload("api", args(more)));

const ofCluster = (resources: RecordedResource[]) =>
  resources
    .filter(({ parent }) => parent === "api")
    .map(({ type, name }) => `${type} ${name}`)
    .sort();

type PodSpec = { containers: [Record<string, unknown>]; volumes: unknown[] } & Record<string, unknown>;
type DeploymentSpec = Record<string, unknown> & {
  template: { metadata: { labels: unknown; annotations: unknown }; spec: PodSpec };
};

const deployment = (resources: RecordedResource[]) =>
  resourceOf(resources, DEPLOYMENT).inputs.spec as DeploymentSpec;
const pod = (resources: RecordedResource[]) => deployment(resources).template.spec;
const container = (resources: RecordedResource[]) => pod(resources).containers[0];

const probe = (path: string, port: string) => expect.objectContaining({ httpGet: { path, port } });

describe("a workload with everything", () => {
  let resources: RecordedResource[];
  beforeAll(async () => {
    resources = await recordResources(() => {
      const provider = new k8s.Provider("cluster", {});
      const more = { component: "api", replicas: 3, ingress: INGRESS_ARGS };
      return new Workload("api", args(more), { providers: { kubernetes: provider } });
    });
  });

  test("declares five objects, each by the explicit provider", () => {
    expect(ofCluster(resources)).toEqual([
      `${DEPLOYMENT} api-deployment`,
      `${SERVICE} api-service`,
      `${SERVICE_ACCOUNT} api-service-account`,
      `${INGRESS} api-ingress`,
      `${BUDGET} api-disruption-budget`,
    ]);
    for (const child of resources.filter(({ parent }) => parent === "api")) {
      expect(child.provider).toBe("cluster");
    }
  });

  test("names and labels each of them", () => {
    for (const type of [SERVICE_ACCOUNT, DEPLOYMENT, SERVICE, INGRESS, BUDGET]) {
      expect(resourceOf(resources, type).inputs).toMatchObject({ metadata: METADATA });
    }
  });

  test("has a service account of its own that holds no token", () => {
    expect(resourceOf(resources, SERVICE_ACCOUNT).inputs.automountServiceAccountToken).toBe(false);
    expect(pod(resources)).toMatchObject({
      serviceAccountName: "keybuzz-api",
      automountServiceAccountToken: false,
    });
  });

  test("never has fewer pods during a roll-out", () => {
    expect(deployment(resources)).toMatchObject({
      replicas: 3,
      revisionHistoryLimit: 5,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
  });

  test("knows its pods by their name alone, which never changes", () => {
    const selector = { "app.kubernetes.io/name": "keybuzz-api" };
    expect(deployment(resources).selector).toEqual({ matchLabels: selector });
    expect(deployment(resources).template.metadata.labels).toEqual({
      ...LABELS,
      "app.kubernetes.io/component": "api",
    });
    expect(resourceOf(resources, SERVICE).inputs.spec).toMatchObject({ selector });
    expect(resourceOf(resources, BUDGET).inputs.spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: selector },
    });
  });

  test("satisfies the pod security standard restricted, with a root folder that is read-only", () => {
    expect(pod(resources).securityContext).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(container(resources).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    });
    expect(pod(resources).volumes).toEqual([{ name: "writable-tmp", emptyDir: { sizeLimit: "256Mi" } }]);
    expect(container(resources).volumeMounts).toEqual([{ name: "writable-tmp", mountPath: "/tmp" }]);
  });

  test("spreads its pods over the servers", () => {
    expect(pod(resources).topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { "app.kubernetes.io/name": "keybuzz-api" } },
      },
    ]);
  });

  test("runs the image with its resources, and pulls it with the namespace's secret", () => {
    expect(container(resources)).toMatchObject({
      name: "keybuzz-api",
      image: "ghcr.io/keybuzzio/keybuzz-api:v0.4.31-replacement",
      resources: RESOURCES,
      ports: [{ name: "http", containerPort: 3001, protocol: "TCP" }],
      env: [],
      envFrom: [],
    });
    expect(container(resources)).not.toHaveProperty("command");
    expect(pod(resources)).toMatchObject({
      imagePullSecrets: [{ name: "ghcr-cred" }],
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: false,
    });
  });

  test("is checked at /health, and has two minutes to start", () => {
    expect(container(resources)).toMatchObject({
      readinessProbe: probe("/health", "http"),
      livenessProbe: probe("/health", "http"),
      startupProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 5, failureThreshold: 24 },
    });
  });

  test("is served inside the cluster at port 80", () => {
    expect(resourceOf(resources, SERVICE).inputs.spec).toMatchObject({
      type: "ClusterIP",
      ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP" }],
    });
  });

  test("is served to the world under its host, with a certificate named after the first label", () => {
    const backend = { service: { name: "keybuzz-api", port: { name: "http" } } };
    expect(resourceOf(resources, INGRESS).inputs).toMatchObject({
      metadata: { annotations: { "cert-manager.io/cluster-issuer": "letsencrypt" } },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts: ["api-dev.keybuzz.io"], secretName: "api-dev-tls" }],
        rules: [
          { host: "api-dev.keybuzz.io", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } },
        ],
      },
    });
  });

  test("shows names and plain values to rules, and registers its outputs", () => {
    const { inputs, outputs } = resourceOf(resources, "keybuzz:kubernetes:Workload");
    expect(inputs).toMatchObject({
      environment: "dev",
      namespace: NAMESPACE,
      name: "keybuzz-api",
      image: "ghcr.io/keybuzzio/keybuzz-api:v0.4.31-replacement",
      ingress: INGRESS_ARGS,
    });
    expect(outputs).toEqual({
      serviceAccountName: "keybuzz-api",
      serviceHost: "keybuzz-api.keybuzz-api-dev.svc",
      url: "https://api-dev.keybuzz.io",
    });
  });
});

describe("what is not asked for is not declared", () => {
  test("one replica has neither a disruption budget nor anything to spread", async () => {
    const resources = await record();
    expect(ofCluster(resources)).toEqual([
      `${DEPLOYMENT} api-deployment`,
      `${SERVICE} api-service`,
      `${SERVICE_ACCOUNT} api-service-account`,
    ]);
    expect(pod(resources)).not.toHaveProperty("topologySpreadConstraints");
    expect(deployment(resources).template.metadata).toMatchObject({
      labels: { "app.kubernetes.io/component": "keybuzz-api" },
      annotations: {},
    });
  });

  test("a workload without a port has no Service, and is checked on a port of its own", async () => {
    const resources = await record({
      port: undefined,
      health: { port: 8080, path: "/ok", readinessPath: "/ready", startupSeconds: 31 },
    });
    expect(ofCluster(resources)).toEqual([
      `${DEPLOYMENT} api-deployment`,
      `${SERVICE_ACCOUNT} api-service-account`,
    ]);
    expect(container(resources)).toMatchObject({
      ports: [{ name: "health", containerPort: 8080, protocol: "TCP" }],
      readinessProbe: probe("/ready", "health"),
      livenessProbe: probe("/ok", "health"),
      startupProbe: { httpGet: { path: "/ok", port: "health" }, failureThreshold: 7 },
    });
    expect(resourceOf(resources, "keybuzz:kubernetes:Workload").outputs).toEqual({
      serviceAccountName: "keybuzz-api",
    });
  });

  test("a workload can be stopped", async () => {
    expect(deployment(await record({ replicas: 0 })).replicas).toBe(0);
  });
});

describe("choices", () => {
  test("health may be told on a second port, and the liveness path is the one for starting", async () => {
    const both = container(await record({ health: { port: 9000, livenessPath: "/live" } }));
    expect(both).toMatchObject({
      ports: [
        { name: "http", containerPort: 3001 },
        { name: "health", containerPort: 9000 },
      ],
      readinessProbe: probe("/health", "health"),
      livenessProbe: probe("/live", "health"),
      startupProbe: probe("/live", "health"),
    });
    const same = container(await record({ health: { port: 3001 } }));
    expect(same).toMatchObject({
      ports: [{ name: "http", containerPort: 3001 }],
      readinessProbe: probe("/health", "http"),
    });
  });

  test("a digest fixes the image", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    expect(container(await record({ image: { ...IMAGE, digest } })).image).toBe(
      `ghcr.io/keybuzzio/keybuzz-api:v0.4.31-replacement@${digest}`,
    );
  });

  test("command, user, periods and folders are taken over", async () => {
    const resources = await record({
      command: ["node", "dist/server.js"],
      user: 65532,
      strategy: "Recreate",
      terminationGracePeriodSeconds: 90,
      revisionHistoryLimit: 2,
      servicePort: 8000,
      writableFolders: ["/tmp", "/app/.next/cache"],
      writableFolderSize: "1Gi",
      annotations: { "keybuzz.io/note": "yes" },
    });
    expect(deployment(resources)).toMatchObject({ strategy: { type: "Recreate" }, revisionHistoryLimit: 2 });
    expect(deployment(resources).strategy).not.toHaveProperty("rollingUpdate");
    expect(pod(resources)).toMatchObject({
      terminationGracePeriodSeconds: 90,
      securityContext: { runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 },
      volumes: [
        { name: "writable-tmp", emptyDir: { sizeLimit: "1Gi" } },
        { name: "writable-app-next-cache", emptyDir: { sizeLimit: "1Gi" } },
      ],
    });
    expect(container(resources)).toMatchObject({
      command: ["node", "dist/server.js"],
      volumeMounts: [
        { name: "writable-tmp", mountPath: "/tmp" },
        { name: "writable-app-next-cache", mountPath: "/app/.next/cache" },
      ],
    });
    expect(resourceOf(resources, SERVICE).inputs.spec).toMatchObject({ ports: [{ port: 8000 }] });
    expect(resourceOf(resources, DEPLOYMENT).inputs.metadata).toMatchObject({
      annotations: { "keybuzz.io/note": "yes" },
    });
    expect(deployment(resources).template.metadata.annotations).toEqual({ "keybuzz.io/note": "yes" });
  });

  test("plain values come in a fixed order, whatever the order of writing", async () => {
    expect(container(await record({ env: { PORT: "3001", NODE_ENV: "production" } })).env).toEqual([
      { name: "NODE_ENV", value: "production" },
      { name: "PORT", value: "3001" },
    ]);
  });

  test("sources are taken in order, and their checksums roll the pods", async () => {
    const resources = await recordResources(() => {
      const { secretName: _, ...configMapOnly } = standingSource("settings");
      const { configMapName: __, ...secretOnly } = standingSource("keybuzz-stripe");
      const environmentFrom = [standingSource("keybuzz-api-postgres"), configMapOnly, secretOnly];
      return new Workload("api", args({ environmentFrom, annotations: { "keybuzz.io/note": "yes" } }));
    });
    expect(container(resources).envFrom).toEqual([
      { configMapRef: { name: "keybuzz-api-postgres" } },
      { secretRef: { name: "keybuzz-api-postgres" } },
      { configMapRef: { name: "settings" } },
      { secretRef: { name: "keybuzz-stripe" } },
    ]);
    expect(deployment(resources).template.metadata.annotations).toEqual({
      "keybuzz.io/note": "yes",
      "keybuzz.io/checksum-keybuzz-api-postgres": "checksum of keybuzz-api-postgres",
      "keybuzz.io/checksum-settings": "checksum of settings",
      "keybuzz.io/checksum-keybuzz-stripe": "checksum of keybuzz-stripe",
    });
    expect(resourceOf(resources, "keybuzz:kubernetes:Workload").inputs.environmentFrom).toEqual([
      { secretName: "keybuzz-api-postgres", configMapName: "keybuzz-api-postgres" },
      { configMapName: "settings" },
      { secretName: "keybuzz-stripe" },
    ]);
  });
});

describe("order", () => {
  test("pods start after namespace, service account, sources and whatever else was named", async () => {
    const resources = await recordResources(() => {
      const more = {
        namespace: standingNamespace(),
        environmentFrom: [standingSource("keybuzz-api-postgres")],
        waitFor: [new k8s.core.v1.ConfigMap("vault-role", {})],
        replicas: 2,
        ingress: INGRESS_ARGS,
      };
      return new Workload("api", args(more));
    });
    const all = ["namespace", "api-service-account", "keybuzz-api-postgres", "vault-role"];
    expect(waitedFor(resources, DEPLOYMENT, all)).toEqual(all);
    for (const type of [SERVICE_ACCOUNT, SERVICE, INGRESS, BUDGET]) {
      expect(waitedFor(resources, type, all)).toEqual(["namespace"]);
    }
  });

  test("a checksum that a preview cannot know leaves the rest of the Deployment known", async () => {
    const { resources } = await recordProgram(
      () => {
        const checksum = pulumi.secret(new k8s.core.v1.ConfigMap("other", {}).id);
        return new Workload("api", args({ environmentFrom: [bareSource("keybuzz-ses", { checksum })] }));
      },
      { preview: true },
    );
    expect(container(resources).envFrom).toHaveLength(2);
    expect(deployment(resources).template.metadata.annotations).toEqual({
      "keybuzz.io/checksum-keybuzz-ses": expect.anything(),
    });
  });
});

describe("mistakes", () => {
  const refused = (more: Partial<WorkloadArgs>) => refusedProperties(() => new Workload("api", args(more)));
  const long = "a".repeat(55);
  const cases: [string, Partial<WorkloadArgs>, string[]][] = [
    ["names that Kubernetes refuses", { name: "API", component: "The API" }, ["name", "component"]],
    [
      "an image that no registry takes",
      { image: { repository: "https://ghcr.io", name: "", tag: "a b", digest: "md5:1" } },
      ["image.repository", "image.name", "image.tag", "image.digest"],
    ],
    ["an image without a tag", { image: { ...IMAGE, tag: undefined as unknown as string } }, ["image.tag"]],
    ["a command without a program", { command: [] }, ["command"]],
    ["half a replica", { replicas: 0.5 }, ["replicas"]],
    [
      "ports that do not exist",
      { port: 0, servicePort: 65536, health: { port: -1 } },
      ["port", "servicePort", "health.port"],
    ],
    [
      "a host and a Service without a port behind them",
      { port: undefined, servicePort: 80, ingress: INGRESS_ARGS, health: { port: 8080 } },
      ["port"],
    ],
    [
      "an ingress of a URL, by no class and no issuer",
      { ingress: { host: "https://api.keybuzz.io/", className: "", clusterIssuer: "" } },
      ["ingress.host", "ingress.className", "ingress.clusterIssuer"],
    ],
    [
      "health at relative paths, within no time",
      { health: { path: "health", readinessPath: "", livenessPath: "x", startupSeconds: 0 } },
      ["health.path", "health.readinessPath", "health.livenessPath", "health.startupSeconds"],
    ],
    ["nowhere to ask for health", { port: undefined }, ["health.port"]],
    [
      "resources that are none, or requests above limits",
      { resources: { requests: { cpu: "2", memory: "x" }, limits: { cpu: "1", memory: "512Mi" } } },
      ["resources.requests.memory", "resources.requests.cpu"],
    ],
    [
      "variables that no program can read",
      { env: { "A-B": "1", "1A": "1", OK: "1" } },
      ["env.A-B", "env.1A"],
    ],
    [
      "sources of another namespace, without a name, or with a long one",
      {
        environmentFrom: [
          bareSource("keybuzz-ses", { namespace: "keybuzz-api-prod" }),
          { namespace: NAMESPACE, checksum: pulumi.output(""), resources: [] },
          bareSource(long),
        ],
      },
      ["environmentFrom[0].namespace", "environmentFrom[1]", "environmentFrom[2]"],
    ],
    ["a source given twice", { environmentFrom: [bareSource("a"), bareSource("a")] }, ["environmentFrom"]],
    [
      "folders that are relative, the root, or not the shortest way",
      { writableFolders: ["app", "/", "/app/", "/app/../etc", `/${"a".repeat(70)}`] },
      ["writableFolders"],
    ],
    ["two folders of one name", { writableFolders: ["/app/a", "/app.a"] }, ["writableFolders"]],
    ["folders of no size", { writableFolderSize: "0Mi" }, ["writableFolderSize"]],
    ["root", { user: 0 }, ["user"]],
    [
      "a period that is none",
      { terminationGracePeriodSeconds: -1, revisionHistoryLimit: 0 },
      ["terminationGracePeriodSeconds", "revisionHistoryLimit"],
    ],
  ];
  test.each(cases)("%s: refused", (_, more, want) => {
    expect(refused(more)).toEqual(want);
  });

  test("are reported together, and nothing is declared", async () => {
    const resources = await recordResources(() => {
      const construct = () => new Workload("api", args({ name: "API", replicas: -1, user: 0 }));
      expect(construct).toThrow("Workload api has 3 problems:");
    });
    expect(resources).toEqual([]);
  });

  test("show the name of a variable and never its value", () => {
    const lines = problemsOf(() => new Workload("api", args({ env: { "API-KEY": "hunter2" } })));
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  test("name the place of a source and where it should be", () => {
    const environmentFrom = [bareSource("keybuzz-ses", { namespace: "keybuzz-api-prod" })];
    expect(problemsOf(() => new Workload("api", args({ environmentFrom })))).toEqual([
      'environmentFrom[0].namespace: is "keybuzz-api-prod", must be the workload\'s own, keybuzz-api-dev; ' +
        "declare the source there",
    ]);
  });
});
