/** A resource's inputs on the way to its steps: what is ignored, what its provider makes of them, what policies say. */
import type { ResourceState } from "../checkpoint/state";
import type { PropertyMap } from "../property/values";
import { RegistrationError } from "../registration-error";
import { ignore } from "./difference";
import type { Goal } from "./goal";
import type { PlannerOptions } from "./options";

/**
 * The wanted state with checked inputs. Throws RegistrationError with all that the provider refuses.
 *
 * @param old what the new inputs follow; undefined for a resource that is new, or made anew
 * @param randomSeed the same for every question about the resource
 */
export async function withCheckedInputs(
  goal: Goal,
  wanted: ResourceState,
  old: ResourceState | undefined,
  randomSeed: Uint8Array,
  options: Pick<PlannerOptions, "providers" | "judge" | "report">,
): Promise<ResourceState> {
  let inputs = goal.inputs;
  if (old !== undefined) {
    const kept = ignore(goal.options.ignoreChanges ?? [], old.inputs, inputs);
    if (kept.stuck.length > 0) {
      const message = `cannot ignore changes in added or removed elements of the path: ${kept.stuck.join(", ")}`;
      options.report({ severity: "info", message, urn: goal.urn });
    }
    inputs = kept.inputs;
  }
  if (goal.custom) inputs = await check(goal, old?.inputs, inputs, randomSeed, options);
  const state = { ...wanted, inputs };
  return options.judge === undefined ? state : { ...state, inputs: await options.judge(state, goal) };
}

async function check(
  goal: Goal,
  oldInputs: PropertyMap | undefined,
  newInputs: PropertyMap,
  randomSeed: Uint8Array,
  { providers }: Pick<PlannerOptions, "providers">,
): Promise<PropertyMap> {
  const { urn, type, name } = goal;
  const advisor = await providers.advisorOf(goal);
  const { inputs, failures } = await advisor.check({ urn, type, name, oldInputs, newInputs, randomSeed });
  if (failures.length === 0) return inputs;
  const told = failures.map(({ property, reason }) =>
    property === "" ? reason : `property ${property}: ${reason}`,
  );
  throw new RegistrationError(`${type} resource '${name}' has a problem: ${told.join("; ")}`, urn);
}
