/**
 * The providers of one run. A provider is a resource like any other; the one that serves it is this registry: to
 * create it is to configure it, and to delete it is to let it go.
 */
import { randomUUID } from "node:crypto";
import type { ResourceState } from "../checkpoint/state";
import type { Advisor, PlanProviders } from "../plan/providers";
import { equal } from "../property/compare";
import { type PropertyMap, UNKNOWN } from "../property/values";
import { checked } from "../provider/checked";
import { ProviderError } from "../provider/errors";
import type {
  CheckRequest,
  CheckResponse,
  DiffRequest,
  DiffResponse,
  ProviderFactory,
} from "../provider/provider";
import { providerReference, referencedUrn } from "../provider-reference";
import { RegistrationError } from "../registration-error";
import { isProviderType, packageOf, parseUrn, urnType } from "../urn";
import { type Admission, LoadedProvider } from "./loaded-provider";
import { passThrough } from "./pass-through";

export interface RegistryOptions {
  /** By package. */
  readonly factories: Readonly<Record<string, ProviderFactory>>;
  readonly admission: Admission;
  readonly preview: boolean;
  /** Resources of the last deployment; providers that were replaced are among them. */
  readonly old: readonly ResourceState[];
  /** The configuration of an old provider as it is to be now: its server may have another port or password. */
  readonly currentInputs?: (provider: ResourceState) => PropertyMap;
  /** Gets the packages that nothing here serves, when a preview passes them through. */
  readonly onPassThrough?: (packageName: string) => void;
}

/** What belongs to the engine and not to the provider. */
const INTERNAL = "__internal";

export class ProviderRegistry implements PlanProviders {
  readonly #loaded = new Map<string, Promise<LoadedProvider>>();
  /** Checked, and not configured yet, by URN. */
  readonly #candidates = new Map<string, LoadedProvider>();
  /** Inputs of the providers that this run configured, by reference: the old one of a URN may come after the new. */
  readonly #inputs = new Map<string, PropertyMap>();
  readonly #all = new Set<LoadedProvider>();
  /** Providers of the last deployment, by reference. */
  readonly #old: ReadonlyMap<string, ResourceState>;

  constructor(private readonly options: RegistryOptions) {
    this.#old = new Map(
      options.old
        .filter(({ type }) => isProviderType(type))
        .map((state) => [providerReference(state.urn, state.id ?? ""), state]),
    );
  }

  /** The provider behind a reference. Throws RegistrationError for one that this run has not configured. */
  async get(reference: string): Promise<LoadedProvider> {
    const loaded = this.#loaded.get(reference);
    if (loaded !== undefined) return loaded;
    await this.ensure(reference);
    return this.get(reference);
  }

  async advisorOf({ type, provider }: Pick<ResourceState, "type" | "provider">): Promise<Advisor> {
    if (isProviderType(type)) {
      return { check: (request) => this.#check(request), diff: (request) => this.#diff(request) };
    }
    if (provider === undefined) throw new Error(`a resource of type ${type} has no provider`);
    return this.get(provider);
  }

  async ensure(reference: string): Promise<void> {
    if (this.#loaded.has(reference)) return;
    const state = this.#old.get(reference);
    if (state === undefined) {
      throw new RegistrationError(
        `unknown provider ${reference}: it is neither in the program nor in the state`,
      );
    }
    await this.same({ ...state, inputs: this.options.currentInputs?.(state) ?? state.inputs });
  }

  async mustReplaceResources(oldReference: string, newReference: string): Promise<boolean> {
    const old = this.#old.get(oldReference);
    const urn = referencedUrn(newReference);
    const newInputs = this.#inputs.get(newReference);
    if (old === undefined || newInputs === undefined) return false;
    const provider = await this.get(newReference);
    const answer = await provider.diffConfig({
      urn,
      type: old.type,
      name: parseUrn(urn).name,
      id: old.id ?? "",
      oldInputs: configurationOf(old.inputs),
      oldOutputs: old.outputs,
      newInputs: configurationOf(newInputs),
      ignoreChanges: [],
    });
    return answer.replaces.length > 0 || isReplacing(answer);
  }

  /** Configures the provider that was checked. In a preview its id is not known. */
  async create(state: Pick<ResourceState, "urn" | "inputs">): Promise<{ id: string; outputs: PropertyMap }> {
    const id = this.options.preview ? UNKNOWN : randomUUID();
    await this.#configure(state.urn, id, state.inputs);
    return { id, outputs: configurationOf(state.inputs) };
  }

  async update(state: Pick<ResourceState, "urn" | "inputs">, id: string): Promise<{ outputs: PropertyMap }> {
    await this.#configure(state.urn, id, state.inputs);
    return { outputs: configurationOf(state.inputs) };
  }

  /** Configures a provider as it was. */
  async same(state: ResourceState): Promise<void> {
    const reference = providerReference(state.urn, state.id ?? "");
    if (this.#loaded.has(reference)) return;
    await this.#configure(state.urn, state.id ?? "", state.inputs);
  }

  /** Lets every provider go. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#all].map(({ provider }) => provider.close()));
  }

  /** Makes what is under way fail soon. */
  async cancel(): Promise<void> {
    await Promise.allSettled([...this.#all].map(({ provider }) => provider.cancel()));
  }

  #configure(urn: string, id: string, inputs: PropertyMap): Promise<LoadedProvider> {
    const configured = (async () => {
      const loaded = this.#candidates.get(urn) ?? (await this.#load(packageOf(urnType(urn))));
      this.#candidates.delete(urn);
      await loaded.configure(configurationOf(inputs));
      return loaded;
    })();
    const reference = providerReference(urn, id);
    this.#inputs.set(reference, inputs);
    this.#loaded.set(reference, configured);
    return configured;
  }

  async #load(packageName: string): Promise<LoadedProvider> {
    const factory = this.options.factories[packageName];
    if (factory === undefined && !this.options.preview) {
      const served = Object.keys(this.options.factories).join(", ");
      throw new ProviderError(
        `there is no provider for package "${packageName}" here (there are ${served}); resources of it are ` +
          "previewed, and deployed with the official CLI",
      );
    }
    if (factory === undefined) this.options.onPassThrough?.(packageName);
    const provider = factory === undefined ? passThrough(packageName) : checked(await factory());
    const loaded = new LoadedProvider(provider, this.options.admission);
    this.#all.add(loaded);
    return loaded;
  }

  async #check(request: CheckRequest): Promise<CheckResponse> {
    const loaded = await this.#load(packageOf(request.type));
    const { inputs, failures } = await loaded.checkConfig({
      ...request,
      oldInputs: request.oldInputs === undefined ? undefined : configurationOf(request.oldInputs),
      newInputs: configurationOf(request.newInputs),
    });
    if (failures.length > 0) return { inputs, failures };
    this.#candidates.set(request.urn, loaded);
    const kept = [INTERNAL, "version"].filter((key) => request.newInputs[key] !== undefined);
    const own = Object.fromEntries(kept.map((key) => [key, request.newInputs[key] ?? null]));
    return { inputs: { ...inputs, ...own }, failures };
  }

  async #diff(request: DiffRequest): Promise<DiffResponse> {
    const loaded =
      this.#candidates.get(request.urn) ?? (await this.get(providerReference(request.urn, request.id)));
    const newInputs = configurationOf(request.newInputs);
    const answer = await loaded.diffConfig({
      ...request,
      oldInputs: configurationOf(request.oldInputs),
      newInputs,
    });
    if (answer.changes !== "unknown") return answer;
    return { ...answer, changes: equal(request.oldOutputs, newInputs) ? "none" : "some" };
  }
}

/** What a provider gets of its inputs. */
function configurationOf(inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => key !== INTERNAL));
}

function isReplacing({ detailedDiff = {} }: DiffResponse): boolean {
  return Object.values(detailedDiff).some(({ kind }) => kind.endsWith("-replace"));
}
