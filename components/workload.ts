/**
 * One program that runs in a namespace: its service account, Deployment, Service where it has a port,
 * Ingress where it has a host, and a PodDisruptionBudget where there is more than one replica.
 *
 * Its pods satisfy the pod security standard `restricted`, take values and secrets from this environment's
 * components alone, and start anew when any of these change. A roll-out keeps every replica serving.
 */

import * as apps from "@pulumi/kubernetes/apps/v1";
import * as core from "@pulumi/kubernetes/core/v1";
import * as networking from "@pulumi/kubernetes/networking/v1";
import * as policy from "@pulumi/kubernetes/policy/v1";
import type { input as inputs } from "@pulumi/kubernetes/types";
import * as pulumi from "@pulumi/pulumi";
import { type Environment, type EnvironmentSource, environmentLabels, type NamespaceHandle } from "./handles";
import { type Image, imageReference } from "./image";
import { podTemplate, selectorLabels } from "./pod-template";
import { Problems } from "./problems";
import type { Resources } from "./quantities";
import { checkWorkload } from "./workload-checks";

/** Where a workload tells how it is, over HTTP. Any status from 200 to 399 is good. */
export interface HealthChecks {
  /** For all checks that name no path of their own. @default "/health" */
  readonly path?: string | undefined;
  /** May it get requests? A pod that fails is left out, and runs on. @default `path` */
  readonly readinessPath?: string | undefined;
  /** Does it still work? A pod that fails is restarted, so nothing outside it may count. @default `path` */
  readonly livenessPath?: string | undefined;
  /** TCP port that answers. @default the workload's port */
  readonly port?: number | undefined;
  /** Seconds that starting may take before the pod counts as failed, by the liveness path. @default 120 */
  readonly startupSeconds?: number | undefined;
}

/** The host under which the cluster's ingress controller serves a workload, by HTTPS. */
export interface IngressArgs {
  /** Full host name. Its first label names the TLS secret: `api-dev.keybuzz.io` gives `api-dev-tls`. */
  readonly host: string;
  /** Class of the ingress controller: `nginx`. */
  readonly className: string;
  /** cert-manager's ClusterIssuer that issues the certificate. */
  readonly clusterIssuer: string;
}

/** A token with which the pods log in to Vault as their service account. */
export interface VaultTokenArgs {
  /** Who the token is for: Vault's role must ask for the same. @default "vault" */
  readonly audience?: string | undefined;
  /** Folder in which it appears, as the file `token`. @default "/var/run/secrets/vault" */
  readonly path?: string | undefined;
  /** Seconds it holds, from 600; the file is renewed in time. @default 3600 */
  readonly expirationSeconds?: number | undefined;
}

export interface WorkloadArgs {
  /** The environment that the workload belongs to. */
  readonly environment: Environment;
  /** The namespace it runs in. Changing it replaces everything. */
  readonly namespace: NamespaceHandle;
  /** Physical name of all its objects, the service account among them. Changing it replaces everything. */
  readonly name: string;
  /** Its part in the product, as a label: `api`, `worker`. @default its name */
  readonly component?: string | undefined;
  /** What runs. */
  readonly image: Image;
  /** Replaces the image's entry point. @default the image's */
  readonly command?: string[] | undefined;
  /** Number of pods; 0 stops it. */
  readonly replicas: number;
  /** TCP port that it serves HTTP on. @default it serves nothing: no Service */
  readonly port?: number | undefined;
  /** Port of the Service, which leads to `port`. @default 80 */
  readonly servicePort?: number | undefined;
  /** Serves it under a host; needs `port`. @default it is reached from inside the cluster alone */
  readonly ingress?: IngressArgs | undefined;
  /** How it tells that it is well. @default all three checks at `/health` on its port */
  readonly health?: HealthChecks | undefined;
  /** Processor and memory of a pod. */
  readonly resources: Resources;
  /** Plain values. A secret has no place here: it comes by `environmentFrom`. @default none */
  readonly env?: Record<string, string> | undefined;
  /** ConfigMaps and Secrets of the same namespace. `env` wins over them, a later one over an earlier. */
  readonly environmentFrom?: EnvironmentSource[] | undefined;
  /** Folders it may write to, lost with the pod. `/tmp` always is one. @default none but /tmp */
  readonly writableFolders?: string[] | undefined;
  /** Most that one such folder may hold; a pod that writes more is evicted. @default 256Mi */
  readonly writableFolderSize?: string | undefined;
  /** User and group that it runs as; never root. @default 1000, `node` in the Node.js images */
  readonly user?: number | undefined;
  /** Gives the pods a token to log in to Vault with. @default none: pods hold no token at all */
  readonly vaultToken?: VaultTokenArgs | undefined;
  /**
   * `RollingUpdate` starts a new pod before it ends an old one. `Recreate` ends the old ones first, where two
   * at once would do harm. @default "RollingUpdate"
   */
  readonly strategy?: "RollingUpdate" | "Recreate" | undefined;
  /** Seconds from being asked to stop until being killed. @default 30 */
  readonly terminationGracePeriodSeconds?: number | undefined;
  /** Former versions that can be rolled back to. @default 5 */
  readonly revisionHistoryLimit?: number | undefined;
  /** Notes on the Deployment and its pods. @default none */
  readonly annotations?: Record<string, string> | undefined;
  /** What else must stand before the pods start, such as the role by which they log in to Vault. */
  readonly waitFor?: pulumi.Resource[] | undefined;
}

export class Workload extends pulumi.ComponentResource {
  /** Name of the service account: what a Vault role is bound to. */
  readonly serviceAccountName: string;
  /** Host name inside the cluster, where it has a port. */
  readonly serviceHost?: string;
  /** Address under which the world reaches it, where it has a host. */
  readonly url?: string;

  constructor(
    private readonly logicalName: string,
    private readonly args: WorkloadArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const problems = new Problems(`Workload ${logicalName}`);
    checkWorkload(problems, args);
    problems.throwIfAny();
    super("keybuzz:kubernetes:Workload", logicalName, plainInputs(args), opts);
    this.serviceAccountName = args.name;

    const serviceAccount = this.serviceAccount();
    this.deployment(serviceAccount);
    if (args.port !== undefined) this.serviceHost = this.service();
    if (args.ingress !== undefined) this.url = this.ingress(args.ingress);
    if (args.replicas > 1) this.disruptionBudget();
    const { serviceAccountName, serviceHost, url } = this;
    this.registerOutputs({ serviceAccountName, serviceHost, url });
  }

  private serviceAccount(): core.ServiceAccount {
    return new core.ServiceAccount(
      `${this.logicalName}-service-account`,
      // Pods never call the API server. One that logs in to Vault gets a token made for Vault alone.
      { metadata: this.metadata(), automountServiceAccountToken: false },
      this.inNamespace(),
    );
  }

  private deployment(serviceAccount: pulumi.Resource): void {
    const { annotations, environmentFrom = [], replicas, revisionHistoryLimit, waitFor = [] } = this.args;
    const sources = environmentFrom.flatMap((source) => source.resources);
    new apps.Deployment(
      `${this.logicalName}-deployment`,
      {
        metadata: { ...this.metadata(), ...(annotations && { annotations }) },
        spec: {
          replicas,
          revisionHistoryLimit: revisionHistoryLimit ?? 5,
          strategy: this.strategy(),
          selector: { matchLabels: selectorLabels(this.args) },
          template: podTemplate(this.args),
        },
      },
      this.inNamespace([serviceAccount, ...sources, ...waitFor]),
    );
  }

  private strategy(): inputs.apps.v1.DeploymentStrategy {
    if (this.args.strategy === "Recreate") return { type: "Recreate" };
    return { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
  }

  private service(): string {
    const { name, namespace, servicePort } = this.args;
    const ports = [{ name: "http", port: servicePort ?? 80, targetPort: "http", protocol: "TCP" }];
    new core.Service(
      `${this.logicalName}-service`,
      { metadata: this.metadata(), spec: { type: "ClusterIP", selector: selectorLabels(this.args), ports } },
      this.inNamespace(),
    );
    return `${name}.${namespace.name}.svc`;
  }

  private ingress({ host, className, clusterIssuer }: IngressArgs): string {
    const annotations = { "cert-manager.io/cluster-issuer": clusterIssuer };
    const backend = { service: { name: this.args.name, port: { name: "http" } } };
    const paths = [{ path: "/", pathType: "Prefix", backend }];
    new networking.Ingress(
      `${this.logicalName}-ingress`,
      {
        metadata: { ...this.metadata(), annotations },
        spec: {
          ingressClassName: className,
          tls: [{ hosts: [host], secretName: `${host.split(".")[0]}-tls` }],
          rules: [{ host, http: { paths } }],
        },
      },
      this.inNamespace(),
    );
    return `https://${host}`;
  }

  private disruptionBudget(): void {
    new policy.PodDisruptionBudget(
      `${this.logicalName}-disruption-budget`,
      {
        metadata: this.metadata(),
        spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(this.args) } },
      },
      this.inNamespace(),
    );
  }

  private metadata() {
    const { name, namespace, environment } = this.args;
    const labels = { ...environmentLabels(environment), ...selectorLabels(this.args) };
    return { name, namespace: namespace.name, labels };
  }

  private inNamespace(alsoAfter: pulumi.Resource[] = []): pulumi.CustomResourceOptions {
    return { parent: this, dependsOn: [...this.args.namespace.ready, ...alsoAfter] };
  }
}

/** What rules may see of the arguments: names and plain values. */
function plainInputs(args: WorkloadArgs): pulumi.Inputs {
  const { environment, namespace, image, environmentFrom = [], waitFor: _, ...plain } = args;
  return {
    ...plain,
    environment: environment.name,
    namespace: namespace.name,
    image: imageReference(image),
    environmentFrom: environmentFrom.map(({ secretName, configMapName }) => ({ secretName, configMapName })),
  };
}
