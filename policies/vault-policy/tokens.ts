/**
 * The words of a Vault policy: HCL version 1, or the JSON that means the same. Strict, because what is read
 * wrongly is judged wrongly: a text that this reader does not understand is refused.
 */

/** A policy that cannot be read. The message quotes nothing of it. */
export class UnreadablePolicy extends Error {
  /** @param line from 1; undefined at the end of the text */
  constructor(reason: string, line: number | undefined) {
    super(`${reason} ${line === undefined ? "at its end" : `in line ${line}`}`);
    this.name = "UnreadablePolicy";
  }
}

export interface Token {
  readonly kind: "string" | "word" | "number" | "sign" | "end";
  /** A string without its quotes and escapes; a sign as it stands. */
  readonly text: string;
  readonly line: number;
}

const SPACE = /[ \t\r\n]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const WORD = /[A-Za-z_][\w.-]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SIGN = /[{}[\]=:,]/y;
const HEREDOC = /<<(-?)([A-Za-z_]\w*)[ \t]*\r?\n/y;
const STRING = /"((?:[^"\\\r\n]|\\[^\r\n])*)"/y;

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let position = 0;
  let line = 1;
  /** Takes what the pattern matches here, and counts its lines. */
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    position = pattern.lastIndex;
    line += match[0].split("\n").length - 1;
    return match;
  };
  if (text.charCodeAt(0) === 0xfeff) position = 1;
  while (position < text.length) {
    if (take(SPACE) !== undefined) continue;
    const start = line;
    const add = (kind: Token["kind"], value: string): void => {
      tokens.push({ kind, text: value, line: start });
    };
    const string = take(STRING);
    const plain = string ?? take(WORD) ?? take(NUMBER) ?? take(SIGN);
    if (string !== undefined) add("string", unescaped(string[1] ?? "", start));
    else if (plain !== undefined) add(kindOf(plain[0]), plain[0]);
    else {
      const opening = take(HEREDOC);
      if (opening === undefined) throw new UnreadablePolicy("holds a sign that no policy has", line);
      const [, indented, marker = ""] = opening;
      const closing = new RegExp(
        `([\\s\\S]*?)^${indented === "-" ? "[ \\t]*" : ""}${marker}[ \\t]*(?:\\r?\\n|$)`,
        "my",
      );
      const body = take(closing);
      if (body === undefined) throw new UnreadablePolicy("has a text without an end", start);
      add("string", body[1] ?? "");
    }
  }
  tokens.push({ kind: "end", text: "", line });
  return tokens;
}

function kindOf(text: string): Token["kind"] {
  if (/^[A-Za-z_]/.test(text)) return "word";
  return /^[-\d]/.test(text) ? "number" : "sign";
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function unescaped(text: string, line: number): string {
  // HCL reads what stands in `${…}` by other rules; no path has it.
  if (text.includes("${"))
    throw new UnreadablePolicy("has an interpolation, which Vault does not fill in,", line);
  return text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([0-7]{3})|(.))/gu,
    (...found) => {
      const [, short, long, byte, octal, letter] = found as (string | undefined)[];
      const code = short ?? long ?? byte;
      if (code !== undefined && Number.parseInt(code, 16) <= 0x10ffff)
        return String.fromCodePoint(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const meant = letter === undefined ? undefined : ESCAPES[letter];
      if (meant === undefined) throw new UnreadablePolicy("has an escape that it may not have", line);
      return meant;
    },
  );
}
