/**
 * Evaluates a program for one environment inside this process, with the SDK's own store per run and no gRPC.
 * A program that cannot share a process says so by what it does, and is left to the official runner.
 */

import { relative } from "node:path";
import type { Declaration, DeclaredResource, Outcome } from "../monitor/declaration";
import { localClients } from "../monitor/local-clients";
import { PreviewMonitor } from "../monitor/preview-monitor";
import { MonitorService } from "../monitor/service";
import { LockedSecrets } from "../property/locked-secrets";
import type { ModuleWatch } from "./module-watch";
import type { ProgramLoader } from "./program";
import type { ConfigurationMessage, ProgramLocation } from "./protocol";
import { connect, type Sdk, trapStrays } from "./sdk";
import { untilIdle, Watch } from "./watch";

const { isConfigurationError } = require("./configuration-error.cjs") as {
  isConfigurationError(error: unknown): boolean;
};

/** What became of an evaluation. */
export type Evaluation =
  | { readonly kind: "declared"; readonly declaration: Declaration }
  | { readonly kind: "unsuitable"; readonly reason: string };

/** How long what a failed run left behind may go on, before the process is given up. */
const LEFTOVERS_MS = 500;

/** Pulumi's runner ends such a program with success, and what it would have declared is then deleted. */
const STALLED =
  "the program ended while its main function was still waiting for a promise that nothing settles; " +
  "what it would have declared after that is missing";

/** Runs the program once. Never throws: what the program throws is part of the result. */
export async function evaluate(
  sdk: Sdk,
  loader: ProgramLoader,
  location: ProgramLocation,
  message: ConfigurationMessage,
  modules: ModuleWatch,
  onResource: (resource: DeclaredResource) => void,
): Promise<Evaluation> {
  const configuration = {
    ...message,
    locked: new LockedSecrets(message.locked),
    revealed: [],
    diagnostics: [],
  };
  const monitor = new PreviewMonitor(location, configuration, { resource: onResource });
  const service = new MonitorService(monitor);
  const watch = new Watch((text) => monitor.log({ severity: "info", message: text }));
  service.onFailure = (error) => watch.fail(error);
  trapStrays(sdk, () => watch.stray());

  const finish = (outcome: Outcome): Evaluation => ({
    kind: "declared",
    declaration: {
      project: location.project,
      environment: message.environment,
      outcome,
      resources: monitor.resources,
      outputs: monitor.outputs,
      invokes: monitor.invokes,
      diagnostics: monitor.diagnostics,
    },
  });
  let idle: Promise<void> | undefined;
  try {
    const run = sdk.state.withLocalStorage(async () => {
      connect(sdk, localClients(service), location, configuration, () => modules.touched());
      await sdk.stack.runInPulumiStack(() => loader.run());
      await sdk.settings.disconnect(true);
    });
    // The official runner ends when nothing is left to do: timers that the program leaves are part of the run,
    // and a promise that nothing will settle is a mistake that it explains.
    idle = untilIdle();
    const first = await watch.during(Promise.race([run.then(() => "ran"), idle.then(() => "stalled")]));
    await watch.during(idle);
    const reason = modules.unsuitable ?? watch.trespass();
    if (first === "stalled" && reason === undefined) {
      monitor.log({ severity: "error", message: STALLED });
      return finish("failed");
    }
    return reason === undefined ? finish("succeeded") : { kind: "unsuitable", reason };
  } catch (error) {
    // What the failed run still does must not be taken for something that the next environment did.
    if (!(await within(LEFTOVERS_MS, idle)))
      modules.spend("a program that failed left work that does not end");
    const reason = modules.unsuitable ?? watch.trespass() ?? unexplained(sdk, error, service.failure);
    if (reason !== undefined) return { kind: "unsuitable", reason };
    const shown = error as Error;
    monitor.log({ severity: "error", message: missingPackage(error) ?? shown.message });
    return finish(isConfigurationError(shown) ? "misconfigured" : "failed");
  } finally {
    watch.end();
    loader.forget();
  }
}

/** Whether the work ends in time. The timer keeps nothing alive. */
function within(milliseconds: number, work: Promise<void> | undefined): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), milliseconds).unref();
  });
  return Promise.race([work?.then(() => true) ?? false, late]);
}

/** Errors that carry their whole explanation are shown as they are; the rest need the runner's stack trace. */
function unexplained(sdk: Sdk, error: unknown, failure: Error | undefined): string | undefined {
  if (failure !== undefined && error === failure) return undefined;
  if (sdk.errors.RunError.isInstance(error) || missingPackage(error) !== undefined) return undefined;
  return "it failed, and only a run with stack traces can show where";
}

/** What to tell of a package that is not installed; undefined for any other error. */
function missingPackage(error: unknown): string | undefined {
  const {
    code,
    message = "",
    requireStack = [],
  } = error as NodeJS.ErrnoException & { requireStack?: string[] };
  const name = /^Cannot find module '([^'./][^']*)'/.exec(message)?.[1];
  if (code !== "MODULE_NOT_FOUND" || name === undefined) return undefined;
  const [from] = requireStack;
  const where = from === undefined ? "" : `, which ${relative(process.cwd(), from)} loads`;
  return `Cannot find module '${name}'${where}: install the project's packages (npm ci), or add this one`;
}
