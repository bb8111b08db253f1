/**
 * Evaluates environments in one child process that loads the SDK once. A process of its own, so that a program
 * that never ends, exhausts its memory or kills its process can be ended and told of.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Declaration } from "../monitor/declaration";
import type { EnvironmentConfiguration } from "../project/environment";
import type { Project } from "../project/project";
import { tsconfigOf } from "./compiler-options";
import { type EvaluationEvents, type HostMessage, type ProgramLocation, unpacked } from "./protocol";

/** What became of an environment: what it declares, or why it needs the official runner. */
export type SharedResult =
  | { readonly kind: "declared"; readonly declaration: Declaration }
  | { readonly kind: "unsuitable"; readonly reason: string };

/** How long the last output of a process is waited for after its end. */
const DRAIN_MS = 1000;

/**
 * Room for what one environment leaves behind, in MB: with Node.js's own measure, V8 looks for garbage several times
 * while all of an environment is still in use, and copies it each time.
 */
const YOUNG_MB = 32;

/** A started process. It loads the SDK while the caller reads the configurations. */
export class SharedRunner {
  readonly #child: ChildProcess;
  /** The last that the process wrote outside the program's run, for when it dies. */
  #output = "";
  /** Why the process evaluates no more; it may have died before anything was asked of it. */
  readonly #ended: Promise<string>;
  #receive: (message: HostMessage) => void = () => {};

  constructor(project: Project) {
    const location: ProgramLocation = {
      project: project.name,
      root: project.root,
      programDirectory: project.programDirectory,
      entryPoint: project.entryPoint,
    };
    const child = fork(join(__dirname, "shared-host.cjs"), [JSON.stringify(location)], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [`--max-semi-space-size=${YOUNG_MB}`, `--min-semi-space-size=${YOUNG_MB}`],
      cwd: project.programDirectory,
      // Read by tsx when it starts; shared-host.cjs takes it away again.
      env: { ...process.env, TSX_TSCONFIG_PATH: tsconfigOf(project) },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString("utf8")).slice(-4000);
      });
    }
    this.#ended = new Promise((resolve) => {
      child.on("message", (message: HostMessage) => {
        if (message.kind === "finished") resolve("it was not evaluated");
        else if (message.kind === "broken") resolve(message.diagnostic.message);
        else this.#receive(message);
      });
      child.on("error", (error) => resolve(`the evaluating process could not be used: ${error.message}`));
      const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
        const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
        resolve(`its process ended ${how}${this.#output === "" ? "" : `: ${this.#output.trim()}`}`);
      };
      child.once("close", ended);
      // What the program started may hold the process's output open after its end.
      child.once("exit", (code, signal) => setTimeout(ended, DRAIN_MS, code, signal).unref());
    });
  }

  /**
   * Evaluates the environments in order. Environments that the process did not come to, because it died or
   * could not load the SDK, are unsuitable too.
   *
   * @param receive gets each declaration when it arrives
   */
  async evaluate(
    configurations: readonly EnvironmentConfiguration[],
    events: EvaluationEvents,
    receive: (declaration: Declaration) => void,
  ): Promise<Map<string, SharedResult>> {
    const results = new Map<string, SharedResult>();
    this.#receive = (message) => {
      if (message.kind === "progress") events.progress?.(message.environment, message.resources);
      else if (message.kind === "timing") events.timing?.(message.phase, message.milliseconds);
      else if (message.kind === "unsuitable") results.set(message.environment, message);
      else if (message.kind === "declared") {
        const declaration = unpacked(message.declaration);
        results.set(message.environment, { ...message, declaration });
        receive(declaration);
      }
    };
    this.#child.send({
      kind: "evaluate",
      configurations: configurations.map(({ environment, values, secretKeys, locked }) => ({
        environment,
        values,
        secretKeys,
        locked: locked.state,
      })),
    });
    const reason = await this.#ended;
    for (const { environment } of configurations) {
      if (!results.has(environment)) results.set(environment, { kind: "unsuitable", reason });
    }
    return results;
  }

  /** Ends the process, if it still runs. */
  close(): void {
    this.#child.kill("SIGKILL");
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}
