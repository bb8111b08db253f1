/**
 * pulumirpc.ResourceProvider over a provider of ours, by method name: what Pulumi's CLI, or our own engine in another
 * process, asks of it. Methods that are not here are answered UNIMPLEMENTED.
 */
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { propertiesFrom, structFrom } from "../monitor/wire";
import { mapEntries, type PropertyMap } from "../property/values";
import { InitFailedError, UnimplementedError } from "./errors";
import type { ExtensionAnswers } from "./extension";
import type { Failures } from "./failures";
import type * as api from "./provider";
import { diffMessage, failureMessages } from "./wire";

export class ProviderService {
  #cancelled = false;
  #configuration: PropertyMap | undefined;

  constructor(
    readonly provider: api.Provider,
    readonly failures: Failures,
  ) {}

  /** What the provider was configured with last; undefined before that. */
  get configuration(): PropertyMap | undefined {
    return this.#configuration;
  }

  /** The ResourceProvider service. */
  readonly resourceProvider = {
    handshake: async (_: pb.ProviderHandshakeRequest) => {
      // An answer to the handshake says that previews are supported; only that to Configure can deny it.
      const { acceptsSecrets, supportsPreview } = this.provider.features;
      if (!supportsPreview) throw new UnimplementedError(`${this.provider.name} has no handshake`);
      return new pb.ProviderHandshakeResponse().setAcceptSecrets(acceptsSecrets);
    },
    attach: async () => new Empty(),
    getPluginInfo: async () => new PluginInfo().setVersion(this.provider.version),
    getSchema: async () => {
      const { name, version } = this.provider;
      return new pb.GetSchemaResponse().setSchema(JSON.stringify({ name, version, resources: {} }));
    },
    checkConfig: async (request: pb.CheckRequest) => {
      const { checkConfig } = this.provider;
      if (checkConfig === undefined) throw this.#without("CheckConfig");
      return checkMessage(await checkConfig.call(this.provider, checkFrom(request)));
    },
    diffConfig: async (request: pb.DiffRequest) => {
      const { diffConfig } = this.provider;
      if (diffConfig === undefined) throw this.#without("DiffConfig");
      return diffMessage(await diffConfig.call(this.provider, diffRequestFrom(request)));
    },
    configure: async (request: pb.ConfigureRequest) => {
      // Whoever was cancelled is gone: one process serves one run after the other.
      this.#cancelled = false;
      const inputs = this.#configurationIn(request);
      await this.provider.configure({ inputs });
      this.#configuration = inputs;
      const { acceptsSecrets, supportsPreview } = this.provider.features;
      return new pb.ConfigureResponse().setAcceptsecrets(acceptsSecrets).setSupportspreview(supportsPreview);
    },
    check: async (request: pb.CheckRequest) => checkMessage(await this.provider.check(checkFrom(request))),
    diff: async (request: pb.DiffRequest) => diffMessage(await this.provider.diff(diffRequestFrom(request))),
    create: async (request: pb.CreateRequest) => {
      const { id, outputs } = await this.provider.create({
        ...subjectFrom(request),
        inputs: propertiesFrom(request.getProperties()),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new pb.CreateResponse().setId(id).setProperties(structFrom(outputs));
    },
    read: async (request: pb.ReadRequest) => readMessage(await this.provider.read(readFrom(request))),
    update: async (request: pb.UpdateRequest) => {
      const { outputs } = await this.provider.update({
        ...subjectFrom(request),
        id: request.getId(),
        oldInputs: propertiesFrom(request.getOldInputs()),
        oldOutputs: propertiesFrom(request.getOlds()),
        newInputs: propertiesFrom(request.getNews()),
        timeout: request.getTimeout(),
        ignoreChanges: request.getIgnorechangesList(),
        preview: request.getPreview(),
      });
      return new pb.UpdateResponse().setProperties(structFrom(outputs));
    },
    delete: async (request: pb.DeleteRequest) => {
      await this.provider.delete({
        ...subjectFrom(request),
        id: request.getId(),
        inputs: propertiesFrom(request.getOldInputs()),
        outputs: propertiesFrom(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new Empty();
    },
    invoke: async (request: pb.InvokeRequest) => {
      const { result, failures } = await this.provider.invoke({
        token: request.getTok(),
        arguments: propertiesFrom(request.getArgs()),
        preview: request.getPreview(),
      });
      return new pb.InvokeResponse().setReturn(structFrom(result)).setFailuresList(failureMessages(failures));
    },
    cancel: async () => {
      if (!this.#cancelled) {
        this.#cancelled = true;
        await this.provider.cancel();
      }
      return new Empty();
    },
  };

  /** The service beside it (extension.ts). */
  readonly extension = {
    describe: async (): Promise<ExtensionAnswers["describe"]> => ({
      target: this.provider.target !== undefined,
      trace: this.provider.trace !== undefined,
    }),
    target: async (): Promise<ExtensionAnswers["target"]> => {
      if (this.provider.target === undefined) throw this.#without("Target");
      return this.provider.target();
    },
    trace: async (request: api.TraceRequest): Promise<ExtensionAnswers["trace"]> => {
      if (this.provider.trace === undefined) throw this.#without("Trace");
      const trace = await this.provider.trace(request);
      return trace === undefined ? {} : { trace };
    },
    failure: async ({ key }: { readonly key: string }): Promise<ExtensionAnswers["failure"]> =>
      this.failures.fetch(key),
  };

  #without(method: string): UnimplementedError {
    return new UnimplementedError(`${this.provider.name} has no ${method}`);
  }

  /** Engines of before `args` send the variables alone, by their name in the stack's configuration. */
  #configurationIn(request: pb.ConfigureRequest): PropertyMap {
    const inputs = request.getArgs();
    if (inputs !== undefined) return mapEntries(propertiesFrom(inputs), asText);
    const prefix = `${this.provider.name}:config:`;
    const variables: Record<string, string> = {};
    request.getVariablesMap().forEach((value, key) => {
      variables[key.startsWith(prefix) ? key.slice(prefix.length) : key] = value;
    });
    return variables;
  }
}

/** Configuration that is no text becomes JSON text; marked values stay marked. */
function asText(value: PropertyMap[string]): PropertyMap[string] {
  return typeof value === "boolean" || typeof value === "number" ? JSON.stringify(value) : value;
}

interface Subjected {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** Engines of before these fields say type and name in the URN alone. */
function subjectFrom(message: Subjected): api.Subject {
  const urn = message.getUrn();
  const [, , type = "", ...name] = urn.split("::");
  return {
    urn,
    type: message.getType() || type.slice(type.lastIndexOf("$") + 1),
    name: message.getName() || name.join("::"),
  };
}

function checkFrom(request: pb.CheckRequest): api.CheckRequest {
  const oldInputs = propertiesFrom(request.getOlds());
  return {
    ...subjectFrom(request),
    // There is no other sign that the resource is new.
    oldInputs: Object.keys(oldInputs).length === 0 ? undefined : oldInputs,
    newInputs: propertiesFrom(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
  };
}

function checkMessage({ inputs, failures }: api.CheckResponse): pb.CheckResponse {
  return new pb.CheckResponse().setInputs(structFrom(inputs)).setFailuresList(failureMessages(failures));
}

function diffRequestFrom(request: pb.DiffRequest): api.DiffRequest {
  return {
    ...subjectFrom(request),
    id: request.getId(),
    oldInputs: propertiesFrom(request.getOldInputs()),
    oldOutputs: propertiesFrom(request.getOlds()),
    newInputs: propertiesFrom(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

function readFrom(request: pb.ReadRequest): api.ReadRequest {
  const [inputs, outputs] = [propertiesFrom(request.getInputs()), propertiesFrom(request.getProperties())];
  // Nothing is known at an import, and empty maps are how that is sent.
  const known = Object.keys(inputs).length + Object.keys(outputs).length > 0;
  return {
    ...subjectFrom(request),
    id: request.getId(),
    inputs: known ? inputs : undefined,
    outputs: known ? outputs : undefined,
  };
}

/** What is not in order with a resource is sent as an error, which holds the whole answer. */
function readMessage(read: api.ReadResponse): pb.ReadResponse {
  const message = new pb.ReadResponse();
  if (read === undefined) return message;
  const { id, inputs, outputs, initErrors = [] } = read;
  if (initErrors.length > 0) {
    const state = { id, outputs, reasons: initErrors, ...(inputs === undefined ? {} : { inputs }) };
    throw new InitFailedError(initErrors.join("; "), state);
  }
  message.setId(id).setProperties(structFrom(outputs));
  return inputs === undefined ? message : message.setInputs(structFrom(inputs));
}
