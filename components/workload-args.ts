/** What a workload takes. A file of its own, since its checks and its pods are made of the same arguments. */
import type * as pulumi from "@pulumi/pulumi";
import type { Environment, EnvironmentSource, NamespaceHandle } from "./handles";
import type { Image } from "./image";
import type { Resources } from "./quantities";
import type { VaultLoginArgs } from "./vault-login";

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
  /** Lets the pods log in to Vault, and tells them how. @default none: pods hold no token at all */
  readonly vault?: VaultLoginArgs | undefined;
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
