/**
 * Keeps what a provider says free of the secrets that it was given: an error may quote the value that a server
 * refused, and goes into messages, and as a reason into the state. What stands in clear in the same request is no
 * secret.
 */
import { withoutRevealed } from "../property/revealed-secrets";
import { isSecret, SIGNATURE_KEY } from "../property/values";
import { InitFailedError } from "../provider/errors";

export class Discretion {
  /** Secrets of the provider's configuration. */
  #always: readonly string[] = [];

  /** Takes note of a configuration: it may be quoted in answer to any request. */
  remember(configuration: unknown): void {
    this.#always = secretTexts(configuration);
  }

  /** Asks, and gives the answer or the error with the secrets of the question blanked in what they say. */
  async keep<T>(question: unknown, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw this.#blanked(question, error);
    }
  }

  /** Texts that belong to an answer, blanked. */
  blank<T>(question: unknown, texts: T): T {
    return withoutRevealed(texts, [...this.#always, ...secretTexts(question)]);
  }

  #blanked(question: unknown, error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    if (error instanceof InitFailedError) {
      const { state, message } = error;
      const known = [question, state];
      const { reasons, told } = this.blank(known, { reasons: state.reasons, told: message });
      return new InitFailedError(told, { ...state, reasons });
    }
    error.message = this.blank(question, error.message);
    return error;
  }
}

/** Texts that stand only inside secrets. */
function secretTexts(question: unknown): string[] {
  const [secret, clear] = [new Set<string>(), new Set<string>()];
  const collect = (value: unknown, inside: boolean): void => {
    if (typeof value === "string" || typeof value === "number") (inside ? secret : clear).add(String(value));
    if (typeof value !== "object" || value === null) return;
    const hides = inside || isSecret(value as never);
    for (const [key, item] of Object.entries(value)) if (key !== SIGNATURE_KEY) collect(item, hides);
  };
  collect(question, false);
  return [...secret].filter((text) => !clear.has(text));
}
