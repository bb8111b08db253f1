/**
 * The parts of the program's own copy of @pulumi/pulumi that an evaluation in this process needs. They are the
 * SDK's own means for inline programs (automation/server.js): a store per run in AsyncLocalStorage. They are not
 * part of its public interface, so a copy that lacks one of them is reported and the official runner is used.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import type { LocalClients } from "../monitor/local-clients";
import { carryValues } from "./carried-values";
import { deferOutputs, type SdkRpc } from "./lazy-outputs";

interface Store {
  readonly settings: {
    monitor: unknown;
    engine: unknown;
    readonly options: { rootDirectory?: string; stack?: string };
  };
  /** The configuration as JSON, by the names of the variables that bring it to a process of its own. */
  readonly config: Record<string, string>;
}

/** What is used of the SDK. */
export interface Sdk {
  readonly state: {
    withLocalStorage<T>(callback: () => Promise<T>): Promise<T>;
    getStore(): Store;
  };
  readonly settings: {
    resetOptions(
      project: string,
      stack: string,
      parallel: number,
      engineAddress: string,
      monitorAddress: string,
      preview: boolean,
      organization: string,
    ): void;
    disconnect(signalShutdown: boolean): Promise<void>;
    setMockOptions(monitor: unknown, project: string, stack: string, preview: boolean): void;
  };
  readonly config: { setAllConfig(values: Record<string, string>, secretKeys: readonly string[]): void };
  readonly stack: { runInPulumiStack(program: () => Promise<unknown>): Promise<unknown> };
  /** Takes the stack of every resource that is made. */
  readonly resource: { readonly Resource: { callsites: () => unknown[] } };
  readonly log: { debug: () => Promise<void> };
  /** Notes of every promise where it was made, to tell which ones nothing settled. */
  readonly debuggable: { debuggablePromise<T>(promise: Promise<T>): Promise<T> };
  readonly rpc: SdkRpc;
  readonly errors: { readonly RunError: { isInstance(error: unknown): error is Error } };
}

/** The name of the part that this copy of the SDK lacks. */
export class UnsupportedSdk extends Error {}

/** Loads the program's SDK. Throws UnsupportedSdk, or Node.js's error when there is none. */
export function loadSdk(programDirectory: string): Sdk {
  const require = createRequire(join(programDirectory, "index.js"));
  require("@pulumi/pulumi");
  const sdk: Sdk = {
    state: require("@pulumi/pulumi/runtime/state"),
    settings: require("@pulumi/pulumi/runtime/settings"),
    config: require("@pulumi/pulumi/runtime/config"),
    stack: require("@pulumi/pulumi/runtime/stack"),
    resource: require("@pulumi/pulumi/resource"),
    log: require("@pulumi/pulumi/log"),
    debuggable: require("@pulumi/pulumi/runtime/debuggable"),
    rpc: require("@pulumi/pulumi/runtime/rpc"),
    errors: require("@pulumi/pulumi/errors"),
  };
  const needed: Record<string, unknown> = {
    "runtime/state.withLocalStorage": sdk.state.withLocalStorage,
    "runtime/state.getStore": sdk.state.getStore,
    "runtime/settings.resetOptions": sdk.settings.resetOptions,
    "runtime/settings.disconnect": sdk.settings.disconnect,
    "runtime/settings.setMockOptions": sdk.settings.setMockOptions,
    "runtime/config.setAllConfig": sdk.config.setAllConfig,
    "runtime/stack.runInPulumiStack": sdk.stack.runInPulumiStack,
    "resource.Resource.callsites": sdk.resource.Resource?.callsites,
    "log.debug": sdk.log.debug,
    "runtime/debuggable.debuggablePromise": sdk.debuggable.debuggablePromise,
    "errors.RunError.isInstance": sdk.errors.RunError?.isInstance,
  };
  carryValues(require.resolve("@pulumi/pulumi"));
  const missing = Object.keys(needed).find((name) => typeof needed[name] !== "function");
  if (missing !== undefined) throw new UnsupportedSdk(missing);
  return sdk;
}

/**
 * Keeps the SDK from work that a preview throws away: noting where in the program each resource is made (who
 * wants the places runs the program in the official runner), noting the same of every promise, four per property,
 * and sending debug messages, several per resource. `onResource` is called for every resource that is made.
 */
export function skipUnusedWork(sdk: Sdk, onResource: () => void): void {
  sdk.resource.Resource.callsites = () => {
    onResource();
    return [];
  };
  sdk.log.debug = () => Promise.resolve();
  // As many turns as the SDK's own take, so that resources are registered in the same order.
  sdk.debuggable.debuggablePromise = (promise) => promise.then(same).catch(rethrow);
  deferOutputs(sdk.rpc);
}

/**
 * Points the current store at the clients, as a preview of one environment. `onRead` is called whenever the
 * program asks for what differs between environments: its name, its configuration.
 */
export function connect(
  sdk: Sdk,
  clients: LocalClients,
  program: { readonly project: string; readonly root: string },
  configuration: {
    readonly environment: string;
    readonly values: Readonly<Record<string, string>>;
    readonly secretKeys: readonly string[];
  },
  onRead: () => void,
): void {
  const { environment, values, secretKeys } = configuration;
  sdk.settings.resetOptions(program.project, environment, -1, "local", "local", true, "organization");
  const store = sdk.state.getStore();
  store.settings.options.rootDirectory = program.root;
  store.settings.monitor = clients.monitor;
  store.settings.engine = clients.engine;
  sdk.config.setAllConfig({ ...values }, secretKeys);
  tellReads(store.settings.options, "stack", onRead);
  for (const key of Object.keys(store.config)) tellReads(store.config, key, onRead);
}

/** Calls `onRead` whenever the property is read; it is otherwise as before. */
function tellReads<T extends object, K extends keyof T>(target: T, key: K, onRead: () => void): void {
  let current = target[key];
  Object.defineProperty(target, key, {
    enumerable: true,
    get: () => {
      onRead();
      return current;
    },
    set: (value: T[K]) => {
      current = value;
    },
  });
}

/**
 * Reports what a program registers outside of any run, for instance when the process is about to end. Nothing
 * there says for which environment it is.
 */
export function trapStrays(sdk: Sdk, onStray: () => void): void {
  type Answer = (error: Error) => void;
  const refuse = (_: unknown, answer: Answer): void => {
    onStray();
    answer(new Error("registered outside of the program's run"));
  };
  sdk.settings.setMockOptions(new Proxy({}, { get: () => refuse }), "", "", true);
}

function same<T>(value: T): T {
  return value;
}

function rethrow(error: unknown): never {
  throw error;
}
