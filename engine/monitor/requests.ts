/** What a program asks of the monitor, as plain data. `wire.ts` makes these from the protocol's messages. */
import type { PropertyMap, PropertyValue } from "../property/values";
import type { ResourceOptions } from "./declaration";

/**
 * Another name that a resource had: a whole URN, or the parts that were different. A part that is not told is the
 * resource's own.
 */
export type AliasSpec =
  | { readonly urn: string }
  | {
      readonly name?: string;
      readonly type?: string;
      readonly stack?: string;
      readonly project?: string;
      readonly parent?: string;
      /** It was a child of the stack. */
      readonly noParent: boolean;
    };

/** A resource to register. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** URN of the parent; empty for the stack itself and for providers that the engine makes. */
  readonly parent: string;
  readonly custom: boolean;
  readonly remote: boolean;
  readonly inputs: PropertyMap;
  /** Reference of the provider; empty leaves the choice to the engine. */
  readonly provider: string;
  /** Providers that children inherit, by package. */
  readonly providers: Readonly<Record<string, string>>;
  readonly packageRef: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
  /** Names that the resource had before; `options.aliases` tells the same in words. */
  readonly aliases: readonly AliasSpec[];
  readonly replacementTrigger?: PropertyValue;
  readonly sourcePosition?: string;
}

/** A resource to read. */
export interface ReadRequest {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent: string;
  readonly properties: PropertyMap;
  readonly provider: string;
  readonly packageRef: string;
  readonly dependencies: readonly string[];
  readonly options: ResourceOptions;
  readonly sourcePosition?: string;
}

/** A provider function to call. */
export interface InvokeRequest {
  readonly token: string;
  readonly arguments: PropertyMap;
  readonly provider: string;
  readonly packageRef: string;
  readonly version: string;
  readonly pluginDownloadUrl: string;
}

/** A provider package that resources refer to by reference instead of by version. */
export interface PackageDescriptor {
  readonly name: string;
  readonly version: string;
  readonly pluginDownloadUrl: string;
}

/** What the program learns of a resource. */
export interface ResourceAnswer {
  /** Whether the resource is what the program asked for; it can be otherwise only where a run goes on after errors. */
  readonly result?: "failed" | "skipped";
  readonly urn: string;
  /** Empty: not known before the deployment. */
  readonly id: string;
  readonly outputs: PropertyMap;
}
