/** Requests to the `testing` provider, with what a test does not care about filled in. */
import type * as api from "../../../engine/provider/provider";
import type { PropertyMap } from "../../../engine/provider/values";

export function subject(type: string, name: string): api.Subject {
  return { urn: `urn:pulumi:dev::trial::${type}::${name}`, type, name };
}

export function checkRequest(
  type: string,
  name: string,
  newInputs: PropertyMap,
  more?: Partial<api.CheckRequest>,
) {
  return { ...subject(type, name), oldInputs: undefined, newInputs, randomSeed: new Uint8Array(32), ...more };
}

export function createRequest(
  type: string,
  name: string,
  inputs: PropertyMap,
  more?: Partial<api.CreateRequest>,
) {
  return { ...subject(type, name), inputs, timeout: 0, preview: false, ...more };
}

export function readRequest(type: string, name: string, id: string, more?: Partial<api.ReadRequest>) {
  return { ...subject(type, name), id, inputs: undefined, outputs: undefined, ...more };
}

/** A diff or an update: the old outputs are the old inputs unless `more` says otherwise. */
export function changeRequest(
  type: string,
  name: string,
  id: string,
  [oldInputs, newInputs]: readonly [PropertyMap, PropertyMap],
  more?: Partial<api.UpdateRequest>,
) {
  const rest = { oldOutputs: oldInputs, ignoreChanges: [], timeout: 0, preview: false, ...more };
  return { ...subject(type, name), id, oldInputs, newInputs, ...rest };
}

export function deleteRequest(type: string, name: string, id: string, more?: Partial<api.DeleteRequest>) {
  return { ...subject(type, name), id, inputs: {}, outputs: {}, timeout: 0, ...more };
}
