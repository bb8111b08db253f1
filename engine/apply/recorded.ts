/** A step and its two entries in the log of its run: what is intended before it, what came of it after it. */
import type { Change, Recorder } from "../checkpoint/recorder";
import { type InitFailedError, UncertainError } from "../provider/errors";
import type { Intent } from "./intent";

/** What recording a step takes. */
export interface RecordOptions {
  /** Absent in a preview: nothing happens. */
  readonly recorder?: Recorder;
  /** Whether providers were cancelled: then a failed request says nothing of what came of it. */
  readonly gaveUp?: () => boolean;
}

/** What came of a step, with what is not in order with it. */
export type Work = Change & { readonly error?: InitFailedError | undefined };

/**
 * Records an intent, does the work, and records what it came to. A partial failure is recorded, then thrown. A create
 * of which nobody can tell whether it happened stays noted as under way, as after a kill: the next run looks for it.
 */
export async function recorded<T extends Work>(
  { recorder, gaveUp }: RecordOptions,
  intent: Intent | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const recording = await recorder?.begin(intent);
  let done: T;
  try {
    done = await work();
  } catch (error) {
    // What may have happened stays noted.
    const uncertain = intent?.type === "creating" && error instanceof UncertainError;
    if (!uncertain && gaveUp?.() !== true) await recording?.fail();
    throw error;
  }
  const { error, ...change }: Work = done;
  await recording?.succeed(change);
  if (error !== undefined) throw error;
  return done;
}
