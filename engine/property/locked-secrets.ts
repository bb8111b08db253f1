/**
 * Configuration secrets that nobody unlocked. The program gets a marker instead of the value; wherever the
 * marker comes back, alone, inside a longer string or base64-encoded, the engine sees an unknown secret. So an
 * offline preview needs no passphrase and invents no value.
 *
 * What it cannot see: a marker that the program hashed, compressed, cut, or turned to upper case.
 */
import { randomUUID } from "node:crypto";
import {
  isSecret,
  mapEntries,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  secret,
  UNKNOWN,
} from "./values";

/** What another process needs to recognise the markers of this one. */
export interface LockedSecretsState {
  readonly stem: string;
  readonly issued: number;
}

/** Makes markers and recognises them. One per evaluation; markers of two evaluations never agree. */
export class LockedSecrets {
  /** Letters, digits and dashes only: URLs, JSON and shells leave it as it is. */
  readonly #stem: string;
  readonly #traces: readonly string[];
  #issued: number;

  constructor(state: LockedSecretsState = { stem: `locked-${randomUUID()}`, issued: 0 }) {
    this.#stem = state.stem;
    this.#issued = state.issued;
    this.#traces = [this.#stem, ...base64Cores(this.#stem)];
  }

  /** The state to hand to another process. */
  get state(): LockedSecretsState {
    return { stem: this.#stem, issued: this.#issued };
  }

  /** How many markers were given out. */
  get count(): number {
    return this.#issued;
  }

  /** The markers that were given out. */
  get markers(): string[] {
    return Array.from({ length: this.#issued }, (_, index) => `${this.#stem}-${index + 1}`);
  }

  /** A marker that stands for one locked value. */
  issue(): string {
    this.#issued += 1;
    return `${this.#stem}-${this.#issued}`;
  }

  /** The properties with every string that contains a marker replaced by an unknown secret. */
  conceal(properties: PropertyMap): PropertyMap {
    if (this.#issued === 0) return properties;
    return mapEntries(properties, (value) => mapValue(value, (part) => this.#concealPart(part)));
  }

  /** Text with markers blanked, for messages. */
  redact(text: string): string {
    return this.#issued === 0 ? text : text.replaceAll(new RegExp(`${this.#stem}-\\d+`, "g"), "[secret]");
  }

  #concealPart(value: PropertyValue): PropertyValue {
    // A secret around a concealed text is secret already.
    if (isSecret(value)) return secret(isSecret(value.value) ? value.value.value : value.value);
    const locked = typeof value === "string" && this.#traces.some((trace) => value.includes(trace));
    return locked ? secret(UNKNOWN) : value;
  }
}

/** What remains of a text in the base64 of a longer one, at each of the three offsets it can have there. */
export function base64Cores(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(" ".repeat(offset) + text).toString("base64");
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + Buffer.byteLength(text)) * 8) / 6);
    return encoded.slice(first, last);
  });
}
