/**
 * The state of one stack, for the time of one operation. Opening locks the stack, recovers what a killed run left,
 * and gives a recorder; finishing writes everything and unlocks. At no moment can a kill lose what was recorded.
 */
import {
  ensureLayout,
  findCheckpoint,
  type StackLocation,
  type StackPaths,
  stackPaths,
  verifyLayout,
} from "./backend";
import { removeIfPresent } from "./files";
import { addToHistory, type RunKind } from "./history";
import { Keyring, type StackSecrets } from "./keyring";
import { type Lock, lockStack } from "./lock";
import type { Recorder } from "./recorder";
import { findLog, type Recovered, recover } from "./recovery";
import { RunRecorder } from "./run-recorder";
import { EMPTY_SNAPSHOT, type Snapshot } from "./state";
import { StoredStack } from "./stored-stack";

/** What an operation on a stack says of itself. */
export interface OpenOptions {
  readonly secrets: StackSecrets;
  readonly kind: RunKind;
  /** For the history. @default "" */
  readonly message?: string;
  /** For the history: facts about where it runs, such as `git.head`; no secrets. @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /** For the history: the configuration as in Pulumi.<stack>.yaml, secrets encrypted. @default {} */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Bytes of the intent log from which the checkpoint is written in between. @default 8 MiB */
  readonly smallestLog?: number;
}

/** How an operation ended. */
export interface Outcome {
  readonly result: "succeeded" | "failed";
  /** Steps by operation, such as `create: 2`. */
  readonly resourceChanges: Readonly<Record<string, number>>;
}

/** A stack that this process holds. */
export interface OpenStack {
  /** What the operation starts from. */
  readonly snapshot: Snapshot;
  /** What an earlier run left, if anything. */
  readonly recovered: Recovered | undefined;
  readonly recorder: Recorder;
  /** `encryptionsalt` for Pulumi.<stack>.yaml, where that file has none. */
  readonly encryptionSalt: string;
  /** Replaces what the operation starts from, before its first step, and writes it. */
  rewrite(snapshot: Snapshot): Promise<void>;
  /**
   * Writes the checkpoint, the history and a backup, and unlocks. A checkpoint that would hold the same is not
   * written. When the checkpoint cannot be written the log stays, and the next open recovers from it.
   */
  finish(outcome: Outcome): Promise<void>;
  /** Unlocks without writing; what was recorded stays in the log for the next open. */
  abandon(): Promise<void>;
}

/**
 * The state of a stack, for a preview: without a lock, and without writing. What a killed run recorded is counted in.
 * A stack that does not exist has nothing. Throws EngineError `state` or `passphrase`.
 */
export async function readStack(location: StackLocation, secrets: StackSecrets): Promise<Snapshot> {
  const paths = stackPaths(location);
  await verifyLayout(location.backend);
  if ((await findCheckpoint(paths)) === undefined) return EMPTY_SNAPSHOT;
  const stored = await StoredStack.load(paths, new Keyring(secrets, paths.qualifiedName));
  return (await findLog(paths, stored))?.snapshot ?? stored.snapshot;
}

/**
 * Opens a stack for an operation, and makes it when there is none. Throws EngineError `locked`, `state` or
 * `passphrase`; then nothing was written, and the stack is not locked.
 */
export async function openStack(location: StackLocation, options: OpenOptions): Promise<OpenStack> {
  const paths = stackPaths(location);
  const keyring = new Keyring(options.secrets, paths.qualifiedName);
  await verifyLayout(location.backend);
  // What cannot be read is refused before anything is written.
  const read = await StoredStack.load(paths, keyring);
  await ensureLayout(location.backend);
  const lock = await lockStack(paths.locks, paths.qualifiedName);
  try {
    return await openLocked(paths, await StoredStack.load(paths, keyring, read), lock, options);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(
  paths: StackPaths,
  stored: StoredStack,
  lock: Lock,
  options: OpenOptions,
): Promise<OpenStack> {
  const { snapshot, recovered } = await recover(paths, stored);
  await removeHalfWritten(paths, stored);
  await lock.removeDead();
  // A stack is there, and has its salt, before anything is done in its name.
  if (stored.hash === undefined) await stored.write(await stored.prepare(snapshot));
  const started = new Date();
  const { kind, smallestLog } = options;
  const recorder = new RunRecorder(stored, snapshot, paths.log, {
    kind,
    started,
    ...(smallestLog === undefined ? {} : { smallestLog }),
  });
  const record = (outcome: Outcome): Promise<void> =>
    addToHistory(paths, stored, {
      kind,
      started,
      ended: new Date(),
      message: options.message ?? "",
      environment: options.environment ?? {},
      config: options.config ?? {},
      ...outcome,
    });
  return {
    snapshot,
    recovered,
    recorder,
    encryptionSalt: stored.salt,
    rewrite: (next) => recorder.rewrite(next),
    finish: async (outcome) => {
      try {
        const newKey = stored.saltBefore !== stored.salt;
        await recorder.writeCheckpoint(newKey);
        await recorder.close();
        await removeIfPresent(paths.log);
        await record(outcome);
      } finally {
        await recorder.close();
        await lock.release();
      }
    },
    abandon: async () => {
      await recorder.close();
      await lock.release();
    },
  };
}

/** Removes the siblings that a killed process had not put in place yet. */
async function removeHalfWritten(paths: StackPaths, { path }: StoredStack): Promise<void> {
  for (const whole of [path, `${path}.bak`, paths.log]) await removeIfPresent(`${whole}.tmp`);
}
