/**
 * Ciphertexts of the secrets of one checkpoint. A secret that did not change keeps its ciphertext, so that a rewrite
 * changes nothing of it and costs no encryption: the same value by identity, and an equal value that stands at the
 * same place of the same resource. Equal secrets at two places never share one, as that would tell that they agree.
 */
import type { Secret } from "../property/values";
import type { Open, Place, Seal, Seen } from "./property-text";

/** Encrypts and decrypts under one key. */
export interface Cipher {
  encrypt(plaintext: string): string;
  /** Throws when the ciphertext is not of this key. */
  decrypt(ciphertext: string): string;
}

/** The ciphertexts that are known of one checkpoint. */
export class Ciphertexts {
  readonly #known = new WeakMap<Secret, { readonly key: string; readonly ciphertext: string }>();
  readonly #places = new Map<string, { ciphertext: string; plaintext: string }>();

  /** `writing` encrypts what is written; `reading` decrypts what was read, where its key is another. */
  constructor(
    private readonly writing: Cipher,
    private readonly reading: Cipher = writing,
  ) {}

  readonly open: Open = (ciphertext) => this.reading.decrypt(ciphertext);

  /** Remembers the secrets of a resource that is read. */
  seenIn(urn: string): Seen {
    return (secret, place, sealed) => {
      if (this.reading !== this.writing) return;
      const key = placeKey(urn, place);
      this.#known.set(secret, { key, ciphertext: sealed.ciphertext });
      this.#places.set(key, sealed);
    };
  }

  /** Encrypts the secrets of a resource that is written. */
  sealIn(urn: string): Seal {
    return (secret, place, plaintextOf) => {
      const key = placeKey(urn, place);
      const known = this.#known.get(secret);
      if (known?.key === key) return known.ciphertext;
      const plaintext = plaintextOf();
      const before = this.#places.get(key);
      const sealed =
        before?.plaintext === plaintext ? before : { ciphertext: this.writing.encrypt(plaintext), plaintext };
      this.#known.set(secret, { key, ciphertext: sealed.ciphertext });
      this.#places.set(key, sealed);
      return sealed.ciphertext;
    };
  }
}

function placeKey(urn: string, place: Place): string {
  return JSON.stringify([urn, ...place]);
}
