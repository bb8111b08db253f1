/**
 * The process in which a program is evaluated for all environments, one after the other. It is started with the
 * program's location and loads the SDK at once; the configurations follow when they have been read.
 */
import { deferRarelyUsedModules } from "./lazy-modules";

deferRarelyUsedModules();

import { CompiledCode } from "./compiled-code";
import { evaluate } from "./evaluate";
import { ModuleWatch } from "./module-watch";
import { ProgramLoader } from "./program";
import { type EvaluateMessage, type HostMessage, type ProgramLocation, packed } from "./protocol";
import { loadSdk, type Sdk, skipUnusedWork, UnsupportedSdk } from "./sdk";

/** Time between two reports of progress. */
const PROGRESS_MS = 50;

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
  let sent: Promise<void> = Promise.resolve();
  for (const configuration of configurations) {
    const { environment } = configuration;
    if (modules.spent !== undefined) {
      await send({ kind: "unsuitable", environment, reason: modules.spent });
      continue;
    }
    let resources = 0;
    const started = performance.now();
    let reported = started;
    // Without the channel, an empty event loop means that the program has nothing left to do.
    process.channel?.unref();
    const evaluation = await evaluate(sdk, loader, location, configuration, modules, () => {
      resources += 1;
      const now = performance.now();
      if (now - reported < PROGRESS_MS) return;
      reported = now;
      void send({ kind: "progress", environment, resources });
    });
    process.channel?.ref();
    void send({ kind: "timing", phase: `modules of ${environment}`, milliseconds: loader.loading });
    void send({ kind: "timing", phase: environment, milliseconds: performance.now() - started });
    // The next environment is evaluated while this one is read. No more than one waits to be read.
    await sent;
    sent = send(
      evaluation.kind === "declared"
        ? { environment, kind: "declared", declaration: packed(evaluation.declaration) }
        : { environment, ...evaluation },
    );
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
    new CompiledCode().install();
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
