/**
 * The provider `testing`: its objects stand in a world of its own (testing-world.ts), and it fails as it is told
 * (faults.ts). Types:
 *
 * - `testing:index:Named`: has a physical `name`, which is its id. Create refuses a name that exists.
 * - `testing:index:Made`: its id is made up, so that nobody finds what an interrupted create left behind.
 * - `testing:index:Value`: kept in the state alone. The world counts it, and holds no object.
 *
 * Inputs of all: `value`; `replaceOn`, whose change needs a replacement; `deleteBeforeReplace`, by default true for
 * a Named that keeps its name; `refuse`, a text with which Check refuses. Outputs: the inputs; `computed`, made from
 * `value`; `token`, a secret.
 */
import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  InitFailedError,
  MissingConfigurationError,
  ProviderError,
  UnimplementedError,
} from "../../../engine/provider/errors";
import type * as api from "../../../engine/provider/provider";
import {
  isMap,
  isSecret,
  isUnknown,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  secret,
  some,
  UNKNOWN,
} from "../../../engine/provider/values";
import { type Fault, type FaultOperation, nextFault } from "./faults";
import { World } from "./testing-world";

export const NAMED = "testing:index:Named";
export const MADE = "testing:index:Made";
export const VALUE = "testing:index:Value";

export interface TestingOptions {
  /** The world, or its folder. */
  readonly world: World | string;
  readonly faults?: readonly Fault[];
  /** Default: true for both. */
  readonly features?: Partial<api.ProviderFeatures>;
  /** What its server says that it is; it talks to none when absent. */
  readonly target?: api.Target;
  /** Configuration that it cannot do without. */
  readonly requires?: readonly string[];
}

type Operated = { readonly name: string; readonly timeout?: number; readonly preview?: boolean };

export class TestingProvider implements api.Provider {
  readonly name = "testing";
  readonly version = "1.2.3";
  readonly features: api.ProviderFeatures;
  readonly world: World;
  /** What it was configured with, in order. */
  readonly configurations: PropertyMap[] = [];
  readonly target?: () => Promise<api.Target>;
  readonly #options: TestingOptions;
  readonly #cancelled = new AbortController();
  closed = false;

  constructor(options: TestingOptions) {
    this.#options = options;
    this.world = typeof options.world === "string" ? new World(options.world) : options.world;
    this.features = { acceptsSecrets: true, supportsPreview: true, ...options.features };
    const { target } = options;
    if (target !== undefined) this.target = async () => target;
  }

  get cancelled(): boolean {
    return this.#cancelled.signal.aborted;
  }

  checkConfig(request: api.CheckRequest): Promise<api.CheckResponse> {
    return this.#faulty("checkConfig", request, async () => checked(request.newInputs));
  }

  diffConfig(request: api.DiffRequest): Promise<api.DiffResponse> {
    return this.#faulty("diffConfig", request, async () => difference(request, ["replaceOn"]));
  }

  configure(request: api.ConfigureRequest): Promise<void> {
    return this.#faulty("configure", { name: this.name }, async () => {
      const missing = (this.#options.requires ?? []).filter((key) => request.inputs[key] === undefined);
      if (missing.length > 0) {
        throw new MissingConfigurationError(missing.map((name) => ({ name, description: `the ${name}` })));
      }
      this.configurations.push(request.inputs);
    });
  }

  check(request: api.CheckRequest): Promise<api.CheckResponse> {
    return this.#faulty("check", request, async () => {
      const { inputs, failures } = checked(request.newInputs);
      if (request.type !== NAMED || isText(inputs.name)) return { inputs, failures };
      return { inputs, failures: [...failures, { property: "name", reason: "a name is required" }] };
    });
  }

  diff(request: api.DiffRequest): Promise<api.DiffResponse> {
    return this.#faulty("diff", request, async () => difference(request, replacingKeys(request.type)));
  }

  create(request: api.CreateRequest): Promise<api.CreateResponse> {
    const { type, urn, inputs, preview } = request;
    if (preview) return Promise.resolve({ id: "", outputs: outputsOf(inputs) });
    const id = type === NAMED ? textOf(inputs.name) : randomUUID();
    return this.#faulty(
      "create",
      request,
      async () => {
        if (this.world.object(type, id) !== undefined) {
          throw new ProviderError(
            `${type} ${JSON.stringify(id)} exists; to manage it, import it: import: ${JSON.stringify(id)}`,
          );
        }
        this.world.record({ effect: "created", type, id, urn, inputs });
        return { id, outputs: outputsOf(inputs) };
      },
      () => ({ id, outputs: outputsOf(inputs) }),
    );
  }

  read(request: api.ReadRequest): Promise<api.ReadResponse> {
    const { type, id } = request;
    return this.#faulty(
      "read",
      request,
      async () => {
        if (type === VALUE) {
          const inputs = request.inputs ?? { value: id };
          return { id, inputs, outputs: outputsOf(inputs) };
        }
        const object = this.world.object(type, id);
        return object && { id, inputs: object.inputs, outputs: outputsOf(object.inputs) };
      },
      () => ({ id, outputs: request.outputs ?? {} }),
    );
  }

  update(request: api.UpdateRequest): Promise<api.UpdateResponse> {
    const { type, id, urn, newInputs: inputs, preview } = request;
    if (preview) return Promise.resolve({ outputs: outputsOf(inputs) });
    return this.#faulty(
      "update",
      request,
      async () => {
        if (type !== VALUE && this.world.object(type, id) === undefined) {
          throw new ProviderError(
            `${type} ${JSON.stringify(id)} does not exist; refresh, and it is made anew`,
          );
        }
        this.world.record({ effect: "updated", type, id, urn, inputs });
        return { outputs: outputsOf(inputs) };
      },
      () => ({ id, outputs: outputsOf(inputs) }),
    );
  }

  delete(request: api.DeleteRequest): Promise<void> {
    const { type, id, urn } = request;
    return this.#faulty("delete", request, async () => {
      if (type === VALUE || this.world.object(type, id) !== undefined) {
        this.world.record({ effect: "deleted", type, id, urn });
      }
    });
  }

  /** `testing:index:echo` returns its arguments, `testing:index:refuse` refuses them. */
  invoke(request: api.InvokeRequest): Promise<api.InvokeResponse> {
    return this.#faulty("invoke", { name: request.token }, async () => {
      if (request.token === "testing:index:echo") return { result: request.arguments, failures: [] };
      if (request.token === "testing:index:refuse") {
        return { result: {}, failures: [{ property: "value", reason: "it is refused" }] };
      }
      throw new UnimplementedError(`testing has no function ${request.token}`);
    });
  }

  async trace({ type, inputs }: api.TraceRequest): Promise<api.Trace | undefined> {
    if (type === VALUE) return { kind: "nothing" };
    return type === NAMED ? { kind: "named", id: textOf(inputs.name) } : undefined;
  }

  async cancel(): Promise<void> {
    this.#cancelled.abort();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.#cancelled.abort();
  }

  /** Answers a request, with the fault that it meets. `partial` is what is known when it fails afterwards. */
  async #faulty<T>(
    operation: FaultOperation,
    subject: Operated,
    answer: () => Promise<T>,
    partial?: () => { id: string; outputs: PropertyMap },
  ): Promise<T> {
    const fault = nextFault(this.world, this.#options.faults ?? [], operation, subject.name);
    if (fault === undefined) return answer();
    const failure = `testing was told to fail: ${fault.kind} of ${operation} ${subject.name}`;
    if (fault.kind === "mistake") throw new TypeError(failure);
    if (fault.kind === "error-before") throw new ProviderError(failure);
    if (fault.kind === "crash-before") process.kill(process.pid, "SIGKILL");
    if (fault.kind === "hang-before") await this.#hang(operation, subject);
    if (fault.kind === "slow") await new Promise((done) => setTimeout(done, fault.milliseconds ?? 100));
    const answered = await answer();
    if (fault.kind === "error-after") throw new ProviderError(failure);
    if (fault.kind === "crash-after") process.kill(process.pid, "SIGKILL");
    if (fault.kind === "hang-after") await this.#hang(operation, subject);
    if (fault.kind === "garbage") return { outputs: "garbage", inputs: 7, changes: {} } as T;
    if (fault.kind === "unknown" && isOutputs(answered)) {
      return { ...answered, outputs: { ...answered.outputs, computed: UNKNOWN } };
    }
    if (fault.kind === "init-failed") {
      if (operation === "read" && answered !== undefined) return { ...answered, initErrors: [failure] };
      if (partial) throw new InitFailedError(failure, { ...partial(), reasons: [failure] });
    }
    return answered;
  }

  /** Does not answer until the timeout, or until the provider is cancelled. */
  async #hang(operation: FaultOperation, { name, timeout = 0 }: Operated): Promise<never> {
    const { signal } = this.#cancelled;
    await new Promise<void>((done) => {
      const timer = timeout > 0 ? setTimeout(done, timeout * 1000) : undefined;
      const end = (): void => {
        clearTimeout(timer);
        done();
      };
      if (signal.aborted) end();
      signal.addEventListener("abort", end);
    });
    throw new ProviderError(
      signal.aborted
        ? `${operation} of ${name} was cancelled`
        : `${operation} of ${name} took over ${timeout} s`,
    );
  }
}

function checked(inputs: PropertyMap): api.CheckResponse {
  const { refuse } = inputs;
  return { inputs, failures: typeof refuse === "string" ? [{ property: "refuse", reason: refuse }] : [] };
}

function replacingKeys(type: string): string[] {
  return type === NAMED ? ["name", "replaceOn"] : ["replaceOn"];
}

/** Compares inputs, without what marks them as secret. */
function difference(
  { type, oldInputs, newInputs }: api.DiffRequest,
  replacing: readonly string[],
): api.DiffResponse {
  const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])].sort();
  const differing = keys.filter((key) => !isDeepStrictEqual(clear(oldInputs[key]), clear(newInputs[key])));
  const replaces = differing.filter((key) => replacing.includes(key));
  const kindOf = (key: string): api.PropertyDiffKind => {
    const kind = oldInputs[key] === undefined ? "add" : newInputs[key] === undefined ? "delete" : "update";
    return replaces.includes(key) ? `${kind}-replace` : kind;
  };
  const { deleteBeforeReplace } = newInputs;
  return {
    changes: differing.length === 0 ? "none" : "some",
    replaces,
    diffs: differing,
    detailedDiff: Object.fromEntries(differing.map((key) => [key, { kind: kindOf(key), inputDiff: true }])),
    deleteBeforeReplace:
      typeof deleteBeforeReplace === "boolean"
        ? deleteBeforeReplace
        : type === NAMED && replaces.length > 0 && !replaces.includes("name"),
  };
}

/** Outputs that follow from inputs; unknown where these are. */
function outputsOf(inputs: PropertyMap): PropertyMap {
  const value = inputs.value ?? null;
  const text = some(value, isUnknown) ? UNKNOWN : `computed from ${JSON.stringify(sorted(clear(value)))}`;
  return {
    ...inputs,
    computed: some(value, isSecret) ? secret(text) : text,
    token: secret(text === UNKNOWN ? UNKNOWN : `token of ${text}`),
  };
}

function clear(value: PropertyValue | undefined): PropertyValue | undefined {
  return value === undefined ? undefined : mapValue(value, (part) => (isSecret(part) ? part.value : part));
}

/** Maps in one order of keys, whichever the engine sends. */
function sorted(value: PropertyValue | undefined): PropertyValue {
  return mapValue(value ?? null, (part) =>
    isMap(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

function isText(value: PropertyValue | undefined): boolean {
  const plain = clear(value);
  return typeof plain === "string" && plain !== "";
}

function textOf(value: PropertyValue | undefined): string {
  return String(clear(value));
}

function isOutputs(answer: unknown): answer is { outputs: PropertyMap } {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "outputs" in answer &&
    isMap((answer as { outputs: PropertyValue }).outputs)
  );
}
