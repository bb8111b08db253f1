/** What every operation on a stack is told. */
import type { Admission } from "../apply/loaded-provider";
import type { ProviderFactory } from "../provider/provider";
import type { DeployEvents } from "./events";
import type { PolicyPackChoice } from "./policies";

/** Configuration that is laid over an environment's file, such as where its servers are. */
export interface Settings {
  /** `namespace:key` to value. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose values are secret. */
  readonly secretKeys: readonly string[];
}

export interface DeployOptions {
  /** Folder that holds `.pulumi`: the state of all stacks, as after `pulumi login file://<folder>`. */
  readonly backend: string;
  /** Whether this only shows what would be done. */
  readonly preview: boolean;
  /** Providers by package. */
  readonly factories: Readonly<Record<string, ProviderFactory>>;
  /** Decides on the servers that providers are configured for. */
  readonly admission: Admission;
  readonly settings: Settings;
  /** Values laid over the environment's file, as `key=value`. */
  readonly overrides: readonly string[];
  /** Where the passphrase is looked for. */
  readonly processEnvironment: NodeJS.ProcessEnv;
  /** Steps at a time. */
  readonly parallel: number;
  /** Whether what does not depend on a failed resource is still deployed. */
  readonly continueOnError: boolean;
  /** Judge what is deployed, in this order. @default none */
  readonly policyPacks?: readonly PolicyPackChoice[];
  /** For the history. */
  readonly message: string;
  /** Takes no further step; those under way come to their end. */
  readonly signal: AbortSignal;
  /**
   * Cancels the providers as well, for a user who asks a second time: what is under way fails soon, and whatever may
   * have come of it stays noted in the state.
   */
  readonly giveUp?: AbortSignal;
  readonly events: DeployEvents;
}
