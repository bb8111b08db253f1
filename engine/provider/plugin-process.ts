/**
 * The process of a provider: started as Pulumi starts plugins, its streams drained, and ended within seconds. The
 * first line of its standard output is the port that it serves on.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { ProviderError } from "./errors";
import { PARENT_VARIABLE } from "./serve";

/** How a provider's process is started. */
export interface PluginCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  /** The whole environment: nothing is added but that standard input closes with this process. */
  readonly environment: NodeJS.ProcessEnv;
  readonly directory?: string;
}

/** How much of its last output tells why a process ended. */
const TAIL_LINES = 20;
const PORT_SECONDS = 30;
const STOP_SECONDS = 5;

export class PluginProcess {
  /** How the process ended: `exit code 1`. Never rejected. */
  readonly ended: Promise<string>;
  /** How the process ended, with its last words; undefined as long as it runs. */
  end: string | undefined;
  readonly #child: ChildProcess;
  readonly #tail: string[] = [];
  readonly #firstLine: Promise<string>;

  constructor(
    readonly name: string,
    { command, arguments: given, environment, directory }: PluginCommand,
  ) {
    this.#child = spawn(command, [...given], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...environment, [PARENT_VARIABLE]: "stdin" },
      ...(directory === undefined ? {} : { cwd: directory }),
    });
    this.ended = new Promise((resolve) => {
      const finish = (how: string): void => {
        this.end ??= this.#tail.length === 0 ? how : `${how}; its last words: ${this.#tail.join("\n")}`;
        resolve(this.end);
      };
      this.#child.once("error", (error) => finish(`it could not be started: ${error.message}`));
      this.#child.once("exit", (code, signal) => {
        const how = code === null ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
        // Its last words may still be in the pipe, and what it started may hold that open.
        this.#child.once("close", () => finish(how));
        setTimeout(() => finish(how), 500).unref();
      });
    });
    this.#firstLine = new Promise((resolve) => {
      let first = true;
      this.#readLines(this.#child.stdout, (line) => {
        if (!first) return this.#keep(line);
        first = false;
        resolve(line);
      });
    });
    this.#readLines(this.#child.stderr, (line) => this.#keep(line));
    // Nothing is written there.
    this.#child.stdin?.on("error", () => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The port of its service. A process that does not tell it in time is ended. */
  async port(seconds = PORT_SECONDS): Promise<number> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`it did not print its port within ${seconds} s`), seconds * 1000);
    });
    const line = this.#firstLine.then((text) => ({ text: text.trim() }));
    const told = await Promise.race([line, this.ended, late]);
    clearTimeout(timer);
    const text = typeof told === "string" ? undefined : told.text;
    const port = text !== undefined && /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
    if (port > 0 && port < 65_536) return port;
    await this.stop();
    const why =
      typeof told === "string"
        ? told
        : `the first line that it printed is ${JSON.stringify(text)}, and should be the port that it serves on`;
    throw new ProviderError(`${this.name} provider could not be started: ${why}`);
  }

  /** Ends the process: SIGINT, and SIGKILL when that is not heeded. */
  async stop(seconds = STOP_SECONDS): Promise<void> {
    if (this.end !== undefined) return;
    this.#child.kill("SIGINT");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), seconds * 1000);
    await this.ended;
    clearTimeout(timer);
    for (const stream of this.#child.stdio) stream?.destroy();
  }

  #keep(line: string): void {
    if (line.trim() === "") return;
    this.#tail.push(line);
    if (this.#tail.length > TAIL_LINES) this.#tail.shift();
  }

  #readLines(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
    let rest = "";
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
    });
    stream?.on("end", () => {
      if (rest !== "") take(rest);
    });
  }
}
