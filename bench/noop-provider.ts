/** The provider `noop`: agrees with everything and does nothing, so that what a bench measures is the engine. */
import { isDeepStrictEqual } from "node:util";
import type * as api from "../engine/provider/provider";

export class NoopProvider implements api.Provider {
  readonly name = "noop";
  readonly version = "1.0.0";
  readonly features: api.ProviderFeatures = { acceptsSecrets: true, supportsPreview: true };
  #made = 0;

  async configure(): Promise<void> {}

  async check({ newInputs }: api.CheckRequest): Promise<api.CheckResponse> {
    return { inputs: newInputs, failures: [] };
  }

  /** Nothing is made anew. */
  async diff({ oldInputs, newInputs }: api.DiffRequest): Promise<api.DiffResponse> {
    const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])];
    const diffs = keys.filter((key) => !isDeepStrictEqual(oldInputs[key], newInputs[key]));
    return { changes: diffs.length === 0 ? "none" : "some", replaces: [], diffs, deleteBeforeReplace: false };
  }

  /** Ids count up from 1. */
  async create({ inputs, preview }: api.CreateRequest): Promise<api.CreateResponse> {
    if (preview) return { id: "", outputs: inputs };
    this.#made += 1;
    return { id: String(this.#made), outputs: inputs };
  }

  /** Everything is as it was last seen. */
  async read({ id, inputs, outputs = {} }: api.ReadRequest): Promise<api.ReadResponse> {
    return { id, inputs, outputs };
  }

  async update({ newInputs }: api.UpdateRequest): Promise<api.UpdateResponse> {
    return { outputs: newInputs };
  }

  async delete(): Promise<void> {}

  async invoke({ arguments: given }: api.InvokeRequest): Promise<api.InvokeResponse> {
    return { result: given, failures: [] };
  }

  async trace(): Promise<api.Trace> {
    return { kind: "nothing" };
  }

  async cancel(): Promise<void> {}

  async close(): Promise<void> {}
}
