/**
 * The process of a policy pack: Pulumi's own runner with the pack's folder as its working directory, started as
 * Pulumi's Node.js language host starts it. The first line of its standard output is the port of its service.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { PolicyPack } from "./pack";

/** The engine's address, which the runner demands and does not use. */
const NO_ENGINE = "127.0.0.1:0";

/** Ends the process together with this one, and keeps it from hanging when it prints an error. */
const GUARD = join(__dirname, "..", "host", "runner-guard.cjs");

/** How much of its last output tells why a process ended. */
const TAIL_LINES = 40;

/** How long the last output is waited for after the end of the process. */
const DRAIN_MS = 1000;

/** The process did not give its port; the message says why and what to do. */
export class NoPortError extends Error {}

export class PackProcess {
  /** The port that the pack serves on; rejected with NoPortError. */
  readonly port: Promise<number>;
  /** How the process ended: `exit code 1`. Never rejected. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #tail: string[] = [];

  /** Starts the process; `print` gets what it writes after its port, line by line. */
  constructor(pack: PolicyPack, environment: NodeJS.ProcessEnv, print: (line: string) => void) {
    this.#child = spawn(process.execPath, ["-r", GUARD, pack.runner, NO_ENGINE, pack.directory], {
      cwd: pack.directory,
      // The last is for the guard: it closes when this process is gone.
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: { ...environment, KEYBUZZ_PARENT_FD: "3" },
    });
    this.ended = this.#end();
    const tell = (line: string): void => {
      if (line.trim() === "") return;
      this.#tail.push(line);
      if (this.#tail.length > TAIL_LINES) this.#tail.shift();
      print(line);
    };
    this.port = new Promise((resolve, reject) => {
      let first = true;
      readLines(this.#child.stdout, (line) => {
        if (!first) return tell(line);
        first = false;
        const port = /^[1-9]\d{0,4}$/.test(line.trim()) ? Number(line) : 0;
        if (port > 0 && port < 65_536) return resolve(port);
        reject(
          new NoPortError(
            `it wrote ${JSON.stringify(line)} to standard output before the port of its service, which has to be the first line there; write messages with console.error`,
          ),
        );
      });
      this.ended.then((how) => reject(new NoPortError(this.describeEnd(how))), reject);
    });
    this.port.catch(() => {});
    readLines(this.#child.stderr, tell);
  }

  /** How the process ended, with its last output. */
  describeEnd(how: string): string {
    const hint =
      this.#tail.length > 0
        ? `:\n${this.#tail.join("\n")}`
        : " without a word; does its entry point make a PolicyPack?";
    return `it ended (${how})${hint}`;
  }

  /** Ends the process, if it has not ended. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  #end(): Promise<string> {
    const child = this.#child;
    return new Promise((resolve) => {
      const finish = (code: number | null, signal: string | null): void =>
        resolve(code === null ? String(signal) : `exit code ${code}`);
      child.once("error", (error) => resolve(`Node.js could not be started: ${error.message}`));
      child.once("close", finish);
      // What the pack started may hold its output open after its end.
      child.once("exit", (code, signal) => {
        setTimeout(() => {
          for (const stream of child.stdio) stream?.destroy();
          finish(code, signal);
        }, DRAIN_MS).unref();
      });
    });
  }
}

function readLines(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
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
