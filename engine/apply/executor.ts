/**
 * Carries steps out: asks the provider to do what a step says, records it before and after, and says what the
 * resource is now. It decides nothing: neither what is done, nor what follows from a failure.
 */
import type { ResourceState } from "../checkpoint/state";
import { undeletable } from "../plan/refusals";
import {
  type CreateReplacementStep,
  type CreateStep,
  type DeleteStep,
  type ForgetStep,
  goingAlong,
  type ImportStep,
  type ReadStep,
  type SameStep,
  type UpdateStep,
} from "../plan/step";
import { equal } from "../property/compare";
import { isUnknown } from "../property/values";
import { InitFailedError, ProviderError } from "../provider/errors";
import { isProviderType } from "../urn";
import { type Intent, intentTo, intentToCreate, subjectOf } from "./intent";
import { isWorthKeeping } from "./keeping";
import { type RecordOptions, recorded, type Work } from "./recorded";
import type { ProviderRegistry } from "./registry";
import { withSecretOutputs } from "./secrets";

/** A step that changes or reads one resource. */
export type ExecutableStep =
  | SameStep
  | CreateStep
  | CreateReplacementStep
  | UpdateStep
  | DeleteStep
  | ForgetStep
  | ReadStep
  | ImportStep;

export interface ExecutorOptions extends RecordOptions {
  readonly registry: ProviderRegistry;
  /** The time, RFC 3339. */
  readonly now: () => string;
}

/** What became of a provider's request: the state, and what is not in order with it. */
interface Outcome {
  readonly state: ResourceState;
  readonly error?: InitFailedError;
}

export class Executor {
  constructor(private readonly options: ExecutorOptions) {}

  /** Carries a step out. The state is undefined for a resource that is gone. Throws what the provider throws. */
  async execute(step: ExecutableStep): Promise<ResourceState | undefined> {
    switch (step.op) {
      case "same":
        return this.#same(step);
      case "create":
      case "create-replacement":
        return this.#create(step);
      case "update":
        return this.#update(step);
      case "read":
      case "read-replacement":
        return this.#read(step);
      case "import":
      case "import-replacement":
        return this.#import(step);
      case "remove-pending-replace":
        await this.#record(undefined, async () => ({ removes: step.old }));
        return undefined;
      default:
        await this.#delete(step);
        return undefined;
    }
  }

  /** Replaces the outputs of a component that this run registered. */
  async outputs(before: ResourceState, after: ResourceState): Promise<void> {
    await this.options.recorder?.outputs(before, after, equal(before.outputs, after.outputs));
  }

  get #preview(): boolean {
    return this.options.recorder === undefined;
  }

  async #same({ old, new: wanted }: SameStep): Promise<ResourceState> {
    const { id } = old;
    const state = withSecretOutputs({
      ...wanted,
      outputs: old.outputs,
      ...(id === undefined ? {} : { id }),
      ...(old.initErrors === undefined ? {} : { initErrors: old.initErrors }),
      ...unknownTo(old),
    });
    if (isProviderType(state.type)) await this.options.registry.same({ ...state, inputs: old.inputs });
    await this.#record(undefined, async () => ({
      made: state,
      removes: old,
      unimportant: !isWorthKeeping(old, state),
    }));
    return state;
  }

  async #create(step: CreateStep | CreateReplacementStep): Promise<ResourceState> {
    const wanted = step.new;
    const replaced = step.op === "create-replacement" ? step : undefined;
    const intent = this.#preview ? undefined : await intentToCreate(wanted, this.options.registry);
    const outcome = await this.#record(intent, async () => {
      const made = await this.#made(wanted);
      if (replaced === undefined) return { made: made.state, error: made.error };
      const old = replaced.keepsOld ? { marksForDeletion: replaced.old } : { removes: replaced.old };
      return { made: made.state, error: made.error, ...old };
    });
    return outcome.made ?? wanted;
  }

  async #made(wanted: ResourceState): Promise<Outcome> {
    if (!wanted.custom) return { state: this.#stamped(wanted) };
    if (isProviderType(wanted.type)) {
      return { state: this.#stamped({ ...wanted, ...(await this.options.registry.create(wanted)) }) };
    }
    const provider = await this.#providerOf(wanted);
    try {
      const { id, outputs } = await provider.create({
        ...subjectOf(wanted),
        inputs: wanted.inputs,
        timeout: wanted.customTimeouts?.create ?? 0,
        preview: this.#preview,
      });
      return { state: this.#stamped(withSecretOutputs({ ...wanted, id, outputs })) };
    } catch (error) {
      if (!(error instanceof InitFailedError)) throw error;
      const { id, outputs, reasons, inputs = wanted.inputs } = error.state;
      const state = { ...wanted, id, outputs, inputs, initErrors: reasons };
      return { state: this.#stamped(withSecretOutputs(state)), error };
    }
  }

  async #update({ old, new: wanted }: UpdateStep): Promise<ResourceState> {
    const intent = intentTo("updating", { ...wanted, ...(old.id === undefined ? {} : { id: old.id }) });
    const { made } = await this.#record(intent, async () => {
      const { state, error } = await this.#changed(old, { ...wanted, ...unknownTo(old) });
      return { made: state, removes: old, error };
    });
    return made ?? wanted;
  }

  async #changed(old: ResourceState, wanted: ResourceState): Promise<Outcome> {
    if (!wanted.custom) return { state: wanted };
    const { id = "" } = old;
    if (isProviderType(wanted.type)) {
      return {
        state: this.#modified({ ...wanted, id, ...(await this.options.registry.update(wanted, id)) }),
      };
    }
    const provider = await this.#providerOf(wanted);
    try {
      const { outputs } = await provider.update({
        ...subjectOf(wanted),
        id,
        oldInputs: old.inputs,
        oldOutputs: old.outputs,
        newInputs: wanted.inputs,
        timeout: wanted.customTimeouts?.update ?? 0,
        ignoreChanges: wanted.ignoreChanges ?? [],
        preview: this.#preview,
      });
      return { state: this.#modified(withSecretOutputs({ ...wanted, id, outputs })) };
    } catch (error) {
      if (!(error instanceof InitFailedError)) throw error;
      // With the old inputs, the next deployment sees what is still to be changed.
      const state = { ...wanted, id, inputs: old.inputs, ...partly(error) };
      return { state: this.#modified(withSecretOutputs(state)), error };
    }
  }

  async #delete(step: DeleteStep): Promise<void> {
    const { old, spared, awaitsReplacement } = step;
    if (old.protect === true && step.op === "delete") {
      throw new ProviderError(undeletable(old.urn));
    }
    if (this.#preview) return;
    await this.#record(intentTo("deleting", old), async () => {
      if (old.custom && spared === undefined) {
        const provider = isProviderType(old.type) ? undefined : await this.#providerOf(old);
        await provider?.delete({
          ...subjectOf(old),
          id: old.id ?? "",
          inputs: old.inputs,
          outputs: old.outputs,
          timeout: old.customTimeouts?.delete ?? 0,
        });
      }
      const along = goingAlong(step).map((other) => other.old);
      return {
        ...(awaitsReplacement ? { marksPendingReplacement: old } : { removes: old }),
        ...(along.length === 0 ? {} : { along }),
      };
    });
  }

  async #read({ new: wanted, old, op }: ReadStep): Promise<ResourceState> {
    const id = wanted.id ?? "";
    const { made } = await this.#record(intentTo("reading", wanted), async () => {
      const state = isUnknown(id) ? wanted : await this.#found(wanted, id);
      const made = this.#reread(withSecretOutputs(state), old);
      if (old === undefined) return { made };
      return op === "read-replacement" ? { made, marksForDeletion: old } : { made, removes: old };
    });
    return made ?? wanted;
  }

  async #found(wanted: ResourceState, id: string): Promise<ResourceState> {
    const provider = await this.#providerOf(wanted);
    const known = Object.keys(wanted.inputs).length === 0 ? undefined : wanted.inputs;
    const found = await provider.read({ ...subjectOf(wanted), id, inputs: known, outputs: known });
    if (found === undefined) throw new ProviderError(`resource '${id}' does not exist`);
    return { ...wanted, id: found.id || id, outputs: found.outputs };
  }

  /** What is read again has changed now, where anything else is found than before. */
  #reread(found: ResourceState, old: ResourceState | undefined): ResourceState {
    const known = old === undefined || (equal(old.inputs, found.inputs) && equal(old.outputs, found.outputs));
    return known ? found : this.#modified(found);
  }

  async #import({ op, new: wanted, id, old }: ImportStep): Promise<ResourceState> {
    const { made } = await this.#record(intentTo("importing", wanted), async () => {
      const provider = await this.#providerOf(wanted);
      const found = await provider.read({ ...subjectOf(wanted), id, inputs: undefined, outputs: undefined });
      if (found === undefined) throw new ProviderError(`resource '${id}' does not exist`);
      if (found.inputs === undefined)
        throw new ProviderError("provider does not support importing resources");
      const state = { ...wanted, id: found.id || id, inputs: found.inputs, outputs: found.outputs };
      const made = this.#stamped(withSecretOutputs(state));
      if (old === undefined) return { made };
      return op === "import" ? { made, removes: old } : { made, marksForDeletion: old };
    });
    return made ?? wanted;
  }

  #record<T extends Work>(intent: Intent | undefined, work: () => Promise<T>): Promise<T> {
    return recorded(this.options, intent, work);
  }

  #providerOf(state: ResourceState): ReturnType<ProviderRegistry["get"]> {
    if (state.provider === undefined) throw new Error(`${state.urn} has no provider`);
    return this.options.registry.get(state.provider);
  }

  #stamped(state: ResourceState): ResourceState {
    if (this.#preview) return state;
    const now = this.options.now();
    return { ...state, created: now, modified: now };
  }

  #modified(state: ResourceState): ResourceState {
    return this.#preview ? state : { ...state, modified: this.options.now() };
  }
}

function partly({
  state: { outputs, reasons },
}: InitFailedError): Pick<ResourceState, "outputs" | "initErrors"> {
  return { outputs, initErrors: reasons };
}

/** What a newer engine wrote of the same resource. */
function unknownTo({ others }: ResourceState): Pick<ResourceState, "others"> {
  return others === undefined ? {} : { others };
}
