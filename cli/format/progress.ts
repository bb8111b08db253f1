/**
 * Progress of an evaluation on standard error: one line that keeps changing on a terminal, a line per event
 * elsewhere. Standard output is left to the result.
 */
import type { EvaluationEvents } from "../../engine/host/protocol";
import { terminalWidth } from "./table";

/** Time between two changes of the line, so that a fast program does not flicker. */
const REDRAW_MS = 80;
const CLEAR_LINE = "\r\u001b[2K";

export class Progress implements EvaluationEvents {
  readonly #counts = new Map<string, number>();
  readonly #timings: [phase: string, milliseconds: number][] = [];
  readonly #live: boolean;
  #timer: NodeJS.Timeout | undefined;
  #drawn = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    environment: NodeJS.ProcessEnv,
    /** What is done to the environments. */
    private readonly doing = "Previewing",
  ) {
    this.#live = stream.isTTY === true && environment.TERM !== "dumb" && !environment.CI;
  }

  start(environments: readonly string[]): void {
    for (const environment of environments) this.#counts.set(environment, 0);
    if (this.#live) this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
    else this.stream.write(`${this.doing} ${environments.join(", ")}\n`);
  }

  progress(environment: string, resources: number): void {
    this.#counts.set(environment, resources);
  }

  fallback(environment: string, reason: string): void {
    if (!this.#live)
      this.stream.write(`${environment}: run again in a process of its own: ${firstLine(reason)}\n`);
  }

  timing(phase: string, milliseconds: number): void {
    this.#timings.push([phase, milliseconds]);
  }

  /** How long each phase took, for whoever asked: processes work side by side, so these do not add up. */
  writeTimings(): void {
    const widest = Math.max(0, ...this.#timings.map(([phase]) => phase.length));
    for (const [phase, milliseconds] of this.#timings) {
      this.stream.write(`${phase.padEnd(widest)} ${milliseconds.toFixed(0).padStart(6)} ms\n`);
    }
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#drawn) this.stream.write(CLEAR_LINE);
    this.#drawn = false;
  }

  #draw(): void {
    const parts = [...this.#counts].map(([name, count]) =>
      count === 0 ? name : `${name} (${count} resources)`,
    );
    const line = `${this.doing} ${parts.join(", ")} …`;
    this.stream.write(`${CLEAR_LINE}${line.slice(0, Math.max(20, (terminalWidth(this.stream) ?? 80) - 1))}`);
    this.#drawn = true;
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
