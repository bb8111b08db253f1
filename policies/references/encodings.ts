/** Texts that stand in other texts in another spelling: base64 in its alphabets, and percent-encoding. */

/** Shorter ones are words. */
const SHORTEST = 12;

/** The text that a whole text is base64 of, in either alphabet, with or without padding and line ends. */
export function fromBase64(text: string): string[] {
  if (text.length < SHORTEST) return [];
  const bare = /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  if (bare.length < SHORTEST || !/^[\w+/-]+={0,2}$/.test(bare)) return [];
  return readable(bare);
}

/** What a value of a Secret's `data` decodes to: there, a word of a few letters is base64, too. */
export function fromSecretData(text: string): string[] {
  return /^[\w+/\s-]+={0,2}\s*$/.test(text) ? readable(text) : [];
}

/** Lines of nothing else, as encoders break them. */
const BLOCK = /^[ \t]*[\w+/-]{16,}\r?\n(?:[ \t]*[\w+/-]+={0,2}[ \t]*(?:\r?\n|$))+/gm;

/**
 * What words and blocks of lines of a longer text are base64 of: `Basic dXNlcj…`, `data:text/plain;base64,aHR0…`.
 */
export function fromBase64Words(text: string): string[] {
  const words = text.match(/[A-Za-z0-9+/_-]{16,}={0,2}/g) ?? [];
  const blocks = text.includes("\n") ? (text.match(BLOCK) ?? []) : [];
  return [...words, ...blocks].flatMap((part) => (part === text ? [] : readable(part)));
}

/** Decoded, if that is text again: most words decode to what is none. */
function readable(base64: string): string[] {
  const value = Buffer.from(base64, "base64").toString("utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what has them is no text
  return value === "" || /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(value) ? [] : [value];
}

/** Percent-encoded characters decoded, each run by itself: a broken one hides no other. */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}
