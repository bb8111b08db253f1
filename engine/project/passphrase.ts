/**
 * The passphrase secrets of Pulumi's configuration files: AES-256-GCM under a key that PBKDF2-HMAC-SHA256 makes
 * from the passphrase in 1,000,000 rounds. `encryptionsalt` is `v1:<salt>:<ciphertext of "pulumi">`, which tells
 * a wrong passphrase from a right one. Source: pulumi/pulumi pkg/secrets/passphrase.
 */
import { createDecipheriv, pbkdf2 } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { EngineError } from "../diagnostic";

const ROUNDS = 1_000_000;
const TAG_BYTES = 16;

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

/** A decrypter for files with this salt; undefined when the passphrase is not theirs. */
export async function decrypterFor(
  encryptionSalt: string,
  passphrase: string,
): Promise<Decrypter | undefined> {
  const [version, salt, ...check] = encryptionSalt.split(":");
  if (version !== "v1" || salt === undefined || check.length !== 3) return undefined;
  const key = await promisify(pbkdf2)(passphrase, Buffer.from(salt, "base64"), ROUNDS, 32, "sha256");
  const decrypt: Decrypter = (ciphertext) => decryptWith(key, ciphertext);
  try {
    return decrypt(check.join(":")) === "pulumi" ? decrypt : undefined;
  } catch {
    return undefined;
  }
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
