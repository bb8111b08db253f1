/**
 * Evaluates environments in one child process that loads the SDK once. A process of its own, so that a program
 * that never ends, exhausts its memory or kills its process can be ended and told of.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Declaration } from "../monitor/declaration";
import type { EnvironmentConfiguration } from "../project/environment";
import type { Project } from "../project/project";
import type { EvaluationEvents, HostMessage, ProgramLocation } from "./protocol";

/** What became of an environment: what it declares, or why it needs the official runner. */
export type SharedResult =
  | { readonly kind: "declared"; readonly declaration: Declaration }
  | { readonly kind: "unsuitable"; readonly reason: string };

/** A started process. It loads the SDK while the caller reads the configurations. */
export class SharedRunner {
  readonly #child: ChildProcess;
  /** The last that the process wrote outside the program's run, for when it dies. */
  #output = "";

  constructor(project: Project) {
    const location: ProgramLocation = {
      project: project.name,
      root: project.root,
      programDirectory: project.programDirectory,
      entryPoint: project.entryPoint,
    };
    this.#child = fork(join(__dirname, "shared-host.cjs"), [JSON.stringify(location)], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString("utf8")).slice(-4000);
      });
    }
  }

  /**
   * Evaluates the environments in order. Environments that the process did not come to, because it died or
   * could not load the SDK, are unsuitable too.
   */
  evaluate(
    configurations: readonly EnvironmentConfiguration[],
    events: EvaluationEvents,
  ): Promise<Map<string, SharedResult>> {
    const results = new Map<string, SharedResult>();
    return new Promise((resolve) => {
      const settle = (reason: string): void => {
        for (const { environment } of configurations) {
          if (!results.has(environment)) results.set(environment, { kind: "unsuitable", reason });
        }
        resolve(results);
      };
      this.#child.on("message", (message: HostMessage) => {
        if (message.kind === "progress") events.progress?.(message.environment, message.resources);
        else if (message.kind === "timing") events.timing?.(message.phase, message.milliseconds);
        else if (message.kind === "finished") settle("it was not evaluated");
        else if (message.kind === "broken") settle(message.diagnostic.message);
        else results.set(message.environment, message);
      });
      this.#child.once("error", (error) =>
        settle(`the evaluating process could not be started: ${error.message}`),
      );
      this.#child.once("close", (code, signal) => {
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        settle(`its process ended ${how}${this.#output === "" ? "" : `: ${this.#output.trim()}`}`);
      });
      this.#child.send({
        kind: "evaluate",
        configurations: configurations.map(({ environment, values, secretKeys, locked }) => ({
          environment,
          values,
          secretKeys,
          locked: locked.state,
        })),
      });
    });
  }

  /** Ends the process, if it still runs. */
  close(): void {
    this.#child.kill("SIGKILL");
  }
}
