/** What a program asks for: one resource, with its URN and provider chosen, before anything is known of the past. */
import type { CustomTimeouts, ResourceState } from "../checkpoint/state";
import { seconds } from "../duration";
import type { ResourceOptions } from "../monitor/declaration";
import type { AliasSpec } from "../monitor/requests";
import type { PropertyMap, PropertyValue } from "../property/values";
import { RegistrationError } from "../registration-error";

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
  const timeouts = timeoutsOf(goal.urn, options.customTimeouts);
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

function timeoutsOf(
  urn: string,
  durations: Readonly<Record<string, string>> | undefined,
): CustomTimeouts | undefined {
  if (durations === undefined) return undefined;
  const entries = Object.entries(durations).map(
    ([operation, text]) => [operation, text, seconds(text)] as const,
  );
  const wrong = entries.filter(([, , known]) => known === undefined);
  if (wrong.length > 0) {
    const told = wrong.map(([operation, text]) => `${operation}: ${JSON.stringify(text)}`).join(", ");
    throw new RegistrationError(
      `customTimeouts are durations such as "90s", "10m" or "1h30m", not ${told}`,
      urn,
    );
  }
  return Object.fromEntries(entries.map(([operation, , known]) => [operation, known]));
}
