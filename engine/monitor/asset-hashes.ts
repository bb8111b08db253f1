/**
 * Hashes of assets and archives, by which they are compared: the path of a file says nothing of what is in it. An
 * asset's is that of its content, an archive file's that of the file, and any other archive's that of a tar of its
 * members in order. The official engine makes the same for names that fit into a plain tar header, so that a state
 * can change hands without a difference.
 *
 * Rules: pulumi/pulumi, sdk/go/common/resource/archive/archive.go; the tar is that of Go's archive/tar.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { posix, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  isMap,
  mapEntries,
  mapValue,
  type PropertyMap,
  type PropertyValue,
  signatureOf,
  some,
} from "../property/values";
import { RegistrationError, UnsupportedError } from "../registration-error";

/** A member of an archive. */
type Member = readonly [name: string, content: Buffer];

/** Files that are archives by themselves, by the end of their names. */
const ARCHIVE_FILE = /\.(?:tar|tgz|tar\.gz|zip|jar)$/;

/** Pulumi's own folder is never part of an archive. */
const BOOKKEEPING = ".pulumi";

/**
 * The properties with the hash of every asset and archive that has none. Throws RegistrationError for one whose
 * content cannot be read.
 *
 * @param folder where relative paths begin: the program's
 */
export function withAssetHashes(properties: PropertyMap, folder: string): PropertyMap {
  if (!Object.values(properties).some((value) => some(value, isFile))) return properties;
  return mapEntries(properties, (value) => mapValue(value, (part) => hashed(part, folder)));
}

function isFile(value: PropertyValue): boolean {
  const signature = signatureOf(value);
  return signature === ASSET_SIGNATURE || signature === ARCHIVE_SIGNATURE;
}

function hashed(value: PropertyValue, folder: string): PropertyValue {
  if (!isFile(value) || !isMap(value) || (typeof value.hash === "string" && value.hash !== "")) return value;
  return { ...value, hash: createHash("sha256").update(bytesOf(value, folder)).digest("hex") };
}

function bytesOf(value: PropertyMap, folder: string): Buffer {
  if (signatureOf(value) === ASSET_SIGNATURE) return contentOf(value, folder);
  const path = pathOf(value, folder);
  if (path !== undefined && ARCHIVE_FILE.test(path)) return reading(path, () => readFileSync(path));
  return tar(membersOf(value, folder));
}

function contentOf(value: PropertyMap, folder: string): Buffer {
  const path = pathOf(value, folder);
  if (path !== undefined) return reading(path, () => readFileSync(path));
  return Buffer.from(typeof value.text === "string" ? value.text : "");
}

/** Where a file is; undefined for a text or for members that are told. */
function pathOf({ path, uri }: PropertyMap, folder: string): string | undefined {
  if (typeof path === "string" && path !== "") return resolve(folder, path);
  if (typeof uri !== "string" || uri === "") return undefined;
  if (uri.startsWith("file://")) return fileURLToPath(uri);
  throw new UnsupportedError(`assets and archives from other hosts (here ${uri})`);
}

function membersOf(value: PropertyMap, folder: string): Member[] {
  const path = pathOf(value, folder);
  if (path !== undefined) {
    if (ARCHIVE_FILE.test(path)) throw new UnsupportedError(`archive files inside archives (here ${path})`);
    return reading(path, () => filesIn(path)).map((name) => [
      name,
      reading(resolve(path, name), () => readFileSync(resolve(path, name))),
    ]);
  }
  const assets = isMap(value.assets ?? null) ? (value.assets as PropertyMap) : {};
  const seen = new Set<string>();
  return Object.keys(assets)
    .sort()
    .flatMap((name): Member[] => {
      const member = assets[name] ?? null;
      if (!isMap(member)) return [];
      if (signatureOf(member) === ASSET_SIGNATURE) return [[name, contentOf(member, folder)]];
      return membersOf(member, folder).map(([inner, content]) => [posix.join(name, inner), content]);
    })
    .filter(([name]) => !seen.has(name) && seen.add(name));
}

/** Files below a folder, in order. A link to a file is one; a link to a folder is none. */
function filesIn(folder: string, below = ""): string[] {
  const entries = readdirSync(resolve(folder, below), { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = posix.join(below, entry.name);
      if (entry.name === BOOKKEEPING) return [];
      if (entry.isDirectory()) return filesIn(folder, path);
      return entry.isSymbolicLink() && statSync(resolve(folder, path)).isDirectory() ? [] : [path];
    });
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RegistrationError(
      `asset or archive ${path}: cannot be read: ${(error as Error).message}; write its path relative to the program's folder`,
    );
  }
}

const BLOCK = 512;

function tar(members: readonly Member[]): Buffer {
  const parts = members.flatMap(([name, content]) => [
    header(name, content.length),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

/** A header of the USTAR form: mode 0600, nobody's, of the epoch. */
function header(name: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => {
    block.write(`${value.toString(8).padStart(width, "0")}\0`, at);
  };
  const end = name.length > 100 ? name.slice(0, 156).lastIndexOf("/") : 0;
  block.write(end > 0 ? name.slice(end + 1) : name, 0, 100);
  octal(0o600, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(0, 136, 11);
  block.write("        0", 148);
  block.write("ustar\x0000", 257);
  octal(0, 329, 7);
  octal(0, 337, 7);
  if (end > 0) block.write(name.slice(0, end), 345, 155);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    6,
  );
  return block;
}
