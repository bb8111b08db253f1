/**
 * A provider as a plugin process: pulumirpc.ResourceProvider over gRPC on a free port of 127.0.0.1, for processes of
 * this user alone.
 *
 * An entry point is one line, `void runPlugin(() => new PostgresqlProvider())`, and is run with tsx. The first line
 * on its standard output is its port; the official CLI attaches to it (docs/provider-plugins.md).
 */
import { createServer } from "node:net";
import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Callers } from "./callers";
import { extension } from "./extension";
import { Failures } from "./failures";
import { isOfUser } from "./own-user";
import type { ProviderFactory } from "./provider";
import type { ProviderService } from "./service";

/** Pulumi allows messages of up to 400 MiB. */
export const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** A provider that listens. */
export interface ServedProvider {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Stops listening, and lets the providers go. */
  close(): Promise<void>;
}

/**
 * Serves the providers that a factory makes, one for each connection, with a configuration of its own, to
 * processes of this user; connections of others are closed unread.
 */
export async function serveProvider(factory: ProviderFactory): Promise<ServedProvider> {
  const server = new Server({ "grpc.max_receive_message_length": MESSAGE_LIMIT });
  const failures = new Failures();
  const callers = await Callers.begin(factory, failures);
  const answers = (group: "resourceProvider" | "extension"): UntypedServiceImplementation =>
    handlers(group, callers, failures);
  server.addService(ResourceProviderService as unknown as ServiceDefinition, answers("resourceProvider"));
  server.addService(extension, answers("extension"));
  const connections = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = createServer({ noDelay: true }, (socket) => {
    if (isOfUser(socket)) connections.injectConnection(socket);
    else socket.destroy();
  });
  const port = await new Promise<number>((resolve, reject) => {
    listener.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = listener.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      listener.close();
      server.forceShutdown();
      await callers.close();
    },
  };
}

type Method = (request: never) => Promise<unknown>;

function handlers(
  group: "resourceProvider" | "extension",
  callers: Callers,
  failures: Failures,
): UntypedServiceImplementation {
  const methodOf = (service: ProviderService, name: string): Method => {
    const method = (service[group] as Readonly<Record<string, Method>>)[name];
    if (method === undefined) throw new Error(`there is no method ${name}`);
    return method;
  };
  const entries = Object.keys(callers.sample[group]).map((name) => [
    name,
    (call: ServerUnaryCall<never, unknown>, answer: sendUnaryData<unknown>) => {
      const asked = callers.serviceFor(call.getPeer(), name);
      asked
        .then((service) => methodOf(service, name)(call.request))
        .then(
          (response) => answer(null, response),
          (error: unknown) => answer(failures.statusFor(error, call.metadata)),
        );
    },
  ]);
  return Object.fromEntries(entries) as UntypedServiceImplementation;
}

/** Says that standard input is a pipe which closes when the engine is gone. Unlike others, it passes through tsx. */
export const PARENT_VARIABLE = "KEYBUZZ_PLUGIN_PARENT";

/**
 * Serves a provider as a process of its own, until SIGINT, SIGTERM, or the end of the engine that started it. Prints
 * the port to standard output, and nothing else.
 */
export async function runPlugin(factory: ProviderFactory): Promise<void> {
  const served = await serveProvider(factory);
  const end = (): void => {
    void served.close().finally(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  if (process.env[PARENT_VARIABLE] === "stdin") {
    // What the provider starts is none of the engine's.
    delete process.env[PARENT_VARIABLE];
    process.stdin.on("error", end).once("close", end).resume();
  }
  process.stdout.write(`${served.address.slice(served.address.lastIndexOf(":") + 1)}\n`);
}
