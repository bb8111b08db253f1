/**
 * States of failed resources that are too large for where errors carry them: HTTP headers, of which Node.js takes
 * 64 KB, and answers nothing at all to more. A client of ours says that it fetches them by itself (extension.ts);
 * others, such as Pulumi's CLI, take what is large.
 */
import { randomUUID } from "node:crypto";
import { Metadata, type StatusObject } from "@grpc/grpc-js";
import { InitFailedError, ProviderError } from "./errors";
import { DETAILS, statusOf } from "./status";

/** Bytes of details that stay below the limit in base64, with a message beside them. */
const MOST_BYTES = 24 * 1024;

const APART = "keybuzz-failures-apart";
const KEY = "keybuzz-failure";

/** What a client sends that fetches large states by itself. */
export function fetchingMetadata(): Metadata {
  const metadata = new Metadata();
  metadata.set(APART, "yes");
  return metadata;
}

/** Where a server says that the state of a failure is to be fetched; undefined when it is not. */
export function failureKey(metadata: Metadata | undefined): string | undefined {
  return metadata?.get(KEY)[0]?.toString();
}

/** The failures that a server keeps until they are fetched. */
export class Failures {
  readonly #kept = new Map<string, InitFailedError["state"]>();

  /** What is sent for an error to the client that asked with this metadata. */
  statusFor(error: unknown, asked: Metadata): Partial<StatusObject> {
    const sent = statusOf(error);
    const [details = ""] = sent.metadata?.get(DETAILS) ?? [];
    if (!(error instanceof InitFailedError) || details.length <= MOST_BYTES) return sent;
    if (asked.get(APART).length === 0) return sent;
    const key = randomUUID();
    this.#kept.set(key, error.state);
    const metadata = new Metadata();
    metadata.set(KEY, key);
    return { ...sent, metadata };
  }

  /** The state of a failure, once. */
  fetch(key: string): InitFailedError["state"] {
    const state = this.#kept.get(key);
    if (state === undefined) throw new ProviderError(`there is no failure ${key}`);
    this.#kept.delete(key);
    return state;
  }
}
