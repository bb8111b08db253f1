/**
 * A resource provider that stands in for any other: it agrees with whatever a program declares and reaches
 * nothing. The official CLI attaches to it instead of starting a provider plugin (`PULUMI_DEBUG_PROVIDERS`),
 * so that a preview can be had of a program whose providers are not installed, offline.
 *
 * A preview then shows what the program sent: `Check` returns its inputs unchanged and `Create` echoes them as
 * outputs, unknowns and secrets included.
 */
import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A JSON object as protobuf's `Struct` can carry it. */
export type StructObject = { [key: string]: JavaScriptValue };

/**
 * What functions of a provider return, by their token (`vault:kv/getSecretV2:getSecretV2`). Strings that equal
 * {@link UNKNOWN} are unknown to the program. A function without an answer returns an empty object, every field
 * of it `undefined`.
 */
export type InvokeAnswers = Readonly<Record<string, StructObject>>;

/** The engine's placeholder for an unknown value. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One call of a provider's function. */
export interface RecordedInvoke {
  readonly token: string;
  readonly arguments: StructObject;
}

/** A listening stand-in. */
export interface StandIn {
  readonly name: string;
  readonly version: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** The functions called so far, in order of arrival. */
  readonly invokes: readonly RecordedInvoke[];
  /** Stops listening, at once. */
  close(): void;
}

/** The engine sends whole manifests in one message; its own limit is the same. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** How the protocol marks a string of bytes among plain objects. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const BYTE_STRING_SIGNATURE = "803fd3297a5875dc03ca845dda5d2a98";

/** The part of the provider protocol that is answered; gRPC says UNIMPLEMENTED to the rest of it. */
type Implemented = Pick<
  IResourceProviderServer,
  | "handshake"
  | "attach"
  | "getPluginInfo"
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "check"
  | "diff"
  | "create"
  | "read"
  | "update"
  | "delete"
  | "invoke"
  | "cancel"
>;

/** Makes a gRPC handler of a function that answers a request; what it throws becomes an INTERNAL error. */
function unary<Request, Response>(
  answer: (request: Request) => Response,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    let response: Response;
    try {
      response = answer(call.request);
    } catch (error) {
      const details = error instanceof Error ? error.message : String(error);
      callback({ code: grpc.status.INTERNAL, details });
      return;
    }
    callback(null, response);
  };
}

/** Accepts the inputs as they are. */
function check(request: proto.CheckRequest): proto.CheckResponse {
  return new proto.CheckResponse().setInputs(request.getNews());
}

/** Finds no difference, whatever is compared. */
function diff(): proto.DiffResponse {
  return new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE);
}

/** Echoes the inputs as outputs. A real creation is named after the resource, a previewed one has no id yet. */
function create(request: proto.CreateRequest): proto.CreateResponse {
  const id = request.getPreview() ? "" : `stand-in-${request.getName()}`;
  return new proto.CreateResponse().setId(id).setProperties(request.getProperties());
}

/** Finds what is asked for, exactly as the engine or the program knows it. */
function read(request: proto.ReadRequest): proto.ReadResponse {
  return new proto.ReadResponse()
    .setId(request.getId())
    .setProperties(request.getProperties() ?? new Struct())
    .setInputs(request.getInputs() ?? new Struct());
}

function handshake(): proto.ProviderHandshakeResponse {
  return new proto.ProviderHandshakeResponse().setAcceptSecrets(true).setAcceptResources(true);
}

function configure(): proto.ConfigureResponse {
  return new proto.ConfigureResponse()
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setSupportspreview(true);
}

/**
 * Prepares an answer for the wire. A provider has no way to say that a function's result is unknown:
 * `InvokeResponse` has no such field, and the engine rejects the placeholder in it. Written as a byte string,
 * though, the placeholder passes through the engine and reaches the program as the plain string that its SDK
 * takes for an unknown value.
 */
function wireValue(value: JavaScriptValue): JavaScriptValue {
  if (value === UNKNOWN) {
    return { [SIGNATURE_KEY]: BYTE_STRING_SIGNATURE, value: Buffer.from(UNKNOWN).toString("base64") };
  }
  if (Array.isArray(value)) {
    return value.map(wireValue);
  }
  return isObject(value) ? wireObject(value) : value;
}

/** Like {@link wireValue}, of an object. */
function wireObject(value: StructObject): StructObject {
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, wireValue(element)]));
}

/** Tells objects from the other values of a `Struct`; arrays are to be told before. */
function isObject(value: JavaScriptValue): value is StructObject {
  return typeof value === "object" && value !== null;
}

/** Notes a call of a function and answers it from the given answers. */
function invoke(
  request: proto.InvokeRequest,
  answers: InvokeAnswers,
  invokes: RecordedInvoke[],
): proto.InvokeResponse {
  const token = request.getTok();
  invokes.push({ token, arguments: request.getArgs()?.toJavaScript() ?? {} });
  return new proto.InvokeResponse().setReturn(Struct.fromJavaScript(wireObject(answers[token] ?? {})));
}

function implementation(version: string, answers: InvokeAnswers, invokes: RecordedInvoke[]): Implemented {
  const empty = () => new Empty();
  return {
    handshake: unary(handshake),
    attach: unary(empty),
    getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(version)),
    checkConfig: unary(check),
    diffConfig: unary(diff),
    configure: unary(configure),
    check: unary(check),
    diff: unary(diff),
    create: unary(create),
    read: unary(read),
    update: unary((request) => new proto.UpdateResponse().setProperties(request.getNews())),
    delete: unary(empty),
    invoke: unary((request) => invoke(request, answers, invokes)),
    cancel: unary(empty),
  };
}

/** Listens on a free port of 127.0.0.1 and says which. */
function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) {
        resolve(port);
      } else {
        reject(error);
      }
    });
  });
}

/**
 * Starts a stand-in for one provider.
 *
 * @param name the package it stands in for: `kubernetes`
 * @param version the version it claims: the SDK's, so that the CLI does not warn of an older plugin
 * @param answers what its functions return
 */
export async function startStandIn(
  name: string,
  version: string,
  answers: InvokeAnswers = {},
): Promise<StandIn> {
  const invokes: RecordedInvoke[] = [];
  const server = new grpc.Server({
    "grpc.max_receive_message_length": MESSAGE_LIMIT,
    "grpc.max_send_message_length": MESSAGE_LIMIT,
  });
  server.addService(ResourceProviderService, implementation(version, answers, invokes));
  const port = await listen(server);
  return { name, version, port, invokes, close: () => server.forceShutdown() };
}

/** The value of `PULUMI_DEBUG_PROVIDERS` that makes the official CLI attach to these stand-ins. */
export function debugProviders(standIns: readonly StandIn[]): string {
  return standIns.map(({ name, port }) => `${name}:${port}`).join(",");
}
