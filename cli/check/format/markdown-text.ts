/** Text of others inside GitHub's Markdown, so that it shows as what it is: no markup, no mention, no cell of a table. */
import { plainLine } from "./plain";

/** Invisible, and no part of a name: what stands before it is no mention of a person and no number of an issue. */
const BREAK = "\u200b";

/** A text on one line. A backslash keeps Markdown's signs, an entity keeps HTML's and the column sign of tables. */
export function markdownText(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_[\]~]/g, keptSign)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("|", "&#124;")
    .replace(/(?<![A-Za-z0-9])@|(?<![A-Za-z0-9&])#(?=\d)/g, (sign) => sign + BREAK);
}

/** Underscores inside of a word are no markup, and are in most names. */
function keptSign(sign: string, position: number, text: string): string {
  const inside = /[A-Za-z0-9]/.test(text[position - 1] ?? "") && /[A-Za-z0-9]/.test(text[position + 1] ?? "");
  return sign === "_" && inside ? sign : `\\${sign}`;
}

/** A name as code. Nothing that could end the code or the cell, or that is a command, is written between backticks. */
export function markdownCode(text: string): string {
  const line = plainLine(text);
  if (line === "") return "";
  return /[`|\\]|##\[/.test(line) ? `<code>${markdownText(line)}</code>` : `\`${line}\``;
}
