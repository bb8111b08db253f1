/** Marks of secrets, where a provider does not know them, and where a resource's outputs must have them. */
import type { ResourceState } from "../checkpoint/state";
import {
  isList,
  isMap,
  isSecret,
  mapEntries,
  type PropertyMap,
  type PropertyValue,
  secret,
  signatureOf,
  some,
} from "../property/values";

/**
 * The answer of a provider that does not know marks, with those of the question put back: at the same keys, and
 * around whole values where the parts cannot be told apart.
 */
export function markedAs(question: PropertyMap, answer: PropertyMap): PropertyMap {
  return mapEntries(answer, (value, key) => {
    const asked = question[key];
    if (asked === undefined || isSecret(value)) return value;
    if (isPlain(asked) && isPlain(value)) return markedAs(asked, value);
    return some(asked, isSecret) ? secret(value) : value;
  });
}

function isPlain(value: PropertyValue): value is PropertyMap {
  return isMap(value) && !isList(value) && signatureOf(value) === undefined;
}

/** The state with outputs secret that the program wants so, and those that repeat a secret input. */
export function withSecretOutputs(state: ResourceState): ResourceState {
  const wanted = new Set(state.additionalSecretOutputs ?? []);
  const outputs = mapEntries(state.outputs, (value, key) => {
    const input = state.inputs[key];
    return wanted.has(key) || (input !== undefined && isSecret(input)) ? secret(value) : value;
  });
  return { ...state, outputs };
}
