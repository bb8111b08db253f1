/** A connection to a provider behind gRPC: one call at a time made a promise, and every failure a ProviderError. */
import {
  ChannelCredentials,
  Client,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { InitFailedError, ProviderError } from "./errors";
import { type ExtensionAnswers, extension } from "./extension";
import { failureKey, fetchingMetadata } from "./failures";
import type { PluginProcess } from "./plugin-process";
import { MESSAGE_LIMIT } from "./serve";
import { errorFrom } from "./status";

const CONNECT_SECONDS = 10;

/** How long the end of a process is waited for that does not answer any more. */
const END_SECONDS = 2;

const methods = ResourceProviderService as unknown as ServiceDefinition;

export class Connection {
  readonly #client: Client;

  /** `process` is the provider's, if it was started for this. */
  constructor(
    readonly name: string,
    readonly address: string,
    readonly process?: PluginProcess,
  ) {
    this.#client = new Client(address, ChannelCredentials.createInsecure(), {
      "grpc.max_receive_message_length": MESSAGE_LIMIT,
      "grpc.max_send_message_length": MESSAGE_LIMIT,
      // Loopback is not to be looked for behind a proxy.
      "grpc.enable_http_proxy": 0,
      // Whoever serves several configurations tells them apart by their connections.
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  /** Waits for the server. */
  async ready(): Promise<void> {
    const deadline = Date.now() + CONNECT_SECONDS * 1000;
    const problem = await new Promise<Error | undefined>((done) =>
      this.#client.waitForReady(deadline, (error) => done(error)),
    );
    if (problem === undefined) return;
    const why = this.process?.end ?? `nothing answers at ${this.address} within ${CONNECT_SECONDS} s`;
    throw new ProviderError(`${this.name} provider could not be reached: ${why}`);
  }

  /** Calls a method of ResourceProvider. */
  call<Response>(method: string, request: unknown, about = "", seconds?: number): Promise<Response> {
    return this.#call(methods[method], method, request, about, seconds) as Promise<Response>;
  }

  /** Calls a method of the service beside it (extension.ts). */
  callExtension<K extends keyof ExtensionAnswers>(
    method: K,
    request: unknown,
    about = "",
  ): Promise<ExtensionAnswers[K]> {
    return this.#call(extension[method], method, request, about) as Promise<ExtensionAnswers[K]>;
  }

  close(): void {
    this.#client.close();
  }

  async #call(
    definition: MethodDefinition<unknown, unknown> | undefined,
    method: string,
    request: unknown,
    about: string,
    seconds?: number,
  ): Promise<unknown> {
    if (definition === undefined) throw new Error(`there is no method ${method}`);
    const options = seconds === undefined ? {} : { deadline: Date.now() + seconds * 1000 };
    try {
      return await new Promise((resolve, reject) => {
        const { path, requestSerialize, responseDeserialize } = definition;
        this.#client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          fetchingMetadata(),
          options,
          (error, response) => (error ? reject(error) : resolve(response)),
        );
      });
    } catch (error) {
      const failed = error as ServiceError;
      const key = failureKey(failed.metadata);
      if (key !== undefined) {
        throw new InitFailedError(failed.details, await this.callExtension("failure", { key }, about));
      }
      const lost = failed.code === status.UNAVAILABLE || failed.code === status.CANCELLED;
      if (lost) await this.#end();
      const subject = `${this.name} provider: ${capital(method)}${about === "" ? "" : ` of ${about}`}`;
      throw errorFrom(
        failed,
        subject,
        () => this.process?.end ?? `the connection to ${this.address} is lost`,
      );
    }
  }

  /** The connection breaks before the process is seen to end. */
  async #end(): Promise<void> {
    if (this.process === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((done) => {
      timer = setTimeout(done, END_SECONDS * 1000);
    });
    await Promise.race([this.process.ended, late]);
    clearTimeout(timer);
  }
}

function capital(method: string): string {
  return method.charAt(0).toUpperCase() + method.slice(1);
}
