/**
 * Records one run: every step in the intent log before and after, all of it in memory, and the whole checkpoint at
 * the end. A run that records much writes its checkpoint in between as well, so that a log never grows without bound;
 * it does so only when the log has become larger than what that write costs, so all writes together grow with the
 * number of steps.
 */
import { EngineError } from "../diagnostic";
import {
  beginLine,
  closesLine,
  failureLine,
  headerLine,
  LOG_FORM,
  outputsLine,
  successLine,
} from "./intent-log";
import { Journal } from "./journal";
import { LogFile } from "./log-file";
import type { Change, Recorder, Recording } from "./recorder";
import type { PendingOperation, ResourceState, Snapshot } from "./state";
import type { StoredStack } from "./stored-stack";

/** Bytes below which a log is never replaced. */
const SMALLEST_LOG = 8 * 2 ** 20;

/** What a recorder needs to know of its run. */
export interface RecordedRun {
  readonly kind: string;
  readonly started: Date;
  /** Bytes of the log from which the checkpoint is written in between. @default 8 MiB */
  readonly smallestLog?: number;
}

export class RunRecorder implements Recorder {
  readonly #stored: StoredStack;
  readonly #run: RecordedRun;
  readonly #logPath: string;
  #journal: Journal;
  #log: LogFile;
  #steps = 0;
  #important = false;
  #replacing: Promise<void> = Promise.resolve();
  /** Content of the file that the run found or wrote first. */
  #before: () => string;

  /** `snapshot` is what the file of `stored` holds. */
  constructor(stored: StoredStack, snapshot: Snapshot, logPath: string, run: RecordedRun) {
    this.#stored = stored;
    this.#run = run;
    this.#logPath = logPath;
    this.#journal = new Journal({ snapshot }, run.kind === "refresh");
    this.#before = () => stored.content(snapshot);
    this.#log = this.#newLog({ made: 0, underWay: 0, refreshed: run.kind === "refresh" });
  }

  async begin(operation?: PendingOperation): Promise<Recording> {
    this.#steps += 1;
    const step = this.#steps;
    this.#journal.begin(step, operation);
    const line = beginLine(step, operation, this.#stored.textOf);
    if (operation === undefined) this.#log.add(line);
    else await this.#append(line);
    return {
      succeed: (change) => this.#succeed(step, change),
      fail: () => this.#fail(step, operation !== undefined),
    };
  }

  async outputs(before: ResourceState, after: ResourceState, unimportant: boolean): Promise<void> {
    const slot = this.#journal.slotOf(before);
    this.#journal.replace(slot, after);
    await this.#record(outputsLine(slot.number, after, this.#stored.textOf), unimportant);
  }

  /** Replaces what the run starts from, before its first step. */
  async rewrite(snapshot: Snapshot): Promise<void> {
    if (this.#steps > 0) throw new Error("the checkpoint can be rewritten before the first step only");
    await this.#stored.write(await this.#stored.prepare(snapshot));
    this.#journal = new Journal({ snapshot }, this.#run.kind === "refresh");
    this.#before = () => this.#stored.content(snapshot);
  }

  /**
   * Writes the whole checkpoint and removes nothing: the log says which checkpoint closes it. Writes nothing when
   * the run changed nothing.
   */
  async writeCheckpoint(always: boolean): Promise<void> {
    // An error of a write in between has been told to the steps that waited for it.
    await this.#replacing.catch(() => undefined);
    const { snapshot } = this.#journal.assemble();
    const unchanged = (): boolean => this.#stored.content(snapshot) === this.#before();
    if (!always && !this.#important && unchanged()) return;
    const prepared = await this.#stored.prepare(snapshot);
    // Where the log cannot be written any more, the checkpoint carries it all.
    if (this.#log.exists) await this.#log.append(closesLine(prepared.hash)).catch(() => undefined);
    await this.#stored.write(prepared);
  }

  /** Ends the writing of the log; what it holds stays. */
  async close(): Promise<void> {
    await this.#replacing.catch(() => undefined);
    await this.#log.close();
  }

  async #succeed(step: number, change: Change): Promise<void> {
    const placed = this.#journal.placed(change);
    const line = successLine(step, placed, this.#stored.textOf);
    this.#journal.end(step, placed);
    await this.#record(line, change.unimportant === true);
  }

  async #fail(step: number, important: boolean): Promise<void> {
    this.#journal.end(step);
    await this.#record(failureLine(step), !important);
  }

  async #record(line: string, unimportant: boolean): Promise<void> {
    if (unimportant) this.#log.add(line);
    else await this.#append(line);
  }

  async #append(line: string): Promise<void> {
    this.#important = true;
    await this.#log.append(line);
    const enough = Math.max(this.#run.smallestLog ?? SMALLEST_LOG, 2 * this.#stored.size);
    if (this.#log.size >= enough) this.#replaceLog();
  }

  /** Writes the checkpoint and begins a new log on it. Steps go on meanwhile, and wait for the new log. */
  #replaceLog(): void {
    const old = this.#log;
    const assembled = this.#journal.assemble();
    this.#journal = this.#journal.continued(assembled);
    const write = async (): Promise<void> => {
      const prepared = await this.#stored.prepare(assembled.snapshot);
      await old.append(closesLine(prepared.hash));
      await this.#stored.write(prepared);
      await old.close();
    };
    this.#replacing = write();
    const { made, underWay, refreshed } = assembled;
    this.#log = this.#newLog({ made, underWay, refreshed }, this.#replacing);
    for (const [step, operation] of this.#journal.underWay) {
      this.#log.add(beginLine(step, operation, this.#stored.textOf));
    }
    // The first step that waits for the new log is told of an error; here nobody is.
    this.#log.flush().catch(() => undefined);
  }

  #newLog(
    base: { readonly made: number; readonly underWay: number; readonly refreshed: boolean },
    after?: Promise<void>,
  ): LogFile {
    const header = (): string => {
      if (this.#stored.hash === undefined)
        throw new EngineError("state", [`${this.#stored.path}: is missing`]);
      return headerLine({
        form: LOG_FORM,
        checkpoint: this.#stored.hash,
        kind: this.#run.kind,
        started: this.#run.started.toISOString(),
        salt: this.#stored.salt,
        ...base,
      });
    };
    return new LogFile(this.#logPath, header, after === undefined ? undefined : { after });
  }
}
