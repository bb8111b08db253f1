/**
 * What a run that was killed left behind. Its intent log, where it builds on the checkpoint that is there, says
 * exactly what was started and what finished. A log that builds on another checkpoint is never replayed; it is set
 * aside under another name, for whoever wants to know.
 */
import { rename } from "node:fs/promises";
import { EngineError } from "../diagnostic";
import type { StackPaths } from "./backend";
import { failed, readIfPresent, removeIfPresent, replaceFile } from "./files";
import { closesLine, LOG_FORM, type ReadLog, readLog, replay, type StepRecord, stepsOf } from "./intent-log";
import type { PendingOperation, Snapshot } from "./state";
import type { StoredStack } from "./stored-stack";

/** What was found of an earlier run. */
export type Recovered =
  | {
      readonly outcome: "replayed";
      /** `update`, `refresh`, `destroy` or `import`. */
      readonly kind: string;
      /** When the run started, RFC 3339. */
      readonly started: string;
      /** What the run did, in the order in which it began. */
      readonly steps: readonly StepRecord[];
      /** Requests whose end nobody saw; the snapshot has them as pending operations. */
      readonly interrupted: readonly PendingOperation[];
      /** Lines at the end of the log that are not whole. */
      readonly ignoredLines: number;
    }
  | {
      readonly outcome: "set-aside";
      readonly path: string;
      readonly reason: string;
    };

/** What a log makes of a stack. */
export interface LogFinding {
  /** The state with what the log tells. */
  readonly snapshot: Snapshot;
  /** Whether the snapshot differs from the file's. */
  readonly replayed: boolean;
  readonly recovered?: Recovered;
  /** Why the log cannot be used. */
  readonly unusable?: string;
}

/** Compares a stack with the log beside it. Changes nothing. Throws EngineError `state` or `passphrase`. */
export async function findLog(paths: StackPaths, stored: StoredStack): Promise<LogFinding | undefined> {
  const bytes = await readIfPresent(paths.log);
  if (bytes === undefined) return undefined;
  const { snapshot } = stored;
  const text = bytes.toString("utf8");
  const log = readLog(text);
  if (log === undefined) {
    // What has not come to the end of its first line was never promised to anybody; what has, may have been.
    const damaged = text.includes("\n") ? { unusable: "its first line is damaged" } : {};
    return { snapshot, replayed: false, ...damaged };
  }
  const { form, checkpoint } = log.header;
  if (form !== LOG_FORM) {
    const unusable = `it has form ${JSON.stringify(form)}; this engine knows form ${LOG_FORM}`;
    return { snapshot, replayed: false, unusable };
  }
  // The run had written the checkpoint that its log led to.
  if (log.closes !== undefined && log.closes === stored.hash) {
    return { snapshot, replayed: false, recovered: report(log, snapshot) };
  }
  if (checkpoint !== stored.hash) {
    return {
      snapshot,
      replayed: false,
      unusable: "it builds on another checkpoint than the one that is there",
    };
  }
  const replayed = await replayOn(log, stored, paths.log);
  return { snapshot: replayed, replayed: true, recovered: report(log, replayed) };
}

async function replayOn(log: ReadLog, stored: StoredStack, path: string): Promise<Snapshot> {
  const ciphertexts = await stored.reading(log.header.salt);
  try {
    return replay(log, stored.snapshot, ciphertexts);
  } catch (error) {
    throw new EngineError("state", [
      `${path}: ${(error as Error).message}; the log of the interrupted run is damaged. The checkpoint before that run is whole: to go back to it, move the log away`,
    ]);
  }
}

function report(log: ReadLog, { pendingOperations }: Snapshot): Recovered {
  const steps = stepsOf(log);
  const unknown = steps.filter(({ operation, outcome }) => operation !== undefined && outcome === "unknown");
  return {
    outcome: "replayed",
    kind: log.header.kind,
    started: log.header.started,
    steps,
    // Those under way stand before those that the checkpoint had before.
    interrupted: pendingOperations.slice(0, unknown.length),
    ignoredLines: log.ignoredLines,
  };
}

/**
 * Brings a stack into the state that the log beside it tells, writes that, and removes the log. Undefined when there
 * was none, or nothing in it. Ends the same however often it is interrupted.
 */
export async function recover(
  paths: StackPaths,
  stored: StoredStack,
): Promise<{ readonly snapshot: Snapshot; readonly recovered?: Recovered }> {
  const found = await findLog(paths, stored);
  if (found === undefined) return { snapshot: stored.snapshot };
  const { snapshot, replayed, recovered, unusable } = found;
  if (unusable !== undefined) return { snapshot, recovered: await setAside(paths, unusable) };
  if (replayed) {
    const prepared = await stored.prepare(snapshot);
    await closeLog(paths, prepared.hash);
    await stored.write(prepared);
  }
  await removeIfPresent(paths.log);
  return { snapshot, ...(recovered === undefined ? {} : { recovered }) };
}

/** Notes in the log to which checkpoint it leads, so that one who is interrupted now knows it when it is there. */
async function closeLog({ log }: StackPaths, hash: string): Promise<void> {
  const text = (await readIfPresent(log))?.toString("utf8") ?? "";
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  await replaceFile(log, `${whole}${closesLine(hash)}\n`);
}

async function setAside(paths: StackPaths, reason: string): Promise<Recovered> {
  const path = paths.log.replace(/\.jsonl$/, `.${Date.now()}.set-aside.jsonl`);
  try {
    await rename(paths.log, path);
  } catch (error) {
    throw failed(paths.log, "cannot be renamed", error);
  }
  return { outcome: "set-aside", path, reason };
}
