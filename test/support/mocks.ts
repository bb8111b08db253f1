/**
 * Runs a piece of program against Pulumi's own mock monitor and hands back what the monitor saw: every
 * resource with its inputs, parent, provider, dependencies and options. No engine, no provider, no network.
 *
 * - A secret among the inputs appears as `{ secret: value }`, at whatever depth it was sent.
 * - A value that is not known (only with `preview: true`) appears as `UNKNOWN`.
 * - Generated values are deterministic: the same program gives the same password, another keeper another one.
 * - An error thrown inside an `apply` rejects the recording, as it would end a real program.
 *
 * The SDK keeps its monitor in one place per process, so recordings run one after the other.
 */
import * as pulumi from "@pulumi/pulumi";
import { type Monitor, providerName, tap } from "./mock-monitor";
import { answer, computedOutputs } from "./mock-providers";
import type { RecordedInvoke, RecordedResource } from "./recorded";

export * from "./recorded";

export interface RecordOptions {
  /** @default "dev" */
  stack?: string;
  /** @default "keybuzz" */
  project?: string;
  /** As in `pulumi preview`: whatever a provider would compute stays unknown. @default false */
  preview?: boolean;
  /** Configuration by full key (`keybuzz:environment`); structured values as JSON. */
  config?: Record<string, string>;
  /** Full keys of the secret ones among them. */
  secretKeys?: string[];
  /** Answers a provider function; undefined falls back to the built-in answer. */
  invoke?: (token: string, inputs: Record<string, unknown>) => Record<string, unknown> | undefined;
  /** Computed outputs of a resource, beside its inputs; undefined falls back to the built-in ones. */
  outputs?: (
    type: string,
    name: string,
    inputs: Record<string, unknown>,
  ) => Record<string, unknown> | undefined;
}

export interface Recording<T> {
  readonly resources: RecordedResource[];
  readonly invokes: RecordedInvoke[];
  /** What the program returned. */
  readonly result: T;
}

/** Runs `program` and returns every resource that it registered, in order of registration. */
export async function recordResources(
  program: () => unknown,
  options: RecordOptions = {},
): Promise<RecordedResource[]> {
  return (await recordProgram(program, options)).resources;
}

let queue: Promise<unknown> = Promise.resolve();

/** As `recordResources`, with the invokes and the program's result. */
export function recordProgram<T>(
  program: () => T | Promise<T>,
  options: RecordOptions = {},
): Promise<Recording<T>> {
  const run = queue.then(() => record(program, options));
  queue = run.catch(() => undefined);
  return run;
}

/** Value and secretness of an output, for use inside a recorded program. Rejects when the output failed. */
export async function readOutput<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  const value = await (output as unknown as { promise(): Promise<T> }).promise();
  return { value, secret: await pulumi.isSecret(output) };
}

async function record<T>(program: () => T | Promise<T>, options: RecordOptions): Promise<Recording<T>> {
  const preview = options.preview ?? false;
  const resources: RecordedResource[] = [];
  const invokes: RecordedInvoke[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const computed =
          options.outputs?.(type, name, inputs) ?? (preview ? {} : computedOutputs(type, name, inputs));
        const physical = id || computed.id || inputs.name || inputs.metadata?.name || `${name}-id`;
        return { id: preview ? undefined : String(physical), state: { ...inputs, ...computed } };
      },
      call: ({ token, inputs, provider }) => {
        invokes.push({ token, inputs, ...providerName(provider) });
        return options.invoke?.(token, inputs) ?? answer(token, inputs, preview);
      },
    },
    options.project ?? "keybuzz",
    options.stack ?? "dev",
    preview,
  );
  pulumi.runtime.setAllConfig(options.config ?? {}, options.secretKeys ?? []);
  tap(pulumi.runtime.getMonitor() as unknown as Monitor, resources);
  const result = await settled(program);
  refuseDuplicates(resources);
  return { resources, invokes, result };
}

/**
 * Runs the program and waits for its registrations. What fails inside an `apply` comes up as an unhandled
 * rejection, which ends a real program; here it rejects the recording.
 */
async function settled<T>(program: () => T | Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  // The SDK takes a stack trace for every output; whole ones make a recording five times slower.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (failure) => failures.push(failure));
  try {
    const run = async (): Promise<T> => program();
    const result = await run().catch((error: unknown) => {
      failures.unshift(error);
    });
    await pulumi.runtime.disconnect();
    await new Promise((resolve) => setImmediate(resolve));
    if (failures.length > 0) throw failures[0];
    return result as T;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
}

/** The mock monitor takes two resources of one URN; a real engine does not. */
function refuseDuplicates(resources: RecordedResource[]): void {
  const urns = resources.map((resource) => resource.urn);
  const twice = urns.filter((urn, i) => urns.indexOf(urn) !== i);
  if (twice.length > 0) throw new Error(`duplicate resource URN: ${twice.join(", ")}`);
}
