/** Marks of secrets, where a resource's outputs must have them. */
import type { ResourceState } from "../checkpoint/state";
import { isSecret, mapEntries, secret } from "../property/values";

/** The state with outputs secret that the program wants so, and those that repeat a secret input. */
export function withSecretOutputs(state: ResourceState): ResourceState {
  const wanted = new Set(state.additionalSecretOutputs ?? []);
  const outputs = mapEntries(state.outputs, (value, key) => {
    const input = state.inputs[key];
    return wanted.has(key) || (input !== undefined && isSecret(input)) ? secret(value) : value;
  });
  return { ...state, outputs };
}
