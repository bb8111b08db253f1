/**
 * The passphrase secrets of Pulumi's configuration files and checkpoints: AES-256-GCM under a key that PBKDF2-HMAC-SHA256 makes
 * from the passphrase in 1,000,000 rounds. `encryptionsalt` is `v1:<salt>:<ciphertext of "pulumi">`, which tells
 * a wrong passphrase from a right one. Source: pulumi/pulumi pkg/secrets/passphrase.
 */
import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { EngineError } from "../diagnostic";

const ROUNDS = 1_000_000;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const SALT_BYTES = 8;

/** Decrypts one ciphertext of the form `v1:<nonce>:<ciphertext>`. Throws when it is not of this key. */
export type Decrypter = (ciphertext: string) => string;

/** The passphrase as Pulumi's CLI takes it: the variable even when empty, else the file that another names. */
export function passphraseFrom(environment: NodeJS.ProcessEnv): string | undefined {
  const direct = environment.PULUMI_CONFIG_PASSPHRASE;
  if (direct !== undefined) return direct;
  const file = environment.PULUMI_CONFIG_PASSPHRASE_FILE;
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new EngineError("configuration", [
      `PULUMI_CONFIG_PASSPHRASE_FILE: ${file} cannot be read: ${(error as Error).message}`,
    ]);
  }
}

/** Encrypts and decrypts under one key. */
export interface PassphraseCipher {
  /** Ciphertext of a text, of the form `v1:<nonce>:<ciphertext>`; never the same twice. */
  readonly encrypt: (plaintext: string) => string;
  readonly decrypt: Decrypter;
}

/** A decrypter for files with this salt; undefined when the passphrase is not theirs. */
export async function decrypterFor(
  encryptionSalt: string,
  passphrase: string,
): Promise<Decrypter | undefined> {
  return (await cipherFor(encryptionSalt, passphrase))?.decrypt;
}

/** A cipher for files with this salt; undefined when the passphrase is not theirs. */
export async function cipherFor(
  encryptionSalt: string,
  passphrase: string,
): Promise<PassphraseCipher | undefined> {
  const [version, salt, ...check] = encryptionSalt.split(":");
  if (version !== "v1" || salt === undefined || check.length !== 3) return undefined;
  const cipher = cipherWith(await keyFor(salt, passphrase));
  try {
    return cipher.decrypt(check.join(":")) === "pulumi" ? cipher : undefined;
  } catch {
    return undefined;
  }
}

/** A salt for a stack that has none, of the form of `encryptionsalt`, and its cipher. */
export async function newSalt(passphrase: string): Promise<{ salt: string; cipher: PassphraseCipher }> {
  const salt = randomBytes(SALT_BYTES).toString("base64");
  const cipher = cipherWith(await keyFor(salt, passphrase));
  return { salt: `v1:${salt}:${cipher.encrypt("pulumi")}`, cipher };
}

/** Deriving a key takes a third of a second, and a run needs the same one for configuration and state. */
const keys = new Map<string, Promise<Buffer>>();

function keyFor(salt: string, passphrase: string): Promise<Buffer> {
  const name = `${salt}:${passphrase}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), ROUNDS, 32, "sha256");
  keys.set(name, key);
  return key;
}

function cipherWith(key: Buffer): PassphraseCipher {
  return {
    encrypt: (plaintext) => encryptWith(key, plaintext),
    decrypt: (ciphertext) => decryptWith(key, ciphertext),
  };
}

function encryptWith(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decryptWith(key: Buffer, ciphertext: string): string {
  const [version, nonce, sealed] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined) {
    throw new Error("not a ciphertext of the form v1:<nonce>:<ciphertext>");
  }
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
}
