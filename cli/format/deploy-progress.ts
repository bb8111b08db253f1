/**
 * Progress of a deployment on standard error: one line that keeps changing on a terminal, a line for each step
 * elsewhere. Standard output is left to the result.
 */
import type { DeployEvents, StepRecord } from "../../engine/deploy/events";
import { parseUrn } from "../../engine/urn";
import { operationWords } from "./deploy-operation";
import { shortType } from "./short-type";
import { terminalWidth } from "./table";

/** Time between two changes of the line, so that fast steps do not flicker. */
const REDRAW_MS = 80;
const CLEAR_LINE = "\r\u001b[2K";

export class DeployProgress implements DeployEvents {
  readonly #live: boolean;
  readonly #underWay = new Map<string, { readonly text: string; readonly since: number }>();
  #done = 0;
  #timer: NodeJS.Timeout | undefined;
  #drawn = false;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    environment: NodeJS.ProcessEnv,
    private readonly doing: string,
    private readonly preview: boolean,
  ) {
    this.#live = stream.isTTY === true && environment.TERM !== "dumb" && !environment.CI;
  }

  start(): void {
    if (this.#live) this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
    else this.stream.write(`${this.doing}\n`);
  }

  started({ op, urn }: Pick<StepRecord, "op" | "urn" | "type">): void {
    if (op === "same") return;
    const text = `${operationWords[op].plan} ${parseUrn(urn).name}`;
    this.#underWay.set(urn, { text, since: performance.now() });
  }

  finished(step: StepRecord): void {
    const { urn, op, type, status, defaultProvider } = step;
    const since = this.#underWay.get(urn)?.since;
    this.#underWay.delete(urn);
    this.#done += 1;
    if (this.#live || this.preview || op === "same" || op === "replace" || defaultProvider) return;
    const { sign, plan, done } = operationWords[op];
    const seconds = since === undefined ? "" : ` (${((performance.now() - since) / 1000).toFixed(1)}s)`;
    const what = status === "failed" ? `${plan} failed` : done;
    this.stream.write(` ${sign.padEnd(2)} ${shortType(type)} ${parseUrn(urn).name} ${what}${seconds}\n`);
  }

  /** Says something that the user should know at once. */
  say(line: string): void {
    this.#clear();
    this.stream.write(`${line}\n`);
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #clear(): void {
    if (this.#drawn) this.stream.write(CLEAR_LINE);
    this.#drawn = false;
  }

  #draw(): void {
    const doing = [...this.#underWay.values()].map(({ text }) => text);
    const more = doing.length > 2 ? ` and ${doing.length - 2} more` : "";
    const line = `${this.doing}: ${this.#done} done${doing.length === 0 ? "" : `, ${doing.slice(0, 2).join(", ")}${more}`} …`;
    this.stream.write(`${CLEAR_LINE}${line.slice(0, Math.max(20, (terminalWidth(this.stream) ?? 80) - 1))}`);
    this.#drawn = true;
  }
}
