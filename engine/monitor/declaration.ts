/**
 * What a program declared: the record that everything else reads. Plain data, so that it can cross processes.
 */
import type { Diagnostic } from "../diagnostic";
import type { PropertyMap, PropertyValue } from "../property/values";

/** Options of a resource, only those that were set. */
export interface ResourceOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly hideDiffs?: readonly string[];
  readonly aliases?: readonly string[];
  readonly deletedWith?: string;
  readonly replaceWith?: readonly string[];
  readonly importId?: string;
  /** Durations as the program wrote them: `10m`, `1h30m`. */
  readonly customTimeouts?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly pluginDownloadUrl?: string;
}

/** One resource, as the program sent it. */
export interface DeclaredResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** False for components, whose children are resources of their own. */
  readonly custom: boolean;
  /** Whether a provider constructs the component. */
  readonly remote: boolean;
  /** Whether it is read rather than managed (`Type.get`). */
  readonly external: boolean;
  /** Whether the engine made this provider because a resource named none. */
  readonly defaultProvider: boolean;
  readonly parent?: string;
  /** Reference of the provider, `<urn>::<id>`. */
  readonly provider?: string;
  /** Id of a resource that is read. */
  readonly id?: string;
  readonly inputs: PropertyMap;
  /** Known before a deployment: a custom resource's inputs, a component's registered outputs. */
  readonly outputs: PropertyMap;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
  /** The resource is replaced when this value changes. */
  readonly replacementTrigger?: PropertyValue;
  /** Where the program made it, `project:///stacks/index.ts#12,3`, when the run took stack traces. */
  readonly sourcePosition?: string;
}

/** How an evaluation ended. */
export type Outcome =
  /** The program ran to its end. */
  | "succeeded"
  /** The program or the engine reported an error. */
  | "failed"
  /** The program refused its configuration: a pulumi.Config error or one derived from it. */
  | "misconfigured"
  /** The caller ended it. */
  | "cancelled";

/** Everything one program declared for one environment. */
export interface Declaration {
  readonly project: string;
  readonly environment: string;
  readonly outcome: Outcome;
  /** In order of registration: a parent stands before its children. */
  readonly resources: readonly DeclaredResource[];
  /** Stack outputs. */
  readonly outputs: PropertyMap;
  /** Function calls that were answered as unknown, by token. */
  readonly invokes: Readonly<Record<string, number>>;
  readonly diagnostics: readonly Diagnostic[];
}
