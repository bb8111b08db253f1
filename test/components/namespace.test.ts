/** Proves what stands in a namespace before a workload may start, and that all mistakes are reported. */
import * as k8s from "@pulumi/kubernetes";
import { beforeAll, describe, expect, test } from "vitest";
import { Namespace, type NamespaceArgs } from "../../components/namespace";
import {
  clearStrings,
  type RecordedResource,
  recordProgram,
  recordResources,
  resourceOf,
  resourcesOf,
  UNKNOWN,
  waitsFor,
} from "../support/mocks";
import { DEV, PROD, problemsOf, refusedProperties } from "./kubernetes-fixtures";

const LABELS = { "keybuzz.io/environment": "dev", "app.kubernetes.io/managed-by": "pulumi" };
const PULL_SECRET = { name: "ghcr-cred", dockerConfigJson: '{"auths":{}}' };

function args(more: Partial<NamespaceArgs> = {}): NamespaceArgs {
  return {
    environment: DEV,
    name: "keybuzz-api-dev",
    podSecurity: { warn: "restricted", audit: "restricted" },
    quota: { cpu: "4", memory: "6Gi", pods: 20 },
    network: { egress: [], destinations: {}, privateNetwork: "10.0.0.0/16" },
    ...more,
  };
}

const record = (more: Partial<NamespaceArgs> = {}) => recordResources(() => new Namespace("api", args(more)));

const core = (resources: RecordedResource[], kind: string) =>
  resourceOf(resources, `kubernetes:core/v1:${kind}`).inputs;

describe("a namespace", () => {
  let resources: RecordedResource[];
  beforeAll(async () => {
    resources = await recordResources(() => {
      const provider = new k8s.Provider("cluster", {});
      return new Namespace("api", args({ pullSecret: PULL_SECRET }), { provider });
    });
  });

  test("consists of what is needed and nothing else, by the explicit provider", () => {
    const children = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    const shown = children.map(({ type, name, parent }) => `${type} ${name} in ${parent}`);
    expect(shown.sort()).toEqual([
      "kubernetes:core/v1:LimitRange api-limits in api",
      "kubernetes:core/v1:Namespace api-namespace in api",
      "kubernetes:core/v1:ResourceQuota api-quota in api",
      "kubernetes:core/v1:Secret api-pull-secret in api",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy api-network-allow-dns in api-network",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy api-network-default-deny in api-network",
    ]);
    for (const child of children) expect(child.provider).toBe("cluster");
  });

  test("tells of its environment, and warns of pods that are not restricted", () => {
    expect(core(resources, "Namespace").metadata).toEqual({
      name: "keybuzz-api-dev",
      labels: {
        ...LABELS,
        "pod-security.kubernetes.io/warn": "restricted",
        "pod-security.kubernetes.io/warn-version": "latest",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/audit-version": "latest",
      },
    });
  });

  test("bounds what its pods request and what they may use", () => {
    expect(core(resources, "ResourceQuota")).toMatchObject({
      metadata: { name: "quota", namespace: "keybuzz-api-dev", labels: LABELS },
      spec: {
        hard: {
          "requests.cpu": "4",
          "requests.memory": "6Gi",
          "limits.cpu": "4",
          "limits.memory": "6Gi",
          pods: "20",
        },
      },
    });
  });

  test("gives containers defaults, and lets none have more than half of the quota", () => {
    expect(core(resources, "LimitRange")).toMatchObject({
      metadata: { name: "limits", namespace: "keybuzz-api-dev", labels: LABELS },
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: { cpu: "50m", memory: "64Mi" },
            default: { cpu: "250m", memory: "256Mi" },
            max: { cpu: "2", memory: "3Gi" },
          },
        ],
      },
    });
  });

  test("holds the registry's credentials as a secret and nowhere in clear", () => {
    expect(core(resources, "Secret")).toMatchObject({
      metadata: { name: "ghcr-cred", namespace: "keybuzz-api-dev", labels: LABELS },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { secret: { ".dockerconfigjson": PULL_SECRET.dockerConfigJson } },
    });
    const clear = clearStrings(resources.map(({ inputs, outputs }) => [inputs, outputs]));
    expect(clear.map(({ text }) => text).join("\n")).not.toContain("auths");
  });

  test("stands before anything in it", () => {
    const namespace = resourceOf(resources, "kubernetes:core/v1:Namespace");
    const inside = resources.filter(({ custom, name }) => custom && /^api-(?!namespace)/.test(name));
    expect(inside).toHaveLength(5);
    for (const child of inside) expect(waitsFor(resources, child, namespace)).toBe(true);
  });

  test("shows its plain arguments to rules, and registers its outputs", () => {
    const { inputs, outputs } = resourceOf(resources, "keybuzz:kubernetes:Namespace");
    expect(inputs).toMatchObject({
      environment: "dev",
      name: "keybuzz-api-dev",
      quota: { cpu: "4", memory: "6Gi", pods: 20 },
      pullSecret: { name: "ghcr-cred" },
    });
    expect(outputs).toEqual({ name: "keybuzz-api-dev", imagePullSecrets: ["ghcr-cred"] });
  });
});

describe("a handle", () => {
  test("lets a workload wait for everything in the namespace", async () => {
    const { result, resources } = await recordProgram(() => {
      const namespace = new Namespace("api", args({ pullSecret: PULL_SECRET }));
      new k8s.core.v1.ConfigMap("workload", {}, { dependsOn: namespace.ready });
      const { name, imagePullSecrets } = namespace;
      return { name, imagePullSecrets };
    });
    expect(result).toEqual({ name: "keybuzz-api-dev", imagePullSecrets: ["ghcr-cred"] });
    const workload = resourceOf(resources, "kubernetes:core/v1:ConfigMap");
    const inside = resources.filter(({ custom, name }) => custom && name.startsWith("api-"));
    expect(workload.dependencies.toSorted()).toEqual(inside.map(({ urn }) => urn).toSorted());
  });

  test("of an existing namespace declares nothing", async () => {
    const { result, resources } = await recordProgram(() => [
      Namespace.fromName("monitoring"),
      Namespace.fromName("tools", { imagePullSecrets: ["ghcr-cred"] }),
    ]);
    expect(result).toEqual([
      { name: "monitoring", ready: [], imagePullSecrets: [] },
      { name: "tools", ready: [], imagePullSecrets: ["ghcr-cred"] },
    ]);
    expect(resources).toEqual([]);
  });
});

describe("choices", () => {
  test("pod security is enforced where the configuration says so", async () => {
    const podSecurity = { warn: "restricted", audit: "restricted", enforce: "baseline" } as const;
    expect(core(await record({ podSecurity }), "Namespace").metadata).toMatchObject({
      labels: {
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/enforce-version": "latest",
      },
    });
  });

  test("without a pull secret there is none", async () => {
    const resources = await record();
    expect(resourcesOf(resources, "kubernetes:core/v1:Secret")).toEqual([]);
    expect(resourceOf(resources, "keybuzz:kubernetes:Namespace").outputs).toMatchObject({
      imagePullSecrets: [],
    });
  });

  test("a pull secret that a preview cannot know leaves the rest known", async () => {
    const { resources } = await recordProgram(
      () => {
        const unknown = new k8s.core.v1.Secret("elsewhere", {}).id;
        return new Namespace("api", args({ pullSecret: { name: "ghcr-cred", dockerConfigJson: unknown } }));
      },
      { preview: true },
    );
    expect(resourceOf(resources, "kubernetes:core/v1:Secret", "api-pull-secret").inputs).toMatchObject({
      metadata: { name: "ghcr-cred" },
      stringData: UNKNOWN,
    });
  });

  test("a pull secret says which entry in Vault it is taken from, where that is told", async () => {
    const source = { mount: "secret", entryName: "keybuzz/dev/ghcr" };
    const { resources } = await recordProgram(
      () => new Namespace("api", args({ pullSecret: { ...PULL_SECRET, source } })),
    );
    expect(resourceOf(resources, "kubernetes:core/v1:Secret", "api-pull-secret").inputs).toMatchObject({
      metadata: { annotations: { "keybuzz.io/vault-entry": "secret/keybuzz/dev/ghcr" } },
    });
  });

  test("the bounds of a container can be given", async () => {
    const containers = {
      defaultRequests: { cpu: "10m", memory: "32Mi" },
      defaultLimits: { cpu: "100m", memory: "64Mi" },
      max: { cpu: "1", memory: "1Gi" },
    };
    expect(core(await record({ containers }), "LimitRange").spec).toEqual({
      limits: [
        {
          type: "Container",
          defaultRequest: containers.defaultRequests,
          default: containers.defaultLimits,
          max: containers.max,
        },
      ],
    });
  });
});

describe("protection", () => {
  test.each([
    [PROD, true],
    [DEV, false],
  ])("of the namespace, and of nothing else in it, in %j: %s", async (environment, protect) => {
    const resources = await record({ environment });
    const guarded = resources.filter((resource) => resource.options.protect).map(({ type }) => type);
    expect(guarded).toEqual(protect ? ["kubernetes:core/v1:Namespace"] : []);
  });
});

describe("a container that does not say what it needs", () => {
  type Limits = { limits: [{ default: unknown; defaultRequest: unknown; max: unknown }] };
  const limitsOf = async (more: Partial<NamespaceArgs>) =>
    (core(await record(more), "LimitRange").spec as Limits).limits[0];

  test("gets no more than one may have", async () => {
    expect(await limitsOf({ quota: { cpu: "80m", memory: "6Gi", pods: 5 } })).toMatchObject({
      max: { cpu: "40m", memory: "3Gi" },
      default: { cpu: "40m", memory: "256Mi" },
      defaultRequest: { cpu: "40m", memory: "64Mi" },
    });
    const containers = { max: { cpu: "2", memory: "48Mi" } };
    expect(await limitsOf({ containers })).toMatchObject({
      default: { cpu: "250m", memory: "48Mi" },
      defaultRequest: { cpu: "50m", memory: "48Mi" },
    });
  });
});

describe("mistakes", () => {
  const refused = (more: Partial<NamespaceArgs>) => refusedProperties(() => new Namespace("api", args(more)));

  test("are reported together, and nothing is declared", async () => {
    const construct = () =>
      new Namespace(
        "api",
        args({
          name: "KeyBuzz",
          podSecurity: { warn: "strict" as "restricted", audit: undefined as unknown as "restricted" },
          quota: { cpu: "four", memory: "6Gi", pods: 0 },
          pullSecret: { ...PULL_SECRET, name: "GHCR" },
          network: { egress: ["vault"], destinations: {}, privateNetwork: "10.0.0.0/16" },
        }),
      );
    expect(refusedProperties(construct)).toEqual([
      "name",
      "podSecurity.warn",
      "podSecurity.audit",
      "quota.pods",
      "quota.cpu",
      "pullSecret.name",
      "network.destinations.vault",
    ]);
    expect(problemsOf(construct).join("\n")).not.toContain("auths");
    const resources = await recordResources(() => {
      expect(construct).toThrow("Namespace api has 7 problems:");
    });
    expect(resources).toEqual([]);
  });

  test("an enforced level that does not exist is one", () => {
    const podSecurity = { warn: "restricted", audit: "restricted", enforce: "none" as "baseline" } as const;
    expect(refused({ podSecurity })).toEqual(["podSecurity.enforce"]);
  });

  test("defaults above the bounds of a container, and bounds above the quota, are some", () => {
    const containers = {
      defaultRequests: { cpu: "2", memory: "64Mi" },
      defaultLimits: { cpu: "1", memory: "16Gi" },
      max: { cpu: "8", memory: "8Gi" },
    };
    expect(refused({ containers })).toEqual([
      "containers.defaultRequests.cpu",
      "containers.defaultLimits.memory",
      "containers.max.cpu",
      "containers.max.memory",
    ]);
  });

  test("a default request above the default limit that follows is one", () => {
    const bad = { defaultRequests: { cpu: "x", memory: "64Mi" } };
    expect(refused({ containers: bad })).toEqual(["containers.defaultRequests.cpu"]);
    const much = { defaultRequests: { cpu: "300m", memory: "64Mi" } };
    expect(refused({ containers: much })).toEqual(["containers.defaultRequests.cpu"]);
  });
});
