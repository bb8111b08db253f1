/**
 * Whether a text looks as if a generator had made it. People write words: they change between letters, digits and
 * cases seldom. Generators change all the time.
 */

/** Shorter ones cannot be told from words and numbers. */
const SHORTEST = 20;
/** Longer ones are files, not keys. */
const LONGEST = 600;
/** Share of neighbours that are of different classes: words have up to 0.2, random texts 0.4 and more. */
const CHANGES = 0.25;
/** Bits in a sign: 20 random signs of 16 have about 3.3, and of 64 about 4.1. */
const BITS = 3;

export function looksRandom(text: string): boolean {
  if (text.length < SHORTEST || text.length > LONGEST) return false;
  if (!/^[\w+/=.~!@#$%^&*-]+$/.test(text)) return false;
  if (!/\d/.test(text) || !/[A-Za-z]/.test(text)) return isMixed(text);
  return entropy(text) >= BITS && changes(text) >= CHANGES && !isNumbered(text);
}

/** Both cases in disorder, without a digit: one in thirty random texts of 20 signs. */
function isMixed(text: string): boolean {
  return /^[A-Za-z+/=_-]+$/.test(text) && entropy(text) >= BITS && changes(text) >= 0.36;
}

/** Bits in a sign of the text, by how often each stands there. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const sign of text) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / text.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

/** The share of neighbours that differ in class; a capital letter that begins a word is no change. */
function changes(text: string): number {
  let changed = 0;
  for (let index = 1; index < text.length; index += 1) {
    const [before, after] = [classOf(text, index - 1), classOf(text, index)];
    const beginsWord = before === "upper" && after === "lower" && classOf(text, index - 2) !== "upper";
    if (before !== after && before !== "sign" && after !== "sign" && !beginsWord) changed += 1;
  }
  return changed / (text.length - 1);
}

/** Signs between words are of no class; others stand in generated texts alone. */
function classOf(text: string, index: number): "digit" | "lower" | "upper" | "sign" | "symbol" {
  const sign = text[index] ?? "";
  if ("!@#$%^&*~+".includes(sign)) return "symbol";
  if (sign >= "0" && sign <= "9") return "digit";
  if (sign >= "a" && sign <= "z") return "lower";
  return sign >= "A" && sign <= "Z" ? "upper" : "sign";
}

/** Words with numbers between signs: `v1.2.3-rc1-2024-05-01`, `eu-west-1a.node-2.db-3`. */
function isNumbered(text: string): boolean {
  const parts = text.split(/[-_./=]+/).filter((part) => part !== "");
  return parts.length > 1 && parts.every((part) => /^[A-Za-z0-9]{1,7}$/.test(part));
}
