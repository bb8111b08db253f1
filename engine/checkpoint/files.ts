/**
 * Files of the state folder. A file is replaced as a whole or not at all, also when the power fails: it is written to
 * a sibling, flushed, renamed, and the folder flushed. Its user alone can read it: names and settings of what is
 * deployed stand there in clear. Errors are EngineError `state` and name the path.
 */

import { constants } from "node:fs";
import { chmod, copyFile, link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { EngineError, messageOf } from "../diagnostic";

/** How a state file is packed, after the official backend: told by the name, known by the first bytes. */
export type Compression = "" | ".gz" | ".zst";

type Convert = (bytes: Buffer) => Promise<Buffer>;

/** Node.js 22.15 and newer have Zstandard. */
const zstandard = zlib as unknown as Partial<
  Record<
    "zstdCompress" | "zstdDecompress",
    (bytes: Buffer, done: (error: Error | null, result: Buffer) => void) => void
  >
>;

/** How files of the state are made: for their user alone. */
export const PRIVATE = 0o600;

/** The content of a file; undefined when there is none. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw failed(path, "cannot be read", error);
  }
}

/** The names in a folder; none when there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw failed(folder, "cannot be listed", error);
  }
}

/** Names of the folders in a folder; none where there is no folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") return [];
    throw failed(folder, "cannot be listed", error);
  }
}

/** Replaces a file. `sibling` is where it is written first. */
export async function replaceFile(
  path: string,
  content: Buffer | string,
  sibling = `${path}.tmp`,
): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(sibling, "w", PRIVATE);
    try {
      await file.chmod(PRIVATE);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(sibling, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(sibling, { force: true }).catch(() => undefined);
    throw failed(path, "cannot be written", error);
  }
}

/**
 * Gives a file that is about to be replaced a second name, without copying its bytes where the file system can.
 * What had that name is gone.
 */
export async function keepAs(path: string, name: string): Promise<void> {
  const sibling = `${name}.tmp`;
  try {
    await rm(sibling, { force: true });
    await link(path, sibling).catch(() => copyFile(path, sibling));
    await chmod(sibling, PRIVATE);
    await rename(sibling, name);
    // Where the name is the file's already, since a run was killed before it went on, a rename leaves both.
    await rm(sibling, { force: true });
  } catch (error) {
    throw failed(name, "cannot be written", error);
  }
}

/** Copies a file, as a whole or not at all. */
export async function copyWhole(path: string, target: string): Promise<void> {
  const sibling = `${target}.tmp`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await copyFile(path, sibling, constants.COPYFILE_FICLONE);
    await chmod(sibling, PRIVATE);
    await rename(sibling, target);
  } catch (error) {
    await rm(sibling, { force: true }).catch(() => undefined);
    throw failed(target, "cannot be written", error);
  }
}

/** Removes a file or a folder with what it holds; there may be none. */
export async function removeIfPresent(path: string): Promise<void> {
  try {
    await rm(path, { force: true, recursive: true });
  } catch (error) {
    throw failed(path, "cannot be removed", error);
  }
}

/** Makes the names in a folder survive a power failure. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Unpacks what its first bytes say is packed. */
export async function unpack(bytes: Buffer, path: string): Promise<Buffer> {
  const convert = unpacking(bytes, path);
  try {
    return convert === undefined ? bytes : await convert(bytes);
  } catch (error) {
    throw failed(path, "cannot be unpacked", error);
  }
}

function unpacking(bytes: Buffer, path: string): Convert | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return promisify<Buffer, Buffer>(zlib.gunzip);
  if (bytes.length < 4 || bytes.readUInt32LE(0) !== 0xfd2fb528) return undefined;
  return zstandardFunction("zstdDecompress", path);
}

/** Packs as the name of the file asks. */
export async function pack(bytes: Buffer, compression: Compression, path: string): Promise<Buffer> {
  if (compression === ".gz") return promisify<Buffer, Buffer>(zlib.gzip)(bytes);
  return compression === ".zst" ? zstandardFunction("zstdCompress", path)(bytes) : bytes;
}

function zstandardFunction(name: "zstdCompress" | "zstdDecompress", path: string): Convert {
  const convert = zstandard[name];
  if (convert !== undefined) return promisify(convert);
  throw new EngineError("state", [
    `${path}: is packed with Zstandard, which Node.js ${process.versions.node} cannot do; use Node.js 22.15 or newer, or unpack it to ${basename(path, ".zst")}`,
  ]);
}

/** Whether an error says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

/** An error of the file system as one of the state. */
export function failed(path: string, what: string, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError("state", [`${path}: ${what}: ${messageOf(error)}`]);
}
