/** Encrypted values in configuration: a map with the one key `secure`, at the top or inside a structured value. */
import { isRecord } from "./yaml-file";

/** Whether a value is an encrypted one. */
export function isSecure(value: unknown): value is { secure: string } {
  return isRecord(value) && Object.keys(value).length === 1 && typeof value.secure === "string";
}

/** Whether a value is encrypted or has an encrypted part. */
export function hasSecret(value: unknown): boolean {
  if (isSecure(value)) return true;
  if (Array.isArray(value)) return value.some(hasSecret);
  return isRecord(value) && Object.values(value).some(hasSecret);
}

/** The value with every encrypted part replaced by what `open` makes of its ciphertext. */
export function openSecrets(value: unknown, open: (ciphertext: string) => string): unknown {
  if (isSecure(value)) return open(value.secure);
  if (Array.isArray(value)) return value.map((item) => openSecrets(item, open));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, openSecrets(item, open)]));
}
