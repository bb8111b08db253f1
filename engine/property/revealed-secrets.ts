/**
 * Secrets of the configuration that were decrypted, and that the program then used as plain text: in names, keys,
 * messages, values without a secret's wrapping. They are blanked in what a preview tells, as Pulumi's CLI blanks
 * them in what it prints. What is wrapped as a secret stays as it is; whoever shows it hides it.
 */
import { base64Cores } from "./locked-secrets";
import { SECRET_SIGNATURE, SIGNATURE_KEY } from "./values";

const BLANK = "[secret]";

/** Shorter ones stand in too many texts that have nothing to do with them. */
const SHORTEST = 3;
const SHORTEST_ENCODED = 8;

/** The value with every text in it blanked, keys included. What holds nothing to blank is not copied. */
export function withoutRevealed<T>(value: T, revealed: readonly string[]): T {
  const texts = revealed.filter((text) => text.length >= SHORTEST && !/^(?:true|false)$/i.test(text));
  if (texts.length === 0) return value;
  const plain = texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]).map(literally);
  // Beside the part that is the same wherever the text stands, its neighbours tell some of its bits.
  const encoded = texts
    .filter((text) => text.length >= SHORTEST_ENCODED)
    .flatMap(base64Cores)
    .map((core) => `[A-Za-z0-9+/]*${literally(core)}[A-Za-z0-9+/]*={0,2}`);
  // The longest first: one secret may stand inside another.
  const alternatives = [...new Set([...plain, ...encoded])].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(alternatives.join("|"), "g");
  return blank(value, pattern) as T;
}

/** A pattern that matches the text itself. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function blank(value: unknown, pattern: RegExp): unknown {
  if (typeof value === "string") return value.replaceAll(pattern, BLANK);
  if (Array.isArray(value)) {
    const items = value.map((item) => blank(item, pattern));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.some(([key, item]) => key === SIGNATURE_KEY && item === SECRET_SIGNATURE)) return value;
  const blanked = entries.map(
    ([key, item]) => [key.replaceAll(pattern, BLANK), blank(item, pattern)] as const,
  );
  const changed = blanked.some(
    ([key, item], index) => key !== entries[index]?.[0] || item !== entries[index]?.[1],
  );
  return changed ? Object.fromEntries(blanked) : value;
}
