/** Reads what is really there of one resource, and takes it into the state. Nothing is changed but the state. */
import type { ResourceState } from "../checkpoint/state";
import { askForDifference, compareExactly, type Difference, SAME } from "../plan/difference";
import type { RefreshStep } from "../plan/step";
import { equal } from "../property/compare";
import type { PropertyMap } from "../property/values";
import type { PropertyDiff, PropertyDiffKind, ReadResponse } from "../provider/provider";
import { isProviderType } from "../urn";
import type { ExecutorOptions } from "./executor";
import { subjectOf } from "./intent";
import { recorded, type Work } from "./recorded";
import { withSecretOutputs } from "./secrets";

/** What was found: the state as it is now, undefined when the resource is gone. */
export interface Refreshed {
  readonly state: ResourceState | undefined;
  /** What a deployment of the old inputs would change, seen from the other side. */
  readonly difference: Difference;
}

/** Whether a resource is something outside that can be read. */
export function isReadable(state: ResourceState): boolean {
  return state.custom && !isProviderType(state.type) && state.pendingReplacement !== true;
}

/** Reads a resource. What a provider cannot tell stays as it was. Throws what the provider throws. */
export async function refresh({ old }: RefreshStep, options: ExecutorOptions): Promise<Refreshed> {
  if (old.provider === undefined) throw new Error(`${old.urn} has no provider`);
  const provider = await options.registry.get(old.provider);
  const { id = "", inputs, outputs } = old;
  let difference = SAME;
  const { made: state } = await recorded(options, undefined, async (): Promise<Work> => {
    const found = await provider.read({ ...subjectOf(old), id, inputs, outputs });
    if (found === undefined) return { removes: old, inPlace: true };
    const made = stateOf(old, found, options.now);
    // Nobody wants anything of what is only read: its outputs are all that can differ.
    difference =
      old.external === true
        ? differenceOfOutputs(outputs, made.outputs)
        : inverted(await askForDifference(provider, made, inputs, old.ignoreChanges ?? []));
    return { made, removes: old, inPlace: true };
  });
  return { state, difference };
}

function stateOf(old: ResourceState, found: NonNullable<ReadResponse>, now: () => string): ResourceState {
  const { initErrors: _before, ...kept } = old;
  const { outputs, inputs = old.inputs, initErrors = [] } = found;
  const changed = !equal(inputs, old.inputs) || !equal(outputs, old.outputs);
  return withSecretOutputs({
    ...kept,
    id: found.id,
    inputs,
    outputs,
    ...(initErrors.length === 0 ? {} : { initErrors }),
    ...(changed ? { modified: now() } : {}),
  });
}

function differenceOfOutputs(before: PropertyMap, after: PropertyMap): Difference {
  const difference = compareExactly(before, after);
  return withDetails(difference, (diff) => ({ ...diff, inputDiff: false }));
}

function withDetails(difference: Difference, change: (diff: PropertyDiff) => PropertyDiff): Difference {
  const detailed = Object.entries(difference.detailed).map(([path, diff]) => [path, change(diff)]);
  return { ...difference, detailed: Object.fromEntries(detailed) };
}

const OPPOSITE: Readonly<Record<PropertyDiffKind, PropertyDiffKind>> = {
  add: "delete",
  "add-replace": "delete-replace",
  delete: "add",
  "delete-replace": "add-replace",
  update: "update",
  "update-replace": "update-replace",
};

function inverted(difference: Difference): Difference {
  return withDetails(difference, (diff) => ({ ...diff, kind: OPPOSITE[diff.kind] }));
}
