/** The value that stands for a resource's identity: the resource is made anew when it changes. */
import type { ResourceState } from "../checkpoint/state";
import { equal } from "../property/compare";
import { isSecret, isUnknown, mapValue, type PropertyValue, some } from "../property/values";
import { RegistrationError } from "../registration-error";
import type { Goal } from "./goal";

/** Whether the trigger is another one. One that came or went triggers nothing; one that is not known does. */
export function isTriggered(goal: Goal, old: ResourceState, preview: boolean): boolean {
  const [now, before] = [plain(goal.replacementTrigger), plain(old.replacementTrigger)];
  if (isPartlyUnknown(now) && !preview) {
    throw new RegistrationError(`replacement trigger contains unknowns for ${goal.urn}`, goal.urn);
  }
  if (isPartlyUnknown(now) || isPartlyUnknown(before)) return true;
  return now !== null && before !== null && !equal(now, before);
}

function isPartlyUnknown(value: PropertyValue): boolean {
  return some(value, isUnknown);
}

/** A value without marks of secrets; null when there is none. */
function plain(value: PropertyValue | undefined): PropertyValue {
  return mapValue(value ?? null, (part) => (isSecret(part) ? part.value : part));
}
