/** Puts a new text in the place of a file, all of it or nothing. */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** The file was not replaced, and is as it was before. */
export class NotReplacedError extends Error {
  override readonly name = "NotReplacedError";
}

/**
 * Writes the text beside the file, flushes it and renames it over the file, which keeps its mode and, where the user may give it away, its owner; where
 * the path is a link, what it leads to is replaced. A reader sees the old text or the new one. Throws
 * NotReplacedError when the file no longer holds `before`, may not be written, or the folder takes no file.
 */
export function replaceFile(path: string, before: string, after: string): void {
  let beside: string | undefined;
  try {
    const file = realpathSync(path);
    accessSync(file, constants.W_OK);
    const { mode, uid, gid } = statSync(file);
    const name = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
    const descriptor = openSync(name, "wx", 0o600);
    beside = name;
    try {
      writeFileSync(descriptor, after);
      keepOwner(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    if (readFileSync(file, "utf8") !== before)
      throw new NotReplacedError("someone else has changed it meanwhile");
    renameSync(name, file);
  } catch (error) {
    if (beside !== undefined) rmSync(beside, { force: true });
    if (error instanceof NotReplacedError) throw error;
    throw new NotReplacedError((error as Error).message);
  }
}

function keepOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // Nobody but root may give a file away; it is then the user's own.
  }
}
