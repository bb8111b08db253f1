/**
 * Runs a program in Pulumi's own runner (@pulumi/pulumi/cmd/run), as the official language host does: a process of
 * its own, which speaks to this engine's services over gRPC.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Outcome } from "../monitor/declaration";
import { serve } from "../monitor/server";
import type { MonitorService } from "../monitor/service";
import type { EnvironmentConfiguration } from "../project/environment";
import type { Project } from "../project/project";

/** The runner's exit code when it has already reported the error through Engine.Log. */
const REPORTED = 32;

/** Stands for the exit code of a runner that a signal ended. */
const KILLED = 128;

/** How long the last output of a runner is waited for after its end. */
const DRAIN_MS = 1000;

/** How long a runner may take to end after its run has failed. */
const GRACE_MS = 10_000;

/**
 * Runs the program to its end. What it prints, and why it failed, is logged through the service's monitor. When the
 * signal is aborted the process is ended, at once if nothing of what it asked for is still under way.
 */
export async function runProgram(
  project: Project,
  configuration: EnvironmentConfiguration,
  service: MonitorService,
  signal: AbortSignal,
): Promise<Outcome> {
  const { monitor } = service;
  const fail = (message: string): Outcome => {
    monitor.log({ severity: "error", message });
    return "failed";
  };
  if (signal.aborted) return "cancelled";
  const runner = resolveRunner(project);
  if (runner === undefined) {
    return fail(
      `@pulumi/pulumi is not installed for ${project.root}: run npm ci (or the package manager's install) there`,
    );
  }
  const server = await serve(service);
  if (signal.aborted) {
    server.close();
    return "cancelled";
  }
  const child = start(runner, project, configuration, server.address, monitor.preview);
  const stop = (): void => void child.kill("SIGKILL");
  service.onFailure = ({ message, urn }) => {
    monitor.log({ severity: "error", message, ...(urn === undefined ? {} : { urn }) });
    setTimeout(stop, GRACE_MS).unref();
  };
  signal.addEventListener("abort", stop);
  let misconfigured = false;
  // runner-guard.cjs says nothing else here.
  (child.stdio[3] as Readable).once("data", () => {
    misconfigured = true;
  });
  forward(child, (message) => {
    if (service.failure === undefined) monitor.log({ severity: "info", message });
  });
  try {
    const { code, error } = await ended(child);
    if (signal.aborted) return "cancelled";
    if (error !== undefined) return fail(`Node.js could not be started: ${error.message}`);
    if (service.failure !== undefined) return "failed";
    if (code === REPORTED) return misconfigured ? "misconfigured" : "failed";
    return code === 0 ? "succeeded" : fail(`Program exited with non-zero exit code: ${code}`);
  } finally {
    signal.removeEventListener("abort", stop);
    server.close();
  }
}

function resolveRunner(project: Project): string | undefined {
  try {
    return createRequire(join(project.programDirectory, "index.js")).resolve("@pulumi/pulumi/cmd/run");
  } catch {
    return undefined;
  }
}

function start(
  runner: string,
  project: Project,
  { environment, values, secretKeys }: EnvironmentConfiguration,
  address: string,
  dryRun: boolean,
): ChildProcess {
  const { options } = project;
  const named = Object.entries(values).map(([key, value]) => [key.replace(":", ":config:"), value]);
  const flags = {
    monitor: address,
    engine: address,
    organization: "organization",
    project: project.name,
    "root-directory": project.root,
    stack: environment,
    pwd: project.programDirectory,
  };
  return spawn(
    process.execPath,
    [
      ...["-r", join(__dirname, "runner-guard.cjs")],
      ...options.nodeArguments,
      runner,
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
      ...(dryRun ? ["--dry-run"] : []),
      ...["--parallel", "64"],
      project.entryPoint,
    ],
    {
      cwd: project.programDirectory,
      // The last is for runner-guard.cjs: it closes when this process is gone, and carries why the program ended.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...process.env,
        KEYBUZZ_PARENT_FD: "3",
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(named)),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
        ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
        // Types are checked by whoever builds the program; with a large SDK that takes a minute.
        PULUMI_NODEJS_TRANSPILE_ONLY: process.env.PULUMI_NODEJS_TRANSPILE_ONLY ?? "true",
        ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
      },
    },
  );
}

/** Hands on what the program prints, line by line. */
function forward(child: ChildProcess, print: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") print(line);
    });
    stream?.on("end", () => {
      if (rest.trim() !== "") print(rest);
    });
  }
}

function ended(child: ChildProcess): Promise<{ code: number; error?: Error }> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: -1, error }));
    const finish = (code: number | null): void => resolve({ code: code ?? KILLED });
    child.once("close", finish);
    // What the program started may hold the process's output open after its end.
    child.once("exit", (code) => {
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
        finish(code);
      }, DRAIN_MS).unref();
    });
  });
}
