/**
 * A provider in another process, behind pulumirpc.ResourceProvider: one that is started here, or one that listens
 * already. It answers as the same provider does in this process, and whatever goes wrong on the way (a process that
 * ends, an answer that is none) is a ProviderError that names the package and what happened.
 *
 * A provider of somebody else's does not say to which server it talks: asked for that, it fails, so that the engine
 * applies nothing with it.
 */

import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { propertiesFrom, structFrom } from "../monitor/wire";
import { withoutReferences, withoutSecrets, withSecretsOf } from "../property/secretness";
import type { PropertyMap } from "../property/values";
import { checked, type Patience } from "./checked";
import { Connection } from "./connection";
import { InitFailedError, ProviderError, UnimplementedError } from "./errors";
import type { Described } from "./extension";
import { type PluginCommand, PluginProcess } from "./plugin-process";
import type * as api from "./provider";
import { diffFrom, failuresFrom } from "./wire";

/** Starts a provider's process and connects to it. */
export async function startProvider(
  name: string,
  command: PluginCommand,
  patience: Partial<Patience> & { readonly port?: number } = {},
): Promise<api.Provider> {
  const process = new PluginProcess(name, command);
  const address = `127.0.0.1:${await process.port(patience.port)}`;
  return connect(new Connection(name, address, process), patience);
}

/** Connects to a provider that listens: `127.0.0.1:<port>`. It is left running. */
export function attachProvider(
  name: string,
  address: string,
  patience: Partial<Patience> = {},
): Promise<api.Provider> {
  return connect(new Connection(name, address), patience);
}

async function connect(connection: Connection, patience: Partial<Patience>): Promise<api.Provider> {
  try {
    await connection.ready();
    const seconds = patience.question;
    const handshake = await implemented(() =>
      connection.call<pb.ProviderHandshakeResponse>(
        "handshake",
        new pb.ProviderHandshakeRequest().setConfigureWithUrn(false).setInvokeWithPreview(true),
        "",
        seconds ?? CONNECTED_SECONDS,
      ),
    );
    const info = await implemented(() =>
      connection.call<PluginInfo>("getPluginInfo", new Empty(), "", seconds ?? CONNECTED_SECONDS),
    );
    const described = await implemented(() => connection.callExtension("describe", {}));
    return checked(new RemoteProvider(connection, { handshake, info, described }), patience);
  } catch (error) {
    connection.close();
    await connection.process?.stop();
    throw error;
  }
}

/** Seconds that a provider gets for the first requests, which cost it nothing. */
const CONNECTED_SECONDS = 30;

/** Seconds that a provider gets to hear that it is to stop. */
const CANCEL_SECONDS = 5;

interface Told {
  readonly handshake: pb.ProviderHandshakeResponse | undefined;
  readonly info: PluginInfo | undefined;
  readonly described: Described | undefined;
}

class RemoteProvider implements api.Provider {
  readonly name: string;
  readonly version: string;
  readonly target?: () => Promise<api.Target>;
  readonly trace?: (request: api.TraceRequest) => Promise<api.Trace | undefined>;
  #features: api.ProviderFeatures;
  #acceptsResources: boolean;
  #cancelled = false;

  constructor(
    readonly connection: Connection,
    { handshake, info, described }: Told,
  ) {
    this.name = connection.name;
    this.version = info?.getVersion() ?? "";
    this.#features = {
      acceptsSecrets: handshake?.getAcceptSecrets() ?? false,
      supportsPreview: handshake !== undefined,
    };
    this.#acceptsResources = handshake?.getAcceptResources() ?? false;
    if (described === undefined) this.target = () => Promise.reject(silent(this.name));
    if (described?.target) this.target = () => connection.callExtension("target", {});
    if (described?.trace) {
      this.trace = async (request) => (await connection.callExtension("trace", request, request.urn)).trace;
    }
  }

  get features(): api.ProviderFeatures {
    return this.#features;
  }

  async checkConfig(request: api.CheckRequest): Promise<api.CheckResponse> {
    const { oldInputs = {}, newInputs } = request;
    const message = subjected(new pb.CheckRequest(), request)
      .setOlds(structFrom(withoutSecrets(oldInputs)))
      .setNews(structFrom(withoutSecrets(newInputs)));
    const answer = await implemented(() =>
      this.connection.call<pb.CheckResponse>("checkConfig", message, request.urn),
    );
    if (answer === undefined) return { inputs: newInputs, failures: [] };
    const inputs = withSecretsOf(propertiesFrom(answer.getInputs()), newInputs);
    return { inputs, failures: failuresFrom(answer.getFailuresList()) };
  }

  async diffConfig(request: api.DiffRequest): Promise<api.DiffResponse> {
    const message = this.#diffMessage(request, withoutSecrets);
    const answer = await implemented(() =>
      this.connection.call<pb.DiffResponse>("diffConfig", message, request.urn),
    );
    // The engine compares, and replaces nothing.
    if (answer === undefined)
      return { changes: "unknown", replaces: [], diffs: [], deleteBeforeReplace: false };
    return diffFrom(answer);
  }

  async configure({ inputs }: api.ConfigureRequest): Promise<void> {
    const message = new pb.ConfigureRequest()
      .setArgs(structFrom(this.features.acceptsSecrets ? inputs : withoutSecrets(inputs)))
      .setAcceptsecrets(true)
      .setAcceptresources(true)
      .setSendsOldInputs(true)
      .setSendsOldInputsToDelete(true);
    for (const [key, value] of Object.entries(withoutSecrets(inputs))) {
      if (key === "version") continue;
      const text = typeof value === "string" ? value : JSON.stringify(value);
      message.getVariablesMap().set(`${this.name}:config:${key}`, text);
    }
    const answer = await this.connection.call<pb.ConfigureResponse>("configure", message);
    // What the handshake said holds, except that a provider without one says all of it here.
    if (this.features.supportsPreview) return;
    this.#features = {
      acceptsSecrets: answer.getAcceptsecrets(),
      supportsPreview: answer.getSupportspreview(),
    };
    this.#acceptsResources = answer.getAcceptresources();
  }

  async check(request: api.CheckRequest): Promise<api.CheckResponse> {
    const message = subjected(new pb.CheckRequest(), request)
      .setOlds(this.#struct(request.oldInputs ?? {}))
      .setNews(this.#struct(request.newInputs))
      .setRandomseed(request.randomSeed);
    const answer = await this.connection.call<pb.CheckResponse>("check", message, request.urn);
    return {
      inputs: propertiesFrom(answer.getInputs()),
      failures: failuresFrom(answer.getFailuresList()),
    };
  }

  async diff(request: api.DiffRequest): Promise<api.DiffResponse> {
    const message = this.#diffMessage(request, (properties) => properties);
    return diffFrom(await this.connection.call<pb.DiffResponse>("diff", message, request.urn));
  }

  async create(request: api.CreateRequest): Promise<api.CreateResponse> {
    const message = subjected(new pb.CreateRequest(), request)
      .setProperties(this.#struct(request.inputs))
      .setTimeout(request.timeout)
      .setPreview(request.preview);
    const answer = await this.connection.call<pb.CreateResponse>("create", message, request.urn);
    return { id: answer.getId(), outputs: propertiesFrom(answer.getProperties()) };
  }

  async read(request: api.ReadRequest): Promise<api.ReadResponse> {
    const message = subjected(new pb.ReadRequest(), request)
      .setId(request.id)
      .setInputs(this.#struct(request.inputs ?? {}))
      .setProperties(this.#struct(request.outputs ?? {}));
    try {
      const answer = await this.connection.call<pb.ReadResponse>("read", message, request.urn);
      if (answer.getId() === "") return undefined;
      const inputs = answer.getInputs();
      return {
        id: answer.getId(),
        inputs: inputs === undefined ? undefined : propertiesFrom(inputs),
        outputs: propertiesFrom(answer.getProperties()),
      };
    } catch (error) {
      if (!(error instanceof InitFailedError)) throw error;
      const { id, inputs, outputs, reasons } = error.state;
      return { id, inputs, outputs, initErrors: reasons };
    }
  }

  async update(request: api.UpdateRequest): Promise<api.UpdateResponse> {
    const message = subjected(new pb.UpdateRequest(), request)
      .setId(request.id)
      .setOldInputs(this.#struct(request.oldInputs))
      .setOlds(this.#struct(request.oldOutputs))
      .setNews(this.#struct(request.newInputs))
      .setIgnorechangesList([...request.ignoreChanges])
      .setTimeout(request.timeout)
      .setPreview(request.preview);
    const answer = await this.connection.call<pb.UpdateResponse>("update", message, request.urn);
    return { outputs: propertiesFrom(answer.getProperties()) };
  }

  async delete(request: api.DeleteRequest): Promise<void> {
    const message = subjected(new pb.DeleteRequest(), request)
      .setId(request.id)
      .setOldInputs(this.#struct(request.inputs))
      .setProperties(this.#struct(request.outputs))
      .setTimeout(request.timeout);
    await this.connection.call("delete", message, request.urn);
  }

  async invoke(request: api.InvokeRequest): Promise<api.InvokeResponse> {
    const message = new pb.InvokeRequest()
      .setTok(request.token)
      .setArgs(this.#struct(request.arguments))
      .setPreview(request.preview);
    const answer = await this.connection.call<pb.InvokeResponse>("invoke", message, request.token);
    return {
      result: propertiesFrom(answer.getReturn()),
      failures: failuresFrom(answer.getFailuresList()),
    };
  }

  async cancel(): Promise<void> {
    if (this.#cancelled) return;
    this.#cancelled = true;
    // A provider that cannot be told is ended by close().
    await this.connection.call("cancel", new Empty(), "", CANCEL_SECONDS).catch(() => {});
  }

  /** Ends a process that was started here; one that was attached to goes on. */
  async close(): Promise<void> {
    const { process } = this.connection;
    if (process !== undefined && process.end === undefined) await this.cancel();
    this.connection.close();
    await process?.stop();
  }

  #struct(properties: PropertyMap): ReturnType<typeof structFrom> {
    return structFrom(this.#acceptsResources ? properties : withoutReferences(properties));
  }

  #diffMessage(request: api.DiffRequest, prepare: (properties: PropertyMap) => PropertyMap): pb.DiffRequest {
    return subjected(new pb.DiffRequest(), request)
      .setId(request.id)
      .setOldInputs(this.#struct(prepare(request.oldInputs)))
      .setOlds(this.#struct(prepare(request.oldOutputs)))
      .setNews(this.#struct(prepare(request.newInputs)))
      .setIgnorechangesList([...request.ignoreChanges]);
  }
}

function silent(name: string): ProviderError {
  return new ProviderError(
    `${name} provider does not say to which server it talks, so nothing is applied with it; it can be used in previews`,
  );
}

interface Subjected<T> {
  setUrn(urn: string): T;
  setType(type: string): T;
  setName(name: string): T;
}

function subjected<T extends Subjected<T>>(message: T, { urn, type, name }: api.Subject): T {
  return message.setUrn(urn).setType(type).setName(name);
}

/** The answer; undefined when the provider does not have the method. */
async function implemented<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UnimplementedError) return undefined;
    throw error;
  }
}
