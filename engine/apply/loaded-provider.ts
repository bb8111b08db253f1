/**
 * A provider that a run has loaded, and what the engine does in its place: while its configuration is not known,
 * where it cannot preview, and where it knows no marks of secrets. Nothing is asked of a server before the server was
 * admitted.
 */
import { type Advisor, DiffUnavailableError } from "../plan/providers";
import { withoutSecrets, withSecretsOf } from "../property/secretness";
import { isUnknown, type PropertyMap, some } from "../property/values";
import { InitFailedError, ProviderError } from "../provider/errors";
import type {
  CheckRequest,
  CheckResponse,
  CreateRequest,
  CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  InvokeRequest,
  InvokeResponse,
  Provider,
  ReadRequest,
  ReadResponse,
  Target,
  Trace,
  TraceRequest,
  UpdateRequest,
  UpdateResponse,
} from "../provider/provider";
import { Discretion } from "./discretion";
import { withContents, withoutContents } from "./elided-assets";

/** Throws ProviderError for a server that is not to be touched. */
export type Admission = (packageName: string, target: Target) => void;

export class LoadedProvider implements Advisor {
  #configured: "not yet" | "unknown" | "known" = "not yet";
  #admitted: Promise<void> | undefined;
  readonly #discretion = new Discretion();

  constructor(
    readonly provider: Provider,
    private readonly admission: Admission,
  ) {}

  get #marks(): boolean {
    return this.provider.features.acceptsSecrets;
  }

  async checkConfig(request: CheckRequest): Promise<CheckResponse> {
    if (this.provider.checkConfig === undefined) return { inputs: request.newInputs, failures: [] };
    return this.#checked(request, this.provider.checkConfig);
  }

  async diffConfig(request: DiffRequest): Promise<DiffResponse> {
    const unknown = { changes: "unknown", replaces: [], diffs: [], deleteBeforeReplace: false } as const;
    const asked = this.#ofDiff(request);
    return (await this.#discretion.keep(request, async () => this.provider.diffConfig?.(asked))) ?? unknown;
  }

  /** Hands over the configuration; while a part of it is not known, the provider is not asked at all. */
  async configure(inputs: PropertyMap): Promise<void> {
    if (some(inputs, isUnknown)) {
      this.#configured = "unknown";
      return;
    }
    this.#discretion.remember(inputs);
    await this.#discretion.keep(inputs, () => this.provider.configure({ inputs }));
    this.#configured = "known";
  }

  async check(request: CheckRequest): Promise<CheckResponse> {
    if (this.#configured === "unknown") return { inputs: request.newInputs, failures: [] };
    return this.#checked(request, this.provider.check);
  }

  async diff(request: DiffRequest): Promise<DiffResponse> {
    if (this.#configured === "unknown") {
      throw new DiffUnavailableError(
        "The provider for this resource has inputs that are not known during preview. This preview may not " +
          "correctly represent the changes that will be applied during an update.",
      );
    }
    return this.#discretion.keep(request, () => this.provider.diff(this.#ofDiff(request)));
  }

  async create(request: CreateRequest): Promise<CreateResponse> {
    if (request.preview) {
      if (this.#configured === "unknown") return { id: "", outputs: {} };
      if (!this.provider.features.supportsPreview) return { id: "", outputs: request.inputs };
    } else await this.#admit();
    const asked = { ...request, inputs: this.#toProvider(request.inputs) };
    const { id, outputs } = await this.#discretion.keep(request, () =>
      this.#marking(request.inputs, this.provider.create(asked)),
    );
    if (id === "" && !request.preview) throw new ProviderError("provider did not return an ID from Create");
    return { id, outputs: this.#fromProvider(request.inputs, known(request, outputs)) };
  }

  async read(request: ReadRequest): Promise<ReadResponse> {
    if (this.#configured === "unknown") {
      return { id: request.id, inputs: request.inputs, outputs: request.outputs ?? {} };
    }
    await this.#admit();
    const { inputs, outputs } = request;
    const asked = {
      ...request,
      inputs: inputs === undefined ? undefined : this.#oldToProvider(inputs),
      outputs: outputs === undefined ? undefined : this.#oldToProvider(outputs),
    };
    const answer = await this.#discretion.keep(request, () => this.provider.read(asked));
    if (answer === undefined) return undefined;
    const { initErrors } = answer;
    const known = [inputs ?? {}, outputs ?? {}];
    const found = answer.inputs === undefined ? undefined : withContents(answer.inputs, ...known);
    return {
      ...answer,
      ...(initErrors === undefined
        ? {}
        : { initErrors: this.#discretion.blank([request, answer], initErrors) }),
      inputs: found === undefined ? undefined : this.#fromProvider(inputs ?? {}, found),
      outputs: this.#fromProvider({ ...inputs, ...outputs }, withContents(answer.outputs, ...known)),
    };
  }

  async update(request: UpdateRequest): Promise<UpdateResponse> {
    if (request.preview) {
      if (this.#configured === "unknown") return { outputs: {} };
      if (!this.provider.features.supportsPreview) return { outputs: request.newInputs };
    } else await this.#admit();
    const { oldInputs, oldOutputs, newInputs } = request;
    const asked = {
      ...request,
      oldInputs: this.#oldToProvider(oldInputs),
      oldOutputs: this.#oldToProvider(oldOutputs),
      newInputs: this.#toProvider(newInputs),
    };
    const { outputs } = await this.#discretion.keep(request, () =>
      this.#marking(newInputs, this.provider.update(asked)),
    );
    return { outputs: this.#fromProvider(newInputs, known(request, outputs)) };
  }

  async delete(request: DeleteRequest): Promise<void> {
    await this.#admit();
    const asked = {
      ...request,
      inputs: this.#oldToProvider(request.inputs),
      outputs: this.#oldToProvider(request.outputs),
    };
    await this.#discretion.keep(request, () => this.provider.delete(asked));
  }

  /** The result is undefined while it cannot be known. */
  async invoke(request: InvokeRequest): Promise<InvokeResponse | undefined> {
    if (this.#configured === "unknown" || some(request.arguments, isUnknown)) return undefined;
    await this.#admit();
    const asked = { ...request, arguments: this.#toProvider(request.arguments) };
    const { result, failures } = await this.#discretion.keep(request, () => this.provider.invoke(asked));
    return {
      result: this.#fromProvider(request.arguments, result),
      failures: this.#discretion.blank(request, failures),
    };
  }

  async trace(request: TraceRequest): Promise<Trace | undefined> {
    const asked = { ...request, inputs: this.#toProvider(request.inputs) };
    return this.#discretion.keep(request, async () => this.provider.trace?.(asked));
  }

  /** Asks the server once what it is, before anything else is asked of it. */
  #admit(): Promise<void> {
    if (this.provider.target === undefined) return Promise.resolve();
    const { target } = this.provider;
    this.#admitted ??= this.#discretion
      .keep(undefined, () => target.call(this.provider))
      .then((told) => this.admission(this.provider.name, told));
    return this.#admitted;
  }

  async #checked(request: CheckRequest, check: Provider["check"]): Promise<CheckResponse> {
    const { oldInputs, newInputs } = request;
    const asked = {
      ...request,
      oldInputs: oldInputs === undefined ? undefined : this.#toProvider(oldInputs),
      newInputs: this.#toProvider(newInputs),
    };
    const answer = await this.#discretion.keep(request, () => check.call(this.provider, asked));
    return {
      inputs: this.#fromProvider(newInputs, answer.inputs),
      failures: this.#discretion.blank(request, answer.failures),
    };
  }

  #ofDiff(request: DiffRequest): DiffRequest {
    return {
      ...request,
      oldInputs: this.#oldToProvider(request.oldInputs),
      oldOutputs: this.#oldToProvider(request.oldOutputs),
      newInputs: this.#oldToProvider(request.newInputs),
    };
  }

  /** What a provider is only to compare, or to find again, goes without the contents of assets. */
  #oldToProvider(properties: PropertyMap): PropertyMap {
    return this.#toProvider(withoutContents(properties));
  }

  #toProvider(properties: PropertyMap): PropertyMap {
    return this.#marks ? properties : withoutSecrets(properties);
  }

  #fromProvider(question: PropertyMap, answer: PropertyMap): PropertyMap {
    return this.#marks ? answer : withSecretsOf(answer, question);
  }

  /** The state in a partial failure is marked like one in an answer. */
  async #marking<T>(question: PropertyMap, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof InitFailedError) || this.#marks) throw error;
      const { state } = error;
      const { inputs, outputs } = state;
      throw new InitFailedError(error.message, {
        ...state,
        outputs: withSecretsOf(outputs, question),
        ...(inputs === undefined ? {} : { inputs: withSecretsOf(inputs, question) }),
      });
    }
  }
}

/** An answer must be whole once a deployment is real. */
function known({ preview, urn }: { preview: boolean; urn: string }, outputs: PropertyMap): PropertyMap {
  if (preview || !some(outputs, isUnknown)) return outputs;
  const names = Object.keys(outputs).filter((key) => some(outputs[key] ?? null, isUnknown));
  throw new ProviderError(`the provider left outputs of ${urn} unknown: ${names.join(", ")}`);
}
