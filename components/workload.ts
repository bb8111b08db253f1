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
import { environmentLabels } from "./handles";
import { imageReference } from "./image";
import { podTemplate, selectorLabels } from "./pod-template";
import { Problems } from "./problems";
import { CA_FILE, caConfigMapName } from "./vault-login";
import type { IngressArgs, WorkloadArgs } from "./workload-args";
import { checkWorkload } from "./workload-checks";

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
    this.deployment([serviceAccount, ...this.vaultCa()]);
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

  /** Vault's certificate is self-signed: without this no pod could tell the server from another one. */
  private vaultCa(): pulumi.Resource[] {
    const caCertificate = this.args.vault?.caCertificate;
    if (caCertificate === undefined) return [];
    const name = caConfigMapName(this.args.name);
    const configMap = new core.ConfigMap(
      `${this.logicalName}-vault-ca`,
      { metadata: { ...this.metadata(), name }, data: { [CA_FILE]: caCertificate } },
      this.inNamespace(),
    );
    return [configMap];
  }

  private deployment(after: pulumi.Resource[]): void {
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
      this.inNamespace([...after, ...sources, ...waitFor]),
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
