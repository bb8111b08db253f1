/** Proves that a namespace's traffic is what was listed and nothing else, and that mistakes are all reported. */
import * as k8s from "@pulumi/kubernetes";
import { beforeAll, describe, expect, test } from "vitest";
import { NetworkPolicies, type NetworkPoliciesArgs } from "../../components/network-policies";
import { type RecordedResource, recordResources, resourceOf, resourcesOf, waitsFor } from "../support/mocks";
import { DEV, NAMESPACE, problemsOf, refusedProperties } from "./kubernetes-fixtures";

const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";

function args(more: Partial<NetworkPoliciesArgs> = {}): NetworkPoliciesArgs {
  return {
    environment: DEV,
    namespace: NAMESPACE,
    waitFor: [],
    egress: [],
    destinations: {
      postgres: { host: "10.0.0.10", writePort: 5432, readPort: 5433 },
      vault: { host: "10.0.0.150", port: 8200 },
      relay: { host: "10.0.0.160", port: 25 },
    },
    privateNetwork: "10.0.0.0/16",
    ...more,
  };
}

const record = (more: Partial<NetworkPoliciesArgs>) =>
  recordResources(() => new NetworkPolicies("api-network", args(more)));

const policies = (resources: RecordedResource[]) =>
  resourcesOf(resources, POLICY)
    .map(({ name }) => name.replace("api-network-", ""))
    .sort();

const spec = (resources: RecordedResource[], name: string) =>
  resourceOf(resources, POLICY, `api-network-${name}`).inputs.spec;

const out = (to: unknown, ...ports: number[]) => ({
  podSelector: {},
  policyTypes: ["Egress"],
  egress: [{ to: [to], ports: ports.map((port) => ({ protocol: "TCP", port })) }],
});

describe("by default", () => {
  let resources: RecordedResource[];
  beforeAll(async () => {
    resources = await record({});
  });

  test("only name resolution is allowed", () => {
    expect(policies(resources)).toEqual(["allow-dns", "default-deny"]);
  });

  test("both directions are denied for every pod", () => {
    expect(spec(resources, "default-deny")).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });

  test("names are resolved by kube-system alone, over UDP and TCP", () => {
    const kubeSystem = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
    };
    const ports = [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ];
    expect(spec(resources, "allow-dns")).toEqual({
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [kubeSystem], ports }],
    });
  });

  test("a policy has an explicit name, the environment's labels and its purpose", () => {
    expect(resourceOf(resources, POLICY, "api-network-allow-dns")).toMatchObject({
      parent: "api-network",
      inputs: {
        metadata: {
          name: "allow-dns",
          namespace: NAMESPACE,
          labels: { "keybuzz.io/environment": "dev", "app.kubernetes.io/managed-by": "pulumi" },
          annotations: { "keybuzz.io/purpose": "name resolution" },
        },
      },
    });
  });

  test("rules see the arguments on the component", () => {
    const { inputs, outputs } = resourceOf(resources, "keybuzz:kubernetes:NetworkPolicies");
    expect(inputs).toMatchObject({ environment: "dev", namespace: NAMESPACE, egress: [] });
    expect(inputs).not.toHaveProperty("waitFor");
    expect(outputs).toEqual({ namespace: NAMESPACE });
  });
});

describe("inwards", () => {
  test("the ingress controller reaches the pods' ports, and certificate challenges", async () => {
    const resources = await record({
      ingress: { controllerNamespace: "ingress-nginx", ports: [3001, 3001] },
    });
    const controller = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } },
    };
    expect(policies(resources)).toEqual([
      "allow-acme-challenges",
      "allow-dns",
      "allow-ingress-controller",
      "default-deny",
    ]);
    expect(spec(resources, "allow-ingress-controller")).toEqual({
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [controller], ports: [{ protocol: "TCP", port: 3001 }] }],
    });
    expect(spec(resources, "allow-acme-challenges")).toEqual({
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [controller], ports: [{ protocol: "TCP", port: 8089 }] }],
    });
  });

  test("a peer must bear the name and belong to the same environment", async () => {
    const resources = await record({ allowFrom: [{ namespace: "keybuzz-client-dev", ports: [3001] }] });
    const matchLabels = {
      "kubernetes.io/metadata.name": "keybuzz-client-dev",
      "keybuzz.io/environment": "dev",
    };
    expect(spec(resources, "allow-from-keybuzz-client-dev")).toEqual({
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ namespaceSelector: { matchLabels } }], ports: [{ protocol: "TCP", port: 3001 }] }],
    });
  });
});

describe("outwards", () => {
  test("each listed service is reached at its address and ports", async () => {
    const resources = await record({ egress: ["postgres", "vault", "relay"] });
    expect(policies(resources)).toEqual([
      "allow-dns",
      "allow-postgres",
      "allow-relay",
      "allow-vault",
      "default-deny",
    ]);
    expect(spec(resources, "allow-postgres")).toEqual(out({ ipBlock: { cidr: "10.0.0.10/32" } }, 5432, 5433));
    expect(spec(resources, "allow-vault")).toEqual(out({ ipBlock: { cidr: "10.0.0.150/32" } }, 8200));
    expect(spec(resources, "allow-relay")).toEqual(out({ ipBlock: { cidr: "10.0.0.160/32" } }, 25));
  });

  test.each([
    ["10.0.0.0/16", ["10.0.0.0/16", "10.0.0.0/8"]],
    ["10.0.0.0/8", ["10.0.0.0/8"]],
  ])("HTTPS leaves out %s and every other private network", async (privateNetwork, first) => {
    const resources = await record({ egress: ["https"], privateNetwork });
    const except = [...first, "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];
    expect(spec(resources, "allow-https")).toEqual(out({ ipBlock: { cidr: "0.0.0.0/0", except } }, 443));
  });

  test("a peer is called by name and environment", async () => {
    const resources = await record({ allowTo: [{ namespace: "keybuzz-api-dev", ports: [3001] }] });
    const matchLabels = {
      "kubernetes.io/metadata.name": "keybuzz-api-dev",
      "keybuzz.io/environment": "dev",
    };
    expect(spec(resources, "allow-to-keybuzz-api-dev")).toEqual(
      out({ namespaceSelector: { matchLabels } }, 3001),
    );
  });

  test("what the configuration adds is named after its purpose", async () => {
    const extraEgress = [{ description: "(Metrics) gateway!", cidr: "10.0.0.170/32", ports: [9091, 9092] }];
    const resources = await record({ extraEgress });
    const { inputs } = resourceOf(resources, POLICY, "api-network-allow-extra-metrics-gateway");
    expect(inputs).toMatchObject({
      metadata: { annotations: { "keybuzz.io/purpose": "(Metrics) gateway!" } },
      spec: out({ ipBlock: { cidr: "10.0.0.170/32" } }, 9091, 9092),
    });
  });
});

test("the policies wait for their namespace", async () => {
  const resources = await recordResources(() => {
    const namespace = new k8s.core.v1.Namespace("namespace", {});
    return new NetworkPolicies("api-network", args({ waitFor: [namespace] }));
  });
  const namespace = resourceOf(resources, "kubernetes:core/v1:Namespace");
  for (const policy of resourcesOf(resources, POLICY)) {
    expect(waitsFor(resources, policy, namespace)).toBe(true);
  }
});

describe("mistakes", () => {
  const refused = (more: Partial<NetworkPoliciesArgs>) =>
    refusedProperties(() => new NetworkPolicies("api-network", args(more)));
  const peers = [
    { namespace: "Other", ports: [] },
    { namespace: "same", ports: [1] },
    { namespace: "same", ports: [0] },
  ];
  const cases: [string, Partial<NetworkPoliciesArgs>, string[]][] = [
    [
      "an ingress controller without a name or ports",
      { ingress: { controllerNamespace: "", ports: [] } },
      ["ingress.controllerNamespace", "ingress.ports"],
    ],
    [
      "peers without a name, without a port, or named twice",
      { allowFrom: peers, allowTo: peers },
      ["allowFrom", "allowTo"].flatMap((side) => [
        `${side}[0].namespace`,
        `${side}[0].ports`,
        `${side}[2].ports[0]`,
        side,
      ]),
    ],
    ["a private network that is none", { privateNetwork: "10.0.0.0" }, ["privateNetwork"]],
    ["a service that nobody knows", { egress: ["redis" as "vault"] }, ["egress[0]"]],
    [
      "services of which it is not said where they listen",
      { egress: ["postgres", "vault", "relay", "https"], destinations: {} },
      ["destinations.postgres", "destinations.vault", "destinations.relay"],
    ],
    [
      "destinations by name or without a port",
      {
        destinations: {
          postgres: { host: "postgres", writePort: 0, readPort: 5433 },
          relay: { host: "mail.keybuzz.io", port: 70000 },
        },
      },
      [
        "destinations.postgres.host",
        "destinations.postgres.writePort",
        "destinations.relay.host",
        "destinations.relay.port",
      ],
    ],
    [
      "additions without purpose, range or ports, and two of one name",
      {
        extraEgress: [
          { description: "!", cidr: "everywhere", ports: [] },
          { description: "x".repeat(61), cidr: "10.0.0.1/32", ports: [1] },
          { description: "one", cidr: "10.0.0.1/32", ports: [1] },
          { description: "One!", cidr: "10.0.0.1/32", ports: [1] },
        ],
      },
      [
        "extraEgress[0].description",
        "extraEgress[0].cidr",
        "extraEgress[0].ports",
        "extraEgress[1].description",
        "extraEgress",
      ],
    ],
  ];
  test.each(cases)("%s are refused", (_, more, want) => {
    expect(refused(more)).toEqual(want);
  });

  test("a host name is answered with what to give instead", () => {
    const destinations = { relay: { host: "mail.keybuzz.io", port: 587 } };
    expect(problemsOf(() => new NetworkPolicies("api-network", args({ destinations })))).toEqual([
      'destinations.relay.host: is "mail.keybuzz.io", must be an IPv4 address; ' +
        "give the address: a network policy knows no names",
    ]);
  });
});
