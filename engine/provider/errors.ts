/** What goes wrong in providers, as data that the engine decides on. */
import type { PropertyMap } from "../property/values";

/** A request that cannot be done. The message is for the user. */
export class ProviderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ProviderError";
  }
}

/** A request of which nobody can tell whether it took effect: no answer came, or one that makes no sense. */
export class UncertainError extends ProviderError {
  constructor(message: string) {
    super(message);
    this.name = "UncertainError";
  }
}

/** A method or function that the provider does not have. */
export class UnimplementedError extends ProviderError {
  constructor(message: string) {
    super(message);
    this.name = "UnimplementedError";
  }
}

/** What is known of a resource that was made or changed and is not in order. */
export interface PartialState {
  readonly id: string;
  readonly outputs: PropertyMap;
  /** The inputs that took effect, if not those that were asked for. */
  readonly inputs?: PropertyMap;
  /** What is not in order. */
  readonly reasons: readonly string[];
}

/** The resource exists, or was changed, and something about it failed: pulumirpc.ErrorResourceInitFailed. */
export class InitFailedError extends ProviderError {
  constructor(
    message: string,
    readonly state: PartialState,
  ) {
    super(message);
    this.name = "InitFailedError";
  }
}

/** Configuration that a provider needs and did not get: pulumirpc.ConfigureErrorMissingKeys. */
export class MissingConfigurationError extends ProviderError {
  constructor(readonly keys: readonly { readonly name: string; readonly description: string }[]) {
    super(
      `missing required configuration: ${keys.map(({ name, description }) => `${name} (${description})`).join(", ")}`,
    );
    this.name = "MissingConfigurationError";
  }
}
