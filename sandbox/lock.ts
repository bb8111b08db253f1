/**
 * One command at a time works on a sandbox. The lock is the system's, on a file in the folder that its user alone can
 * open: nobody else can hold it, and it is gone with the process that holds it, however that ends. Node.js has no call for
 * it; the program `flock`, which every Linux has, takes it on a file that is open here.
 */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { codeOf, SandboxCancelled, SandboxError } from "./errors";

const WAIT_SECONDS = 120;

/** The file that is locked; it stays, because two who lock files of one name must lock the same one. */
export function lockFile(folder: string): string {
  return join(folder, "sandbox.lock");
}

/** Does something while no other command works on the sandbox in this folder; waits for one that does. */
export async function locked<T>(
  folder: string,
  { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: () => void },
  work: () => Promise<T>,
): Promise<T> {
  if (process.platform !== "linux")
    throw new SandboxError(`the sandbox runs on Linux, and not on ${process.platform}`);
  const file = openLockFile(folder);
  try {
    if (!(await taken(file, { now: true, signal }))) {
      onWait();
      if (!(await taken(file, { now: false, signal }))) {
        throw new SandboxError(
          `another command works on the sandbox in ${folder} for more than ${WAIT_SECONDS} s; end it, and try again`,
        );
      }
    }
    return await work();
  } finally {
    closeSync(file);
  }
}

function openLockFile(folder: string): number {
  const path = lockFile(folder);
  try {
    return openSync(path, "a", 0o600);
  } catch (error) {
    throw new SandboxError(
      `${path} cannot be opened (${codeOf(error)}), so that nobody can tell whether another command works on this sandbox; run kb as the user whose sandbox it is`,
    );
  }
}

/** Locks the open file, and so whatever holds it open here; false when somebody else has it, now or all the time. */
async function taken(
  file: number,
  { now, signal }: { readonly now: boolean; readonly signal: AbortSignal },
): Promise<boolean> {
  const patience = AbortSignal.timeout(WAIT_SECONDS * 1000);
  const ended = await new Promise<number | string>((resolve) => {
    const child = spawn("flock", [...(now ? ["-n"] : []), "3"], {
      stdio: ["ignore", "ignore", "ignore", file],
      signal: AbortSignal.any([signal, patience]),
    });
    child.once("error", (error) => resolve(codeOf(error) ?? error.message));
    child.once("exit", (code, killed) => resolve(code ?? `ended by ${killed}`));
  });
  if (signal.aborted) throw new SandboxCancelled();
  if (ended === 0) return true;
  if (ended === 1 || patience.aborted) return false;
  throw new SandboxError(
    `the sandbox cannot be locked: flock (of util-linux, or busybox): ${ended === "ENOENT" ? "is not installed" : ended}`,
  );
}
