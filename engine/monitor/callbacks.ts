/** Calls functions of the program, such as transforms, that it registered under a token at a server of its own. */
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import {
  type Callback,
  CallbackInvokeRequest,
  type CallbackInvokeResponse,
} from "@pulumi/pulumi/proto/callback_pb";

/** Calls a function with a serialised message and returns its answer. Throws what went wrong in the program. */
export type CallBack = (callback: Callback, payload: Uint8Array) => Promise<Uint8Array>;

type Answer = (
  error: Pick<ServiceError, "details" | "message"> | null,
  response?: CallbackInvokeResponse,
) => void;

/** The SDK's server of the functions of one run. */
interface CallbackServer {
  invoke(call: { readonly request: CallbackInvokeRequest }, answer: Answer): unknown;
}

/** Where the SDK keeps the store of the current run. */
interface SdkGlobals {
  readonly asyncLocalStorage?: { getStore(): { readonly callbacks?: CallbackServer } | undefined };
}

/** Calls a program in a process of its own. */
export const callRemotely: CallBack = async (callback, payload) => {
  const client = new CallbacksClient(callback.getTarget(), credentials.createInsecure());
  try {
    return await answered((answer) => client.invoke(requestOf(callback, payload), answer));
  } finally {
    client.close();
  }
};

/**
 * Calls a program in this process. A connection would take the call out of the program's run, and what it asks
 * there would not be answered for its environment: its configuration, its stack, whether secrets are supported.
 */
export const callHere: CallBack = (callback, payload) => {
  const server = (globalThis as SdkGlobals).asyncLocalStorage?.getStore()?.callbacks;
  if (typeof server?.invoke !== "function") return callRemotely(callback, payload);
  return answered((answer) => server.invoke({ request: requestOf(callback, payload) }, answer));
};

function requestOf(callback: Callback, payload: Uint8Array): CallbackInvokeRequest {
  return new CallbackInvokeRequest().setToken(callback.getToken()).setRequest(payload);
}

function answered(ask: (answer: Answer) => unknown): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    ask((error, response) => {
      if (response !== undefined && error === null) resolve(response.getResponse_asU8());
      else reject(new Error(`a transform of the program failed: ${error?.details || error?.message}`));
    });
  });
}
