/**
 * What the engine asks beyond Pulumi's protocol, as a gRPC service of its own beside ResourceProvider: to what server
 * a provider talks, what an interrupted create may have left, and the states of failures that are large. Messages are JSON. A provider of somebody else
 * does not have it, and is then known to say nothing of its server.
 */
import type { ServiceDefinition } from "@grpc/grpc-js";
import type { PartialState } from "./errors";
import type { Target, Trace } from "./provider";

/** Which of the optional methods a provider has. */
export interface Described {
  readonly target: boolean;
  readonly trace: boolean;
}

export interface ExtensionAnswers {
  readonly describe: Described;
  readonly target: Target;
  readonly trace: { readonly trace?: Trace };
  /** The state of a failure by its key (failures.ts). */
  readonly failure: PartialState;
}

const serialize = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const deserialize = (bytes: Buffer): unknown => JSON.parse(bytes.toString("utf8"));

function method(name: string): ServiceDefinition[string] {
  return {
    path: `/keybuzz.ProviderExtension/${name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  };
}

/** The service, by method name. */
export const extension = {
  describe: method("Describe"),
  target: method("Target"),
  trace: method("Trace"),
  failure: method("Failure"),
} satisfies ServiceDefinition;
