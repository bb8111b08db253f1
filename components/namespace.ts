/**
 * A namespace and everything that stands in it before a workload may start: labels, quota, limits, the
 * secret for pulling images, and network policies.
 *
 * Service accounts are not among it. Each workload brings its own, named after itself, since Vault decides
 * by service account who reads what: one for the whole namespace would give every pod all of its entries.
 *
 * In production the namespace is protected: nothing deletes or replaces it until somebody unprotects it.
 */
import * as core from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { type Environment, environmentLabels, type NamespaceHandle, vaultSource } from "./handles";
import { checkNetwork, type NetworkArgs, NetworkPolicies } from "./network-policies";
import { Problems } from "./problems";
import { type Amount, checkAmount, checkWithin, half, smaller } from "./quantities";

/** How far a pod may reach beyond its container, as Kubernetes' pod security standards put it. */
export type PodSecurityLevel = "privileged" | "baseline" | "restricted";

export interface NamespaceArgs {
  /** The environment that owns the namespace. */
  readonly environment: Environment;
  /** Physical name. Changing it replaces the namespace with everything in it; in production that is refused. */
  readonly name: string;
  /** Pod security: `warn` and `audit` only tell, `enforce` refuses pods. @default of enforce: not enforced */
  readonly podSecurity: {
    readonly warn: PodSecurityLevel;
    readonly audit: PodSecurityLevel;
    readonly enforce?: PodSecurityLevel | undefined;
  };
  /**
   * The most that all pods together may request, and the most that their limits may add up to. It must leave
   * room for a roll-out, when old and new pods run side by side, and for a migration job.
   */
  readonly quota: Amount & {
    /** Number of pods, finished ones not counted. */
    readonly pods: number;
  };
  /** Bounds of a single container, and what one gets that names none of its own. */
  readonly containers?:
    | {
        /** @default 50m, 64Mi, or `defaultLimits` where that is less */
        readonly defaultRequests?: Amount | undefined;
        /** @default 250m, 256Mi, or `max` where that is less */
        readonly defaultLimits?: Amount | undefined;
        /** @default half of the quota, so that an old and a new pod have room beside each other */
        readonly max?: Amount | undefined;
      }
    | undefined;
  /** Credentials of the image registry. @default none: public images only */
  readonly pullSecret?:
    | {
        /** Name of the Secret. Changing it replaces the Secret. */
        readonly name: string;
        /** Content of a Docker configuration file, as JSON: made secret whatever it comes as. */
        readonly dockerConfigJson: pulumi.Input<string>;
        /** The entry in Vault that the content is taken from, written on the Secret. @default not told */
        readonly source?: { readonly mount: string; readonly entryName: string } | undefined;
      }
    | undefined;
  /** What may pass in and out. */
  readonly network: NetworkArgs;
}

/** All three are checked and written with their version, so that an upgrade of the cluster is no surprise. */
const POD_SECURITY_MODES = ["warn", "audit", "enforce"] as const;
const POD_SECURITY_LEVELS: readonly string[] = ["privileged", "baseline", "restricted"];

export class Namespace extends pulumi.ComponentResource implements NamespaceHandle {
  readonly name: string;
  readonly ready: pulumi.Resource[];
  readonly imagePullSecrets: string[];

  private readonly namespace: core.Namespace;

  constructor(
    private readonly logicalName: string,
    private readonly args: NamespaceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const containers = containerBounds(args);
    check(logicalName, args, containers);
    super("keybuzz:kubernetes:Namespace", logicalName, plainInputs(args), opts);
    this.name = args.name;
    this.imagePullSecrets = args.pullSecret ? [args.pullSecret.name] : [];

    this.namespace = this.labelledNamespace();
    this.ready = [
      this.namespace,
      this.quota(),
      this.limitRange(containers),
      ...this.pullSecret(),
      ...this.networkPolicies(),
    ];
    this.registerOutputs({ name: this.name, imagePullSecrets: this.imagePullSecrets });
  }

  /** A namespace that stands already and that nothing here declares. */
  static fromName(name: string, options: { imagePullSecrets?: string[] } = {}): NamespaceHandle {
    return { name, ready: [], imagePullSecrets: options.imagePullSecrets ?? [] };
  }

  private labelledNamespace(): core.Namespace {
    const { environment, name, podSecurity } = this.args;
    const security: Record<string, string> = {};
    for (const mode of POD_SECURITY_MODES) {
      const level = podSecurity[mode];
      if (level === undefined) continue;
      security[`pod-security.kubernetes.io/${mode}`] = level;
      security[`pod-security.kubernetes.io/${mode}-version`] = "latest";
    }
    return new core.Namespace(
      `${this.logicalName}-namespace`,
      { metadata: { name, labels: { ...environmentLabels(environment), ...security } } },
      // Deleting it takes everything in it, the running workloads first.
      { parent: this, protect: environment.production },
    );
  }

  private quota(): pulumi.Resource {
    const { cpu, memory, pods } = this.args.quota;
    const hard = {
      "requests.cpu": cpu,
      "requests.memory": memory,
      "limits.cpu": cpu,
      "limits.memory": memory,
      pods: String(pods),
    };
    return new core.ResourceQuota(
      `${this.logicalName}-quota`,
      { metadata: this.metadata("quota"), spec: { hard } },
      this.inNamespace(),
    );
  }

  /** Without defaults the quota would refuse every container that names no resources, such as a job's. */
  private limitRange({ defaultRequests, defaultLimits, max }: ContainerBounds): pulumi.Resource {
    const limits = [
      {
        type: "Container",
        defaultRequest: { ...defaultRequests },
        default: { ...defaultLimits },
        max: { ...max },
      },
    ];
    return new core.LimitRange(
      `${this.logicalName}-limits`,
      { metadata: this.metadata("limits"), spec: { limits } },
      this.inNamespace(),
    );
  }

  private pullSecret(): pulumi.Resource[] {
    const { pullSecret } = this.args;
    if (pullSecret === undefined) return [];
    const source = pullSecret.source && { annotations: vaultSource(pullSecret.source) };
    const secret = new core.Secret(
      `${this.logicalName}-pull-secret`,
      {
        metadata: { ...this.metadata(pullSecret.name), ...source },
        type: "kubernetes.io/dockerconfigjson",
        // The SDK makes a secret of it, also where it comes as a plain string.
        stringData: { ".dockerconfigjson": pullSecret.dockerConfigJson },
      },
      this.inNamespace(),
    );
    return [secret];
  }

  private networkPolicies(): pulumi.Resource[] {
    const { environment, name, network } = this.args;
    const args = { ...network, environment, namespace: name, waitFor: [this.namespace] };
    return new NetworkPolicies(`${this.logicalName}-network`, args, { parent: this }).policies;
  }

  private metadata(name: string) {
    return { name, namespace: this.name, labels: environmentLabels(this.args.environment) };
  }

  private inNamespace(): pulumi.CustomResourceOptions {
    return { parent: this, dependsOn: this.namespace };
  }
}

interface ContainerBounds {
  readonly defaultRequests: Amount;
  readonly defaultLimits: Amount;
  readonly max: Amount;
}

function containerBounds({ containers, quota }: NamespaceArgs): ContainerBounds {
  const max = containers?.max ?? half(quota);
  const defaultLimits = containers?.defaultLimits ?? smaller({ cpu: "250m", memory: "256Mi" }, max);
  const defaultRequests =
    containers?.defaultRequests ?? smaller({ cpu: "50m", memory: "64Mi" }, defaultLimits);
  return { defaultRequests, defaultLimits, max };
}

function check(logicalName: string, args: NamespaceArgs, containers: ContainerBounds): void {
  const problems = new Problems(`Namespace ${logicalName}`);
  problems.objectName("name", args.name);
  for (const mode of POD_SECURITY_MODES) {
    const level = args.podSecurity[mode];
    const holds = POD_SECURITY_LEVELS.includes(level ?? "") || (mode === "enforce" && level === undefined);
    const allowed = `one of ${POD_SECURITY_LEVELS.join(", ")}`;
    problems.require(holds, `podSecurity.${mode}`, level, allowed, "choose a level");
  }
  problems.wholeNumber("quota.pods", args.quota.pods, 1);
  if (checkAmount(problems, "quota", args.quota)) checkContainers(problems, args.quota, containers);
  if (args.pullSecret) problems.objectName("pullSecret.name", args.pullSecret.name);
  checkNetwork(problems, "network.", args.network);
  problems.throwIfAny();
}

function checkContainers(problems: Problems, quota: Amount, containers: ContainerBounds): void {
  const { defaultRequests, defaultLimits, max } = containers;
  checkAmount(problems, "containers.defaultRequests", defaultRequests);
  checkAmount(problems, "containers.defaultLimits", defaultLimits);
  checkAmount(problems, "containers.max", max);
  checkWithin(
    problems,
    "containers.defaultRequests",
    defaultRequests,
    defaultLimits,
    "containers.defaultLimits",
  );
  checkWithin(problems, "containers.defaultLimits", defaultLimits, max, "containers.max");
  checkWithin(problems, "containers.max", max, quota, "quota");
}

/** What rules may see of the arguments: everything but the content of the pull secret. */
function plainInputs({ environment, pullSecret, ...plain }: NamespaceArgs): pulumi.Inputs {
  return { ...plain, environment: environment.name, pullSecret: pullSecret && { name: pullSecret.name } };
}
