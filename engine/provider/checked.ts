/**
 * A provider whose answers can be relied on: whatever is wrong with one becomes a ProviderError that names the
 * package, the request and the resource. That holds for answers of a wrong shape, for unknown values outside of a
 * preview, for anything thrown that is no ProviderError, and for answers that do not come.
 *
 * A resource that was made or changed, and whose outputs cannot be used, is kept: InitFailedError. Where nobody can
 * tell whether a request took effect, the error is an UncertainError.
 */
import { messageOf } from "../diagnostic";
import type { PropertyMap } from "../property/values";
import {
  isPlainMap,
  isTexts,
  judgeDiff,
  judgeFailures,
  judgeId,
  judgeProperties,
  knownPart,
  type Verdict,
} from "./answers";
import { InitFailedError, ProviderError, UncertainError } from "./errors";
import type * as api from "./provider";

/** Seconds after which an answer is no longer waited for, where the request itself has no timeout. */
export interface Patience {
  /** Check, Diff, Configure, Read, Invoke. */
  readonly question: number;
  /** Create, Update, Delete. */
  readonly operation: number;
  /** What a provider gets beyond the request's timeout, to say by itself that it gave up. */
  readonly grace: number;
}

/** Long enough for the slowest resource that is used here, short enough for a run to end by itself. */
export const USUAL_PATIENCE: Patience = { question: 300, operation: 3600, grace: 10 };

/** Providers that are held to their word already. */
const CHECKED = new WeakSet<api.Provider>();

/** The provider, held to its word; the same when it is so already. */
export function checked(provider: api.Provider, patience: Partial<Patience> = {}): api.Provider {
  if (CHECKED.has(provider)) return provider;
  const held = holding(provider, new Asking(provider, { ...USUAL_PATIENCE, ...patience }));
  CHECKED.add(held);
  return held;
}

function holding(provider: api.Provider, ask: Asking): api.Provider {
  const { checkConfig, diffConfig, target, trace } = provider;
  return {
    name: provider.name,
    version: provider.version,
    get features() {
      return provider.features;
    },
    ...(checkConfig && {
      checkConfig: (request) =>
        ask.question("CheckConfig", request.urn, () => checkConfig.call(provider, request), judgeCheck),
    }),
    ...(diffConfig && {
      diffConfig: (request) =>
        ask.question("DiffConfig", request.urn, () => diffConfig.call(provider, request), judgeDiff),
    }),
    ...(target && { target: () => ask.question("Target", "", () => target.call(provider), judgeTarget) }),
    ...(trace && {
      trace: (request) => ask.question("Trace", request.urn, () => trace.call(provider, request), judgeTrace),
    }),
    configure: (request) => ask.question("Configure", "", () => provider.configure(request)),
    check: (request) => ask.question("Check", request.urn, () => provider.check(request), judgeCheck),
    diff: (request) => ask.question("Diff", request.urn, () => provider.diff(request), judgeDiff),
    read: (request) => ask.question("Read", request.urn, () => provider.read(request), judgeRead),
    invoke: (request) => ask.question("Invoke", request.token, () => provider.invoke(request), judgeInvoke),
    create: async (request) => {
      const answer = await ask.operation("Create", request, () => provider.create(request));
      return ask.made("Create", request, answer, request.inputs, () => judgeId(answer.id));
    },
    update: async (request) => {
      const answer = await ask.operation("Update", request, () => provider.update(request));
      const { id, outputs } = await ask.made(
        "Update",
        request,
        { id: request.id, ...answer },
        request.newInputs,
      );
      return { ...answer, id, outputs };
    },
    delete: async (request) => {
      await ask.operation("Delete", request, () => provider.delete(request));
    },
    cancel: () => provider.cancel(),
    close: () => provider.close(),
  };
}

type Operation = api.Subject & { readonly timeout: number; readonly preview?: boolean };
type Made = { readonly id: string; readonly outputs: PropertyMap };

class Asking {
  constructor(
    readonly provider: api.Provider,
    readonly patience: Patience,
  ) {}

  async question<T>(
    method: string,
    subject: string,
    ask: () => Promise<T>,
    judge: (answer: unknown) => Verdict = () => undefined,
  ): Promise<T> {
    const answer = await this.#answer(method, subject, this.patience.question, ask);
    const verdict = judge(answer);
    if (verdict !== undefined) throw this.#unusable(method, subject, verdict);
    return answer;
  }

  operation<T>(method: string, { urn, timeout }: Operation, ask: () => Promise<T>): Promise<T> {
    const seconds = timeout > 0 ? timeout + this.patience.grace : this.patience.operation;
    return this.#answer(method, urn, seconds, ask);
  }

  /** What was made or changed, if the answer can be used. */
  async made<T extends Made>(
    method: string,
    { urn, preview = false }: Operation,
    answer: T,
    inputs: PropertyMap,
    judge: () => Verdict = () => undefined,
  ): Promise<T> {
    if (!isPlainMap(answer)) throw this.#unusable(method, urn, "it is no map");
    const outputs = judgeProperties(answer.outputs, "outputs", preview ? "allowed" : "refused");
    const identity = preview ? undefined : judge();
    if (identity !== undefined || (preview && outputs !== undefined)) {
      const uncertain = preview ? "" : "; whether it took effect is not known";
      throw this.#unusable(method, urn, `${identity ?? outputs}${uncertain}`);
    }
    if (outputs === undefined) return answer;
    const { message } = this.#unusable(method, urn, outputs);
    const known = { ...knownPart(inputs), ...knownPart(answer.outputs) };
    throw new InitFailedError(message, { id: answer.id, outputs: known, reasons: [message] });
  }

  async #answer<T>(method: string, subject: string, seconds: number, ask: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new UncertainError(`${this.#about(method, subject)} was not answered within ${seconds} s`));
      }, seconds * 1000);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (error) {
      if (error instanceof InitFailedError) throw this.#partial(method, subject, error);
      if (error instanceof ProviderError) throw error;
      const text = messageOf(error);
      throw new UncertainError(
        `${this.#about(method, subject)} failed by a mistake of the provider: ${text}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** The error itself, unless its state cannot be kept. */
  #partial(method: string, subject: string, error: InitFailedError): ProviderError {
    const { id, outputs, inputs = {}, reasons } = error.state;
    const verdict =
      judgeId(id) ??
      judgeProperties(outputs, "outputs", "refused") ??
      judgeProperties(inputs, "inputs", "refused") ??
      (isTexts(reasons) ? undefined : "reasons is no list of texts");
    return verdict === undefined ? error : this.#unusable(method, subject, `${verdict} (${error.message})`);
  }

  #unusable(method: string, subject: string, verdict: string): UncertainError {
    return new UncertainError(
      `${this.#about(method, subject)} got an answer that cannot be used: ${verdict}`,
    );
  }

  #about(method: string, subject: string): string {
    return `${this.provider.name} provider: ${method}${subject === "" ? "" : ` of ${subject}`}`;
  }
}

function judgeCheck(answer: unknown): Verdict {
  if (!isPlainMap(answer)) return "it is no map";
  return judgeProperties(answer.inputs, "inputs", "allowed") ?? judgeFailures(answer.failures);
}

function judgeInvoke(answer: unknown): Verdict {
  if (!isPlainMap(answer)) return "it is no map";
  return judgeProperties(answer.result, "result", "allowed") ?? judgeFailures(answer.failures);
}

function judgeRead(answer: unknown): Verdict {
  if (answer === undefined) return undefined;
  if (!isPlainMap(answer)) return "it is no map";
  const { id, outputs, inputs = {}, initErrors = [] } = answer;
  return (
    judgeId(id) ??
    judgeProperties(outputs, "outputs", "refused") ??
    judgeProperties(inputs, "inputs", "refused") ??
    (isTexts(initErrors) ? undefined : "initErrors is no list of texts")
  );
}

function judgeTarget(answer: unknown): Verdict {
  const right =
    isPlainMap(answer) &&
    typeof answer.description === "string" &&
    (answer.marker === undefined || typeof answer.marker === "string");
  return right ? undefined : "it has another form than description and marker";
}

function judgeTrace(answer: unknown): Verdict {
  if (answer === undefined) return undefined;
  if (!isPlainMap(answer)) return "it is no map";
  return answer.kind === "nothing" ? undefined : judgeId(answer.id);
}
