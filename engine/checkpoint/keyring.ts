/**
 * The keys of a stack's secrets: one passphrase, and a salt per file. Nothing is read or written without the right
 * passphrase.
 */
import { EngineError } from "../diagnostic";
import { cipherFor, newSalt } from "../project/passphrase";
import type { Cipher } from "./ciphertexts";

/** What opens a stack's secrets. */
export interface StackSecrets {
  /** As passphraseFrom gives it; undefined when the environment has none. */
  readonly passphrase: string | undefined;
  /** `encryptionsalt` of Pulumi.<stack>.yaml; a new stack gets it, and a stack of another salt is encrypted anew. */
  readonly encryptionSalt?: string;
}

/** Ciphers by salt, from one passphrase. */
export class Keyring {
  readonly #ciphers = new Map<string, Cipher>();

  constructor(
    private readonly secrets: StackSecrets,
    private readonly stack: string,
  ) {}

  /** The cipher of a salt. Throws EngineError `passphrase` when the passphrase is missing or another. */
  async cipher(salt: string): Promise<Cipher> {
    const known = this.#ciphers.get(salt);
    if (known !== undefined) return known;
    const cipher = await cipherFor(salt, this.#passphrase());
    if (cipher === undefined) {
      throw new EngineError("passphrase", [
        `${this.stack}: the passphrase is not the one of this stack's secrets; set PULUMI_CONFIG_PASSPHRASE to the one that the stack was made with`,
      ]);
    }
    this.#ciphers.set(salt, cipher);
    return cipher;
  }

  /** The salt that the stack is written with: that of its configuration, else its own, else a new one. */
  async saltFor(own: string | undefined): Promise<string> {
    const chosen = this.secrets.encryptionSalt ?? own;
    if (chosen !== undefined) return chosen;
    const { salt, cipher } = await newSalt(this.#passphrase());
    this.#ciphers.set(salt, cipher);
    return salt;
  }

  #passphrase(): string {
    if (this.secrets.passphrase !== undefined) return this.secrets.passphrase;
    throw new EngineError("passphrase", [
      `${this.stack}: its secrets need a passphrase; set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it`,
    ]);
  }
}
