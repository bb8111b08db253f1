/**
 * A file that only grows. A line that was appended survives the end of this process, and a power failure, once its
 * promise is fulfilled. Lines that are appended at the same time are flushed together, so that many steps at once
 * cost one flush. Lines that nothing waits for are written with the next one that is waited for.
 *
 * After an error nothing more is written: the file ends with the last line that is whole.
 */
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { failed, PRIVATE, syncFolder } from "./files";

interface Waiting {
  readonly fulfil: () => void;
  readonly reject: (error: Error) => void;
}

/** A file that takes the place of an older one once it may. */
export interface Succession {
  /** Fulfilled when the older file may go. */
  readonly after: Promise<unknown>;
}

export class LogFile {
  #lines: string[] = [];
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #handle: FileHandle | undefined;
  #size = 0;
  #error: Error | undefined;

  /** The file is made with its first flush. `header` is asked then; with `succession` an older file is replaced. */
  constructor(
    private readonly path: string,
    private readonly header: () => string,
    private readonly succession?: Succession,
  ) {}

  /** Bytes that were written. */
  get size(): number {
    return this.#size;
  }

  /** Whether the file was made. */
  get exists(): boolean {
    return this.#handle !== undefined;
  }

  /** Adds a line that may be lost. */
  add(line: string): void {
    this.#lines.push(line);
  }

  /** Adds a line, and fulfils when it and those before it will survive. */
  append(line: string): Promise<void> {
    this.#lines.push(line);
    return this.flush();
  }

  /** Fulfils when all lines so far will survive. */
  flush(): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    const flushed = new Promise<void>((fulfil, reject) => {
      this.#waiting.push({ fulfil, reject });
    });
    this.#flushing ??= this.#flushAll();
    return flushed;
  }

  /** Closes the file after what was added so far was flushed or has failed. */
  async close(): Promise<void> {
    await this.#flushing;
    await this.#handle?.close();
    this.#error ??= new Error(`${this.path}: is closed`);
  }

  async #flushAll(): Promise<void> {
    // Steps that go on in the same turn of the event loop come along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      const text = this.#lines.map((line) => `${line}\n`).join("");
      this.#waiting = [];
      this.#lines = [];
      try {
        await this.#write(text);
        for (const { fulfil } of waiting) fulfil();
      } catch (error) {
        this.#error = failed(this.path, "cannot be written", error);
        // What is not whole goes, so that what was written stays readable.
        await this.#handle?.truncate(this.#size).catch(() => undefined);
        for (const { reject } of [...waiting, ...this.#waiting]) reject(this.#error);
        this.#waiting = [];
      }
    }
    this.#flushing = undefined;
  }

  async #write(text: string): Promise<void> {
    if (this.#handle === undefined) return this.#create(text);
    await this.#handle.appendFile(text);
    await this.#handle.datasync();
    this.#size += Buffer.byteLength(text);
  }

  async #create(text: string): Promise<void> {
    await this.succession?.after;
    await mkdir(dirname(this.path), { recursive: true });
    const first = `${this.header()}\n${text}`;
    const name = this.succession === undefined ? this.path : `${this.path}.tmp`;
    const handle = await open(name, "w", PRIVATE);
    try {
      await handle.appendFile(first);
      await handle.sync();
      if (name !== this.path) await rename(name, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      await handle.close();
      await rm(name, { force: true });
      throw error;
    }
    this.#handle = handle;
    this.#size = Buffer.byteLength(first);
  }
}
