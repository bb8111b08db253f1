/**
 * One operation on a stack of the `noop` provider, in a process of its own, so that its memory is its own. Started by
 * bench/deployments.ts: `deploy-once <project> up|refresh|destroy`. Prints what it came to as one line of JSON.
 */
import { join } from "node:path";
import { destroy } from "../engine/deploy/destroy";
import type { DeployOptions } from "../engine/deploy/options";
import { refresh } from "../engine/deploy/refresh";
import { up } from "../engine/deploy/up";
import { loadProject } from "../engine/project/project";
import { NoopProvider } from "./noop-provider";

async function main(root: string, operation: string): Promise<void> {
  const options: DeployOptions = {
    backend: join(root, "state"),
    preview: false,
    factories: { noop: () => new NoopProvider() },
    admission: () => {},
    settings: { values: {}, secretKeys: [] },
    overrides: [],
    processEnvironment: { PULUMI_CONFIG_PASSPHRASE: "bench" },
    parallel: 16,
    continueOnError: false,
    message: "",
    signal: new AbortController().signal,
    events: {},
  };
  const project = loadProject(root);
  const operations = {
    up: () => up(project, "bench", options),
    refresh: () => refresh(project, "bench", { ...options, clearPendingCreates: false }),
    destroy: () => destroy(project, "bench", options),
  };
  const operate = operations[operation as keyof typeof operations];
  const started = performance.now();
  const { outcome, changes, diagnostics } = await operate();
  if (outcome !== "succeeded") throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  console.log(JSON.stringify({ milliseconds: performance.now() - started, changes }));
}

void main(process.argv[2] ?? "", process.argv[3] ?? "").catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
