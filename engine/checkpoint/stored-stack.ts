/**
 * The checkpoint of one stack on disk: read whole and verified, written whole and verified before it replaces what
 * stood there. The file keeps its form of compression, and the state before is kept beside it in `….bak`.
 */
import { createHash } from "node:crypto";
import { EngineError } from "../diagnostic";
import { findCheckpoint, type StackPaths } from "./backend";
import {
  contentText,
  type Envelope,
  fileText,
  newEnvelope,
  parseFile,
  readSnapshot,
  resourceTexts,
  type TextOf,
} from "./checkpoint-file";
import { Ciphertexts } from "./ciphertexts";
import { type Compression, keepAs, pack, readIfPresent, replaceFile, unpack } from "./files";
import { integrityProblems } from "./integrity";
import type { Keyring } from "./keyring";
import type { Snapshot } from "./state";

/** A checkpoint that is ready to be written. */
export interface Prepared {
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, in hexadecimal digits. */
  readonly hash: string;
  /** Equal contents need no write. */
  readonly content: string;
}

/** One stack's checkpoint, and the keys to read and write it. Reading throws EngineError `state` or `passphrase`. */
export class StoredStack {
  /** Gives the JSON text of a state, with its secrets encrypted. */
  readonly textOf: TextOf;
  readonly #reading = new Map<string, Ciphertexts>();

  private constructor(
    readonly path: string,
    readonly compression: Compression,
    /** Hash of the file; undefined when there is none. */
    public hash: string | undefined,
    /** Bytes of the file. */
    public size: number,
    readonly snapshot: Snapshot,
    private readonly envelope: Envelope,
    /** Salt of what is written. */
    readonly salt: string,
    /** Salt of what was read. */
    readonly saltBefore: string | undefined,
    private readonly keyring: Keyring,
    writing: Ciphertexts,
    reading: Ciphertexts,
  ) {
    this.textOf = resourceTexts(writing);
    this.#reading.set(salt, writing);
    this.#reading.set(saltBefore ?? salt, reading);
  }

  /** Reads a stack; `known` is one that was read before, and is given back when the file is still the same. */
  static async load(paths: StackPaths, keyring: Keyring, known?: StoredStack): Promise<StoredStack> {
    const found = await findCheckpoint(paths);
    const path = found?.path ?? paths.checkpoint;
    const bytes = found === undefined ? undefined : await readIfPresent(path);
    const hash = bytes === undefined ? undefined : hashOf(bytes);
    if (known !== undefined && known.path === path && known.hash === hash) return known;
    const parsed =
      bytes === undefined ? undefined : parseFile((await unpack(bytes, path)).toString("utf8"), path);
    const envelope = parsed?.envelope ?? newEnvelope(paths.qualifiedName);
    if ((envelope.stack ?? paths.qualifiedName) !== paths.qualifiedName) {
      throw new EngineError("state", [
        `${path}: is the checkpoint of ${envelope.stack}, not of ${paths.qualifiedName}; it was moved or renamed by hand`,
      ]);
    }
    const salt = await keyring.saltFor(envelope.salt);
    const cipher = await keyring.cipher(salt);
    const writing = new Ciphertexts(cipher);
    const before = envelope.salt ?? salt;
    const reading = before === salt ? writing : new Ciphertexts(cipher, await keyring.cipher(before));
    const snapshot = readSnapshot(parsed?.deployment ?? {}, reading, path);
    const kept = { ...envelope, stack: paths.qualifiedName, salt };
    const compression = found?.compression ?? "";
    return new StoredStack(
      path,
      compression,
      hash,
      bytes?.length ?? 0,
      snapshot,
      kept,
      salt,
      envelope.salt,
      keyring,
      writing,
      reading,
    );
  }

  /** What decrypts under a salt; shared with the checkpoint where that has the same. */
  async reading(salt: string): Promise<Ciphertexts> {
    const known = this.#reading.get(salt);
    if (known !== undefined) return known;
    const ciphertexts = new Ciphertexts(
      await this.keyring.cipher(this.salt),
      await this.keyring.cipher(salt),
    );
    this.#reading.set(salt, ciphertexts);
    return ciphertexts;
  }

  /** The file for a snapshot. Throws EngineError `state` with every way in which it is not in order. */
  async prepare(snapshot: Snapshot): Promise<Prepared> {
    const problems = integrityProblems(snapshot.resources);
    if (problems.length > 0) {
      throw new EngineError(
        "state",
        problems.map(
          (problem) => `${this.path}: not written, because what it was to hold is not in order: ${problem}`,
        ),
      );
    }
    const content = this.content(snapshot);
    const text = fileText(this.envelope, snapshot, content, new Date());
    const bytes = await pack(Buffer.from(text), this.compression, this.path);
    return { bytes, hash: hashOf(bytes), content };
  }

  /** The text of a snapshot without what tells when it was written. */
  content(snapshot: Snapshot): string {
    return contentText(snapshot, this.textOf);
  }

  /** Replaces the file. */
  async write({ bytes, hash }: Prepared): Promise<void> {
    if (this.hash !== undefined) await keepAs(this.path, `${this.path}.bak`);
    await replaceFile(this.path, bytes);
    this.hash = hash;
    this.size = bytes.length;
  }
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
