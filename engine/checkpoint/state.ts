/**
 * A stack's resources as they were last deployed, in memory. States are values: nothing changes one, and whoever
 * refers to one that a checkpoint holds does so by identity.
 *
 * Names are those of apitype.ResourceV3 (pulumi/pulumi, sdk/go/common/apitype/core.go), in camel case.
 */
import type { PropertyMap, PropertyValue } from "../property/values";

/** Seconds; 0 or absence leaves it to the provider. */
export interface CustomTimeouts {
  readonly create?: number;
  readonly update?: number;
  readonly delete?: number;
  readonly read?: number;
}

/** One resource of a checkpoint. What is absent has the zero value. */
export interface ResourceState {
  readonly urn: string;
  readonly type: string;
  /** False for components and the stack. */
  readonly custom: boolean;
  /** Present on custom resources alone. */
  readonly id?: string;
  /** The resource was replaced by another of the same URN, and is still to be deleted. */
  readonly delete?: boolean;
  /** The resource was deleted to be made anew, and was not made yet. */
  readonly pendingReplacement?: boolean;
  /** The resource is read, and not managed. */
  readonly external?: boolean;
  /** With secrets in clear, marked as such. */
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly parent?: string;
  /** Reference of the provider, `<urn>::<id>`. */
  readonly provider?: string;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly replaceWith?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly hideDiff?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  /** URNs under which the resource was known before. */
  readonly aliases?: readonly string[];
  readonly customTimeouts?: CustomTimeouts;
  readonly importId?: string;
  readonly replacementTrigger?: PropertyValue;
  /** What was not in order when the resource was made or changed last. */
  readonly initErrors?: readonly string[];
  /** RFC 3339. */
  readonly created?: string;
  readonly modified?: string;
  /** `project:///stacks/index.ts#12,3` */
  readonly sourcePosition?: string;
  /** Fields of a file that this engine does not know; they are written back as they were. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** What may be under way on a resource when a run is interrupted. */
export type OperationType = "creating" | "updating" | "deleting" | "reading" | "importing";

/** A request whose end was not seen. */
export interface PendingOperation {
  readonly type: OperationType;
  readonly resource: ResourceState;
}

/** Everything that a stack's checkpoint holds. */
export interface Snapshot {
  /** Everything that a resource refers to stands before it. */
  readonly resources: readonly ResourceState[];
  readonly pendingOperations: readonly PendingOperation[];
  /** Fields of the deployment that this engine does not know, such as `metadata`. */
  readonly others: Readonly<Record<string, unknown>>;
}

/** The state of a stack that has nothing. */
export const EMPTY_SNAPSHOT: Snapshot = { resources: [], pendingOperations: [], others: {} };
