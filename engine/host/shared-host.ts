/**
 * The process in which a program is evaluated for all environments, one after the other. It is started with the
 * program's location and loads the SDK at once; the configurations follow when they have been read.
 */
import { deferRarelyUsedModules } from "./lazy-modules";

deferRarelyUsedModules();

import { evaluate } from "./evaluate";
import { ModuleWatch } from "./module-watch";
import { ProgramLoader } from "./program";
import type { EvaluateMessage, HostMessage, ProgramLocation } from "./protocol";
import { loadSdk, type Sdk, skipUnusedWork, UnsupportedSdk } from "./sdk";

/** Registrations between two reports of progress. */
const PROGRESS_STEP = 10;

const location = JSON.parse(process.argv[2] ?? "{}") as ProgramLocation;
process.argv = process.argv.slice(0, 2);
// Whoever asked is gone, perhaps killed: nobody will read the answer.
const gone = (): void => void process.kill(process.pid, "SIGKILL");
process.once("disconnect", gone);

function send(message: HostMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => resolve());
  });
}

async function run(sdk: Sdk, modules: ModuleWatch, { configurations }: EvaluateMessage): Promise<void> {
  const loader = new ProgramLoader(location);
  for (const configuration of configurations) {
    const { environment } = configuration;
    if (modules.spent !== undefined) {
      await send({ kind: "unsuitable", environment, reason: modules.spent });
      continue;
    }
    let resources = 0;
    const started = performance.now();
    // Without the channel, an empty event loop means that the program has nothing left to do.
    process.channel?.unref();
    const evaluation = await evaluate(sdk, loader, location, configuration, modules, () => {
      resources += 1;
      if (resources % PROGRESS_STEP === 0) void send({ kind: "progress", environment, resources });
    });
    process.channel?.ref();
    await send({ kind: "timing", phase: `modules of ${environment}`, milliseconds: loader.loading });
    await send({ kind: "timing", phase: environment, milliseconds: performance.now() - started });
    await send({ environment, ...evaluation });
  }
  await send({ kind: "finished" });
  process.off("disconnect", gone);
  process.disconnect();
}

function start(): void {
  let sdk: Sdk;
  const modules = new ModuleWatch();
  try {
    sdk = loadSdk(location.programDirectory);
    skipUnusedWork(sdk, () => modules.touched());
    modules.install();
  } catch (error) {
    const reason =
      error instanceof UnsupportedSdk
        ? `this version of @pulumi/pulumi has no ${error.message}`
        : `@pulumi/pulumi could not be loaded: ${(error as Error).message}`;
    void send({ kind: "broken", diagnostic: { severity: "error", message: reason } }).then(() => {
      process.off("disconnect", gone);
      process.disconnect();
    });
    return;
  }
  void send({ kind: "timing", phase: "start", milliseconds: performance.now() });
  process.once("message", (message: EvaluateMessage) => void run(sdk, modules, message));
}

start();
