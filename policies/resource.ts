/** Resources as rules see them, whoever declared or observed them. */
import type { ValueMap } from "./value";

/** One resource, as plain data. */
export interface Resource {
  readonly urn: string;
  /** Type token: `kubernetes:core/v1:Secret`. */
  readonly type: string;
  /** The program's name for it, not the physical one. */
  readonly name: string;
  /** Inputs before the deployment, outputs when the whole stack is judged. */
  readonly properties: ValueMap;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
  /** The provider that manages it. Components and providers have none. */
  readonly provider?: ProviderResource;
  /** URN of its parent, when the whole stack is judged. */
  readonly parent?: string;
}

/** A provider, with its configuration. */
export interface ProviderResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly properties: ValueMap;
}

/** Everything that one environment declares. */
export interface Stack {
  readonly resources: readonly Resource[];
}

/** Whether it stands for something outside of Pulumi: components only group, and repeat what is said below them. */
export function isPhysical({ type, provider }: Pick<Resource, "type" | "provider">): boolean {
  return provider !== undefined || type.startsWith("pulumi:providers:");
}

/** The Kubernetes kind of a resource, whatever its API version: `Deployment`; undefined for anything else. */
export function kubernetesKind({ type }: Pick<Resource, "type">): string | undefined {
  return type.startsWith("kubernetes:") ? type.slice(type.lastIndexOf(":") + 1) : undefined;
}
