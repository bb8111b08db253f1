/** The services as the SDK's gRPC clients would offer them, for a program that runs in this process. */
import { callHere } from "./callbacks";
import type { MonitorService } from "./service";

type Handler = (request: never) => Promise<unknown>;
type ClientMethod = (request: never, callback: (error: Error | null, response?: unknown) => void) => void;

/** What the SDK calls instead of a connection. */
export interface LocalClients {
  readonly monitor: Record<string, ClientMethod>;
  readonly engine: Record<string, ClientMethod>;
}

/**
 * Clients for both services; calls are answered in the order in which they were made. The service then calls the
 * program's functions in this process too.
 */
export function localClients(service: MonitorService): LocalClients {
  service.callBack = callHere;
  return { monitor: clientOf(service.resourceMonitor), engine: clientOf(service.engine) };
}

function clientOf(handlers: Record<string, Handler>): Record<string, ClientMethod> {
  const methods = Object.entries(handlers).map(([name, handler]): [string, ClientMethod] => [
    name,
    (request, callback) => {
      handler(request).then(
        (response) => callback(null, response),
        (error: Error) => callback(error),
      );
    },
  ]);
  return { ...Object.fromEntries(methods), close: () => {} };
}
