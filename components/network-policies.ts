/**
 * The network policies of one namespace: nothing passes in or out but what is listed. In: the ingress
 * controller where a host is served, and named namespaces of the same environment. Out: DNS, the listed
 * services, HTTPS outside every private network, and what the configuration adds.
 *
 * What they cannot do: keep databases apart. The databases of all environments answer at HAProxy's one
 * address, and a policy knows addresses and ports alone. That is done by CONNECT, which only the roles of
 * the same environment hold.
 *
 * They hold only where the cluster's network enforces policies; elsewhere they are accepted and ignored.
 */
import * as networking from "@pulumi/kubernetes/networking/v1";
import type { input as inputs } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { type Environment, environmentLabels } from "./handles";
import { Problems } from "./problems";

/** A service of the estate that pods may be allowed to reach. */
export type EgressTarget = "postgres" | "vault" | "relay" | "https";

/** Where the services of the estate listen. Addresses, since a policy knows no names. */
export interface Destinations {
  /** HAProxy in front of PostgreSQL: writes go to one port, reads to the other. */
  readonly postgres?:
    | { readonly host: string; readonly writePort: number; readonly readPort: number }
    | undefined;
  /** Vault. */
  readonly vault?: { readonly host: string; readonly port: number } | undefined;
  /** Mail relay, or whatever stands for SMTP: port 25 for the relay, 587 for submission. */
  readonly relay?: { readonly host: string; readonly port: number } | undefined;
}

/** A namespace of the same environment, and ports of the pods that listen. */
export interface Peer {
  readonly namespace: string;
  readonly ports: number[];
}

/** Something else that pods may reach. */
export interface ExtraEgress {
  /** What it is for: `metrics gateway`. The policy is named after it, so changing it replaces the policy. */
  readonly description: string;
  /** IPv4 range: `10.0.0.170/32`. */
  readonly cidr: string;
  /** TCP ports. */
  readonly ports: number[];
}

/** What may pass in and out of a namespace. */
export interface NetworkArgs {
  /**
   * Lets the ingress controller reach the pods: give it where a workload of the namespace has a host.
   * `ports` are those that the pods listen on. The pods with which cert-manager answers HTTP-01 challenges
   * may be reached too, for a certificate could not be renewed otherwise. @default nothing from outside
   */
  readonly ingress?: { readonly controllerNamespace: string; readonly ports: number[] } | undefined;
  /** Namespaces whose pods may call pods here. Each end of a call needs its policy. @default none */
  readonly allowFrom?: Peer[] | undefined;
  /** Namespaces whose pods may be called from here. @default none */
  readonly allowTo?: Peer[] | undefined;
  /** Services of the estate that pods here may reach. DNS always may be. */
  readonly egress: EgressTarget[];
  /** Where those services listen: one set for all namespaces of an environment. */
  readonly destinations: Destinations;
  /** The servers' own network, IPv4: never reached by way of `https`. */
  readonly privateNetwork: string;
  /** What else pods here may reach. @default nothing */
  readonly extraEgress?: ExtraEgress[] | undefined;
}

export interface NetworkPoliciesArgs extends NetworkArgs {
  readonly environment: Environment;
  /** Namespace that the policies guard. Changing it replaces them. */
  readonly namespace: string;
  /** What must stand first: the namespace. */
  readonly waitFor: pulumi.Resource[];
}

type PolicySpec = inputs.networking.v1.NetworkPolicySpec;
type PeerSelector = inputs.networking.v1.NetworkPolicyPeer;
type Port = inputs.networking.v1.NetworkPolicyPort;

/** No public host has these addresses: other private networks, the cluster's own ranges among them. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];
const TARGETS: readonly EgressTarget[] = ["postgres", "vault", "relay", "https"];
const ALL_PODS = {};
const ACME_SOLVERS = { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } };
const ACME_SOLVER_PORT = 8089;

export class NetworkPolicies extends pulumi.ComponentResource {
  /** Every policy, for what must not start before them. */
  readonly policies: networking.NetworkPolicy[] = [];

  constructor(
    private readonly name: string,
    private readonly args: NetworkPoliciesArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const problems = new Problems(`NetworkPolicies ${name}`);
    checkNetwork(problems, "", args);
    problems.throwIfAny();
    const { environment, waitFor: _, ...plain } = args;
    super("keybuzz:kubernetes:NetworkPolicies", name, { environment: environment.name, ...plain }, opts);

    this.denyEverything();
    this.allowDns();
    this.allowIngressController();
    this.allowPeers();
    this.allowTargets();
    this.allowExtras();
    this.registerOutputs({ namespace: args.namespace });
  }

  private denyEverything(): void {
    this.policy("default-deny", "nothing passes but what other policies allow", {
      podSelector: ALL_PODS,
      policyTypes: ["Ingress", "Egress"],
    });
  }

  private allowDns(): void {
    const dns = [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ];
    this.allowOut("allow-dns", "name resolution", namespaceNamed("kube-system"), dns);
  }

  private allowIngressController(): void {
    if (this.args.ingress === undefined) return;
    const { controllerNamespace, ports } = this.args.ingress;
    const controller = namespaceNamed(controllerNamespace);
    this.allowIn("allow-ingress-controller", "requests to the hosts served here", controller, tcp(ports));
    this.policy("allow-acme-challenges", "certificate challenges", {
      podSelector: ACME_SOLVERS,
      policyTypes: ["Ingress"],
      ingress: [{ from: [controller], ports: tcp([ACME_SOLVER_PORT]) }],
    });
  }

  private allowPeers(): void {
    for (const { namespace, ports } of this.args.allowFrom ?? []) {
      this.allowIn(`allow-from-${namespace}`, `calls from ${namespace}`, this.peer(namespace), tcp(ports));
    }
    for (const { namespace, ports } of this.args.allowTo ?? []) {
      this.allowOut(`allow-to-${namespace}`, `calls to ${namespace}`, this.peer(namespace), tcp(ports));
    }
  }

  private allowTargets(): void {
    const { egress, destinations, privateNetwork } = this.args;
    const { postgres, vault, relay } = destinations;
    if (egress.includes("postgres") && postgres) {
      const ports = [postgres.writePort, postgres.readPort];
      this.allowOut("allow-postgres", "PostgreSQL through HAProxy", hostOf(postgres.host), tcp(ports));
    }
    if (egress.includes("vault") && vault) {
      this.allowOut("allow-vault", "Vault", hostOf(vault.host), tcp([vault.port]));
    }
    if (egress.includes("relay") && relay) {
      this.allowOut("allow-relay", "mail relay", hostOf(relay.host), tcp([relay.port]));
    }
    if (egress.includes("https")) {
      const except = [privateNetwork, ...PRIVATE_RANGES.filter((range) => range !== privateNetwork)];
      const internet = { ipBlock: { cidr: "0.0.0.0/0", except } };
      this.allowOut("allow-https", "HTTPS outside private networks", internet, tcp([443]));
    }
  }

  private allowExtras(): void {
    for (const { description, cidr, ports } of this.args.extraEgress ?? []) {
      this.allowOut(extraName(description), description, { ipBlock: { cidr } }, tcp(ports));
    }
  }

  private allowIn(name: string, purpose: string, from: PeerSelector, ports: Port[]): void {
    const ingress = [{ from: [from], ports }];
    this.policy(name, purpose, { podSelector: ALL_PODS, policyTypes: ["Ingress"], ingress });
  }

  private allowOut(name: string, purpose: string, to: PeerSelector, ports: Port[]): void {
    const egress = [{ to: [to], ports }];
    this.policy(name, purpose, { podSelector: ALL_PODS, policyTypes: ["Egress"], egress });
  }

  private policy(name: string, purpose: string, spec: PolicySpec): void {
    const { environment, namespace, waitFor } = this.args;
    const metadata = {
      name,
      namespace,
      labels: environmentLabels(environment),
      annotations: { "keybuzz.io/purpose": purpose },
    };
    this.policies.push(
      new networking.NetworkPolicy(
        `${this.name}-${name}`,
        { metadata, spec },
        { parent: this, dependsOn: waitFor },
      ),
    );
  }

  /** The label keeps a namespace out that bears the name but belongs to another environment. */
  private peer(namespace: string): PeerSelector {
    const environment = { "keybuzz.io/environment": this.args.environment.name };
    return namespaceNamed(namespace, environment);
  }
}

function namespaceNamed(namespace: string, labels: Record<string, string> = {}): PeerSelector {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace, ...labels } } };
}

function hostOf(address: string): PeerSelector {
  return { ipBlock: { cidr: `${address}/32` } };
}

function tcp(ports: number[]): Port[] {
  return [...new Set(ports)].map((port) => ({ protocol: "TCP", port }));
}

/** Named after its purpose, so that adding one moves none of the others. */
function extraName(description: string): string {
  const slug = description.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `allow-extra-${slug.replace(/^-|-$/g, "")}`;
}

/** Notes everything that is wrong with the network of a namespace. */
export function checkNetwork(problems: Problems, path: string, args: NetworkArgs): void {
  const at = (property: string) => `${path}${property}`;
  const ports = (property: string, list: number[]) => {
    problems.require(list.length > 0, at(property), list, "at least one port", "name the ports");
    list.forEach((port, i) => {
      problems.port(at(`${property}[${i}]`), port);
    });
  };
  if (args.ingress) {
    problems.objectName(at("ingress.controllerNamespace"), args.ingress.controllerNamespace);
    ports("ingress.ports", args.ingress.ports);
  }
  for (const side of ["allowFrom", "allowTo"] as const) {
    const peers = args[side] ?? [];
    peers.forEach((peer, i) => {
      problems.objectName(at(`${side}[${i}].namespace`), peer.namespace);
      ports(`${side}[${i}].ports`, peer.ports);
    });
    checkOnce(problems, at(side), peers, (peer) => peer.namespace);
  }
  problems.cidr(at("privateNetwork"), args.privateNetwork);
  checkTargets(problems, at, args);
  const extras = args.extraEgress ?? [];
  extras.forEach((extra, i) => {
    const description = at(`extraEgress[${i}].description`);
    const named = /[a-z0-9]/i.test(extra.description) && extra.description.length <= 60;
    problems.require(
      named,
      description,
      extra.description,
      "1 to 60 letters and digits",
      "say what it is for",
    );
    problems.cidr(at(`extraEgress[${i}].cidr`), extra.cidr);
    ports(`extraEgress[${i}].ports`, extra.ports);
  });
  checkOnce(problems, at("extraEgress"), extras, (extra) => extraName(extra.description));
}

function checkTargets(problems: Problems, at: (property: string) => string, args: NetworkArgs): void {
  args.egress.forEach((target, i) => {
    const allowed = `one of ${TARGETS.join(", ")}`;
    const next = "use extraEgress for anything else";
    problems.require(TARGETS.includes(target), at(`egress[${i}]`), target, allowed, next);
    if (target === "https" || !TARGETS.includes(target)) return;
    const given = args.destinations[target];
    const place = at(`destinations.${target}`);
    const why = `given, since egress lists ${target}`;
    problems.require(given !== undefined, place, given, why, "say where it listens");
  });
  const { postgres, vault, relay } = args.destinations;
  for (const [target, given] of Object.entries({ postgres, vault, relay })) {
    if (given === undefined) continue;
    const { host, ...portsGiven } = given;
    problems.address(at(`destinations.${target}.host`), host);
    for (const [key, port] of Object.entries(portsGiven)) {
      problems.port(at(`destinations.${target}.${key}`), port);
    }
  }
}

function checkOnce<T>(problems: Problems, property: string, items: T[], keyOf: (item: T) => string): void {
  const keys = items.map(keyOf);
  const twice = keys.filter((key, i) => keys.indexOf(key) !== i);
  problems.require(twice.length === 0, property, keys, "without repetition", `merge ${twice.join(", ")}`);
}
