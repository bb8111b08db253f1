/**
 * What components hand to one another: typed handles instead of raw strings, so that a workload can only
 * take values and secrets that a component declared in its own environment.
 */
import type * as pulumi from "@pulumi/pulumi";

/** What every component of one environment shares. */
export interface Environment {
  /** Name of the environment, the stack's name: `dev`, `prod`. Part of labels, tags and Vault names. */
  readonly name: string;
  /** Whether this environment serves customers: its data is protected and retained. */
  readonly production: boolean;
}

/** A Kubernetes namespace that this environment owns, ready for workloads. */
export interface NamespaceHandle {
  /** Physical name of the namespace. */
  readonly name: string;
  /** What must stand before a workload may start: quota, limit range, network policies, pull secret. */
  readonly ready: pulumi.Resource[];
  /** Names of the image pull secrets that stand in the namespace. */
  readonly imagePullSecrets: string[];
}

/** A ConfigMap and a Secret of the same name that a container takes as environment variables. */
export interface EnvironmentSource {
  /** Name of the Secret in the workload's namespace, if there is one. */
  readonly secretName?: string;
  /** Name of the ConfigMap in the workload's namespace, if there is one. */
  readonly configMapName?: string;
  /** Namespace that both stand in: a workload elsewhere cannot take them. */
  readonly namespace: string;
  /** Checksum over all values; on the pods it makes a change of any value roll them. Not the values. */
  readonly checksum: pulumi.Output<string>;
  /** What a workload must wait for. */
  readonly resources: pulumi.Resource[];
}

/** One credential of a login role of a database. */
export interface DatabaseLogin {
  /** Name of the login role. */
  readonly role: string;
  /** Its password: a secret output, URL-safe characters only. */
  readonly password: pulumi.Output<string>;
  /** The database it may connect to. */
  readonly database: string;
  /** Address that the login connects to: HAProxy's write or read port, never a node. */
  readonly host: string;
  readonly port: number;
  /** The role and its grants: what must stand before the login works. */
  readonly resources: pulumi.Resource[];
}

/** Labels that mark every Kubernetes object of an environment. */
export function environmentLabels(environment: Environment): Record<string, string> {
  return { "keybuzz.io/environment": environment.name, "app.kubernetes.io/managed-by": "pulumi" };
}

/** Tags that mark every AWS resource of an environment. */
export function environmentTags(environment: Environment): Record<string, string> {
  return { "keybuzz:environment": environment.name, "keybuzz:managed-by": "pulumi" };
}

/**
 * Says on a Secret from which entry in Vault its values are taken: an operator finds them there, and a rule that
 * cannot see the values yet sees whose they are.
 */
export function vaultSource(entry: {
  readonly mount: string;
  readonly entryName: string;
}): Record<string, string> {
  return { "keybuzz.io/vault-entry": `${entry.mount}/${entry.entryName}` };
}
