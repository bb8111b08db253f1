/** The services behind gRPC on loopback, for a program that runs in a process of its own. */

import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { type MonitorService, ServiceError } from "./service";

/** Pulumi allows messages of up to 400 MiB. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** A server that listens. */
export interface MonitorServer {
  /** `127.0.0.1:<port>`, for both services. */
  readonly address: string;
  close(): void;
}

/** Serves both services on a free port of 127.0.0.1. */
export async function serve(service: MonitorService): Promise<MonitorServer> {
  const server = new Server({ "grpc.max_receive_message_length": MESSAGE_LIMIT });
  add(server, ResourceMonitorService as unknown as ServiceDefinition, service.resourceMonitor);
  add(server, EngineService as unknown as ServiceDefinition, service.engine);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

type Handler = (request: never) => Promise<unknown>;
type Unary = { request: never };
type Answer = (error: { code: number; details: string } | null, response?: unknown) => void;

/** Methods without a handler answer UNIMPLEMENTED, as newer SDKs expect of an older engine. */
function add(server: Server, definition: ServiceDefinition, handlers: Record<string, Handler>): void {
  const methods = Object.entries(handlers).map(([name, handler]) => [
    name,
    (call: Unary, answer: Answer) => {
      handler(call.request).then(
        (response) => answer(null, response),
        (error: Error) => answer(asStatus(error)),
      );
    },
  ]);
  server.addService(definition, Object.fromEntries(methods) as UntypedServiceImplementation);
}

function asStatus(error: Error): { code: number; details: string } {
  if (error instanceof ServiceError) return { code: error.code, details: error.details };
  return { code: status.UNKNOWN, details: error.message };
}
