/** What a program asks for: one resource, with its URN and provider chosen, before anything is known of the past. */
import type { CustomTimeouts, ResourceState } from "../checkpoint/state";
import { seconds } from "../duration";
import type { ResourceOptions } from "../monitor/declaration";
import type { AliasSpec } from "../monitor/requests";
import type { PropertyMap, PropertyValue } from "../property/values";

export interface Goal {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent?: string;
  /** Reference of the provider; absent on components and on providers. */
  readonly provider?: string;
  /** As the program passed them. */
  readonly inputs: PropertyMap;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: ResourceOptions;
  readonly aliases: readonly AliasSpec[];
  readonly replacementTrigger?: PropertyValue;
  readonly sourcePosition?: string;
}

/** A resource that a program reads. */
export interface ReadGoal extends Goal {
  readonly id: string;
}

/** The state that a goal asks for: without an id and outputs, which come of carrying out a step. */
export function desiredState(
  goal: Goal,
  old: ResourceState | undefined,
  alias: string | undefined,
): ResourceState {
  const { options } = goal;
  const timeouts = timeoutsOf(options.customTimeouts);
  return {
    urn: goal.urn,
    type: goal.type,
    custom: goal.custom,
    inputs: goal.inputs,
    outputs: {},
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    ...(goal.parent === undefined ? {} : { parent: goal.parent }),
    ...(goal.provider === undefined ? {} : { provider: goal.provider }),
    ...(options.protect === true ? { protect: true } : {}),
    ...(options.retainOnDelete === true ? { retainOnDelete: true } : {}),
    ...(options.deletedWith === undefined ? {} : { deletedWith: options.deletedWith }),
    ...(options.replaceWith === undefined ? {} : { replaceWith: options.replaceWith }),
    ...(options.ignoreChanges === undefined ? {} : { ignoreChanges: options.ignoreChanges }),
    ...(options.replaceOnChanges === undefined ? {} : { replaceOnChanges: options.replaceOnChanges }),
    ...(options.hideDiffs === undefined ? {} : { hideDiff: options.hideDiffs }),
    ...(options.additionalSecretOutputs === undefined
      ? {}
      : { additionalSecretOutputs: options.additionalSecretOutputs }),
    ...(alias === undefined ? {} : { aliases: [alias] }),
    ...(timeouts === undefined ? {} : { customTimeouts: timeouts }),
    ...(options.importId === undefined ? {} : { importId: options.importId }),
    ...(goal.replacementTrigger === undefined ? {} : { replacementTrigger: goal.replacementTrigger }),
    ...(goal.sourcePosition === undefined ? {} : { sourcePosition: goal.sourcePosition }),
    ...timesOf(old),
  };
}

/** When a resource was made and last changed. */
export function timesOf(state: ResourceState | undefined): Pick<ResourceState, "created" | "modified"> {
  return {
    ...(state?.created === undefined ? {} : { created: state.created }),
    ...(state?.modified === undefined ? {} : { modified: state.modified }),
  };
}

function timeoutsOf(durations: Readonly<Record<string, string>> | undefined): CustomTimeouts | undefined {
  if (durations === undefined) return undefined;
  return Object.fromEntries(Object.entries(durations).map(([operation, text]) => [operation, seconds(text)]));
}
