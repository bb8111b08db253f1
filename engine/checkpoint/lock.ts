/**
 * The lock of a stack, as the official file backend keeps it: a file per owner in the stack's lock folder. Whoever
 * finds another's, before or after writing its own, has not got the lock. The lock of a process of this machine that
 * has ended does not count, but stays until the caller has recovered what that process left.
 *
 * Of several engines that start at once exactly one gets the lock: those that met withdraw, wait for different times
 * and try again. Source: pulumi/pulumi, pkg/backend/diy/lock.go.
 */
import { randomUUID } from "node:crypto";
import { mkdir, stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "../diagnostic";
import { isRecord } from "../project/yaml-file";
import { namesIn, readIfPresent, removeIfPresent, replaceFile } from "./files";
import { hasEnded, ownIdentity, type ProcessIdentity } from "./process-identity";

/** Meetings after which the lock is given up; each wait is longer than the one before. */
const MOST_TRIES = 20;
const WAIT_MS = 20;

/** A lock that is being written has this name beside the lock folders, for a moment. */
const UNFINISHED = /^\.[0-9a-f-]{36}\.tmp$/;
const UNFINISHED_MS = 60_000;

/** A lock that this process holds. */
export interface Lock {
  /** Removes the locks of processes that have ended. */
  removeDead(): Promise<void>;
  release(): Promise<void>;
}

interface Holder {
  readonly path: string;
  readonly text: string;
  readonly dead: boolean;
}

/** Locks a stack. Throws EngineError `locked` that names whoever has it. */
export async function lockStack(folder: string, qualifiedName: string): Promise<Lock> {
  for (let attempt = 1; ; attempt += 1) {
    const before = await holders(folder);
    refuseIfHeld(before, qualifiedName);
    const own = join(folder, `${randomUUID()}.json`);
    await writeLock(own);
    const after = await holders(folder, own);
    const living = after.filter(({ dead }) => !dead);
    if (living.length === 0) {
      await removeUnfinished(dirname(folder));
      return held(own, after);
    }
    await removeIfPresent(own);
    if (attempt === MOST_TRIES) refuseIfHeld(living, qualifiedName);
    await sleep(Math.random() * WAIT_MS * attempt);
  }
}

function held(own: string, others: readonly Holder[]): Lock {
  return {
    removeDead: async () => {
      for (const { path } of others) {
        await removeIfPresent(path);
        await removeIfPresent(`${path}.attrs`);
      }
    },
    release: () => removeIfPresent(own),
  };
}

async function writeLock(path: string): Promise<void> {
  const { pid, hostname, ...engine } = ownIdentity();
  const content = {
    pid,
    username: ownName(),
    hostname,
    timestamp: new Date().toISOString(),
    engine,
  };
  // Whatever is in the lock folder counts as a lock, so the file is written beside it.
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, JSON.stringify(content), join(dirname(dirname(path)), `.${randomUUID()}.tmp`));
}

/** Removes locks that were never put in place, since their process was killed. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of (await namesIn(folder)).filter((each) => UNFINISHED.test(each))) {
    const path = join(folder, name);
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - written > UNFINISHED_MS) await removeIfPresent(path);
  }
}

/** Not every user has a name: in a container it may be a number alone. */
function ownName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown");
  }
}

async function holders(folder: string, own?: string): Promise<Holder[]> {
  const paths = (await namesIn(folder))
    // The official backend keeps attributes beside some files.
    .filter((name) => !name.endsWith(".attrs"))
    .map((name) => join(folder, name))
    .filter((path) => path !== own);
  const found = await Promise.all(paths.map(holder));
  return found.flat();
}

async function holder(path: string): Promise<Holder[]> {
  const bytes = await readIfPresent(path);
  // It was released meanwhile.
  if (bytes === undefined) return [];
  const content = parsed(bytes.toString("utf8"));
  if (content === undefined) return [{ path, text: `${path}, which cannot be read`, dead: false }];
  const { username, hostname, pid, timestamp, engine } = content;
  const identity: ProcessIdentity = {
    ...(isRecord(engine) ? engine : {}),
    pid: Number(pid),
    hostname: String(hostname),
  };
  return [
    {
      path,
      text: `${String(username)}@${String(hostname)} (pid ${String(pid)}) since ${String(timestamp)}`,
      dead: hasEnded(identity),
    },
  ];
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refuseIfHeld(found: readonly Holder[], qualifiedName: string): void {
  const living = found.filter(({ dead }) => !dead);
  if (living.length === 0) return;
  throw new EngineError(
    "locked",
    living.map(
      ({ path, text }) =>
        `${qualifiedName} is locked by ${text}; wait until it ends, or, if nothing runs there any more, remove ${path} (\`pulumi cancel\` does that)`,
    ),
  );
}
