/** What a plan needs of providers: their opinion. It never asks one to change anything. */
import type { ResourceState } from "../checkpoint/state";
import type { CheckRequest, CheckResponse, DiffRequest, DiffResponse } from "../provider/provider";

/** The part of a provider that has opinions. */
export interface Advisor {
  check(request: CheckRequest): Promise<CheckResponse>;
  /** Throws DiffUnavailableError when it cannot be asked yet. */
  diff(request: DiffRequest): Promise<DiffResponse>;
}

export interface PlanProviders {
  /** Who speaks for a resource: its provider, or for a provider the engine itself. */
  advisorOf(resource: Pick<ResourceState, "urn" | "type" | "provider">): Promise<Advisor>;
  /** Makes the provider of an old state available, configured as it was. */
  ensure(reference: string): Promise<void>;
  /** Whether resources of the old provider must be made anew by the new one. */
  mustReplaceResources(oldReference: string, newReference: string): Promise<boolean>;
}

/** A provider whose configuration is not known before the deployment cannot compare. */
export class DiffUnavailableError extends Error {}
