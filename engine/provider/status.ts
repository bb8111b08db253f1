/**
 * Errors of providers as gRPC statuses, and back. What the engine decides on travels as Pulumi's own details
 * (google.rpc.Status in `grpc-status-details-bin`), which grpc-js neither writes nor reads by itself.
 */
import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import { ConfigureErrorMissingKeys, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { messageOf } from "../diagnostic";
import { propertiesFrom, structFrom } from "../monitor/wire";
import {
  InitFailedError,
  MissingConfigurationError,
  ProviderError,
  UncertainError,
  UnimplementedError,
} from "./errors";

/** Where errors carry more than a message. */
export const DETAILS = "grpc-status-details-bin";
const INIT_FAILED = "pulumirpc.ErrorResourceInitFailed";
const MISSING_KEYS = "pulumirpc.ConfigureErrorMissingKeys";

/** Characters of a message. It travels in a header, whose length is bounded, and percent-encoded. */
const MOST_CHARACTERS = 2000;

/** What a server sends for an error. A mistake of the provider is UNKNOWN: the CLI then doubts the state. */
export function statusOf(error: unknown): Partial<StatusObject> {
  const { details = "", ...status } = fullStatusOf(error);
  const cut = details.length > MOST_CHARACTERS ? `${details.slice(0, MOST_CHARACTERS)}…` : details;
  return { ...status, details: cut };
}

function fullStatusOf(error: unknown): Partial<StatusObject> {
  if (error instanceof InitFailedError) {
    const { id, outputs, inputs, reasons } = error.state;
    const detail = new ErrorResourceInitFailed().setId(id).setProperties(structFrom(outputs));
    detail.setReasonsList([...reasons]);
    if (inputs !== undefined) detail.setInputs(structFrom(inputs));
    return withDetail(status.UNKNOWN, error.message, INIT_FAILED, detail.serializeBinary());
  }
  if (error instanceof MissingConfigurationError) {
    const keys = error.keys.map(({ name, description }) =>
      new ConfigureErrorMissingKeys.MissingKey().setName(name).setDescription(description),
    );
    const detail = new ConfigureErrorMissingKeys().setMissingkeysList(keys);
    return withDetail(status.INVALID_ARGUMENT, error.message, MISSING_KEYS, detail.serializeBinary());
  }
  if (error instanceof UnimplementedError) return { code: status.UNIMPLEMENTED, details: error.message };
  if (error instanceof UncertainError) return { code: status.ABORTED, details: error.message };
  if (error instanceof ProviderError) return { code: status.FAILED_PRECONDITION, details: error.message };
  return { code: status.UNKNOWN, details: messageOf(error) };
}

function withDetail(code: status, message: string, type: string, detail: Uint8Array): Partial<StatusObject> {
  const any = new Any();
  any.pack(detail, type);
  const metadata = new Metadata();
  const rpcStatus = new Status()
    .setCode(code)
    .setMessage(message.slice(0, MOST_CHARACTERS))
    .setDetailsList([any]);
  metadata.set(DETAILS, Buffer.from(rpcStatus.serializeBinary()));
  return { code, details: message, metadata };
}

/** The error that a provider's answer stands for. `lost` tells what an ended connection means. */
export function errorFrom(error: ServiceError, about: string, lost: () => string): ProviderError {
  const detailed = detailOf(error);
  if (detailed !== undefined) return detailed;
  if (error.code === status.UNIMPLEMENTED) return new UnimplementedError(error.details);
  // What a provider says of a request is told as it is; other packages say it with other codes.
  const spoken =
    error.code === status.FAILED_PRECONDITION ||
    error.code === status.INVALID_ARGUMENT ||
    error.code === status.UNKNOWN;
  if (error.code === status.ABORTED) return new UncertainError(error.details);
  if (spoken) return new ProviderError(error.details);
  if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED)
    return new UncertainError(`${about} got no answer: ${lost()}`);
  return new UncertainError(`${about} got an answer that cannot be used: ${error.message}`);
}

/** The error that the details name; undefined when there are none, or others. */
function detailOf(error: ServiceError): ProviderError | undefined {
  for (const value of error.metadata?.get(DETAILS) ?? []) {
    for (const any of readStatus(value).getDetailsList()) {
      const failed = any.unpack(ErrorResourceInitFailed.deserializeBinary, INIT_FAILED);
      if (failed !== null) return initFailed(error.details, failed);
      const missing = any.unpack(ConfigureErrorMissingKeys.deserializeBinary, MISSING_KEYS);
      if (missing === null) continue;
      const keys = missing.getMissingkeysList();
      return new MissingConfigurationError(
        keys.map((key) => ({ name: key.getName(), description: key.getDescription() })),
      );
    }
  }
  return undefined;
}

function readStatus(value: string | Buffer): Status {
  try {
    return Status.deserializeBinary(typeof value === "string" ? Buffer.from(value, "base64") : value);
  } catch {
    return new Status();
  }
}

function initFailed(message: string, detail: ErrorResourceInitFailed): InitFailedError {
  const inputs = detail.getInputs();
  return new InitFailedError(message, {
    id: detail.getId(),
    outputs: propertiesFrom(detail.getProperties()),
    ...(inputs === undefined ? {} : { inputs: propertiesFrom(inputs) }),
    reasons: detail.getReasonsList(),
  });
}
