/**
 * Watches over a program while it shares this process: collects what it prints, what it throws outside the main
 * promise, and notices when it reaches for what belongs to the whole process.
 */

/** The program wanted to end the process. */
class ExitRequested extends Error {}

export class Watch {
  readonly #directory = process.cwd();
  readonly #environment = { ...process.env };
  readonly #globals = new Set(Object.keys(globalThis));
  readonly #exit = process.exit;
  readonly #restoreOutput: () => void;
  readonly #stackTraceLimit = Error.stackTraceLimit;
  readonly #failed: Promise<never>;
  #reject: (error: unknown) => void = () => {};
  #trespass: string | undefined;

  readonly #uncaught = (error: unknown): void => {
    if (!(error instanceof ExitRequested)) this.fail(error);
  };

  /** `print` gets what the program writes to its output, by line. */
  constructor(print: (text: string) => void) {
    this.#failed = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    // Rejections are looked at only while something is awaited.
    this.#failed.catch(() => {});
    process.on("uncaughtException", this.#uncaught);
    process.on("unhandledRejection", this.#uncaught);
    process.exit = (() => {
      this.#trespass = "it calls process.exit";
      const error = new ExitRequested();
      this.fail(error);
      throw error;
    }) as typeof process.exit;
    this.#restoreOutput = collectOutput(print);
    // Most of the time of an evaluation goes into stack traces that nobody reads; a failing run is repeated
    // with them.
    Error.stackTraceLimit = 0;
  }

  /** The program registered something outside of its run, where it cannot be told for which environment. */
  stray(): void {
    this.#trespass ??= "it registers resources outside of its main function's asynchronous context";
  }

  /** Ends the run with an error. */
  fail(error: unknown): void {
    this.#reject(error);
  }

  /** Awaits a part of the run, or its failure. */
  during<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failed]);
  }

  /** What the program did that the next environment would feel, if anything. */
  trespass(): string | undefined {
    if (this.#trespass !== undefined) return this.#trespass;
    if (process.cwd() !== this.#directory) return "it changes the working directory";
    if (process.exitCode !== undefined) return "it sets process.exitCode";
    return undefined;
  }

  /** Puts back what the program changed of the process. */
  end(): void {
    Error.stackTraceLimit = this.#stackTraceLimit;
    this.#restoreOutput();
    process.exit = this.#exit;
    process.exitCode = undefined;
    process.off("uncaughtException", this.#uncaught);
    process.off("unhandledRejection", this.#uncaught);
    if (process.cwd() !== this.#directory) process.chdir(this.#directory);
    for (const key of Object.keys(process.env)) if (!(key in this.#environment)) delete process.env[key];
    Object.assign(process.env, this.#environment);
    for (const key of Object.keys(globalThis)) {
      if (!this.#globals.has(key) && !SDK_GLOBALS.has(key)) Reflect.deleteProperty(globalThis, key);
    }
  }
}

/** Globals that the SDK keeps across runs. */
const SDK_GLOBALS = new Set(["asyncLocalStorage", "globalStore", "stackResource"]);

/** Prints line by line, as what another process writes is printed; the last line may lack its end. */
function collectOutput(print: (text: string) => void): () => void {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write);
  const unfinished = streams.map(() => "");
  for (const [index, stream] of streams.entries()) {
    stream.write = ((chunk: Uint8Array | string, ...rest: unknown[]) => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      const lines = (unfinished[index] + text).split("\n");
      unfinished[index] = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") print(line);
      const callback = rest.find((argument) => typeof argument === "function");
      if (callback !== undefined) process.nextTick(callback as () => void);
      return true;
    }) as typeof stream.write;
  }
  return () => {
    for (const line of unfinished) if (line.trim() !== "") print(line);
    streams.forEach((stream, index) => {
      const original = originals[index];
      if (original !== undefined) stream.write = original;
    });
  };
}

/** Resolves when nothing is left in the event loop, twice in a row. */
export function untilIdle(): Promise<void> {
  return new Promise((resolve) => {
    process.once("beforeExit", () => {
      // What follows starts in a turn of its own, so that the process does not end before it.
      setImmediate(() => process.once("beforeExit", () => setImmediate(resolve)));
    });
  });
}
