/** Text of others, as it may be shown: names and messages can hold anything that a program under check writes. */

/** What moves a cursor, colours, breaks lines where none is meant, or turns the direction of writing around. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Half of a character: no encoding can write it. */
const HALF = /\p{Surrogate}/gu;

/** The same text with line breaks, and with every other control character as its escape: `\u001b`. */
export function plainLines(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replaceAll("\t", " ")
    .replace(UNSEEN, (character) => (character === "\n" ? character : escaped(character)))
    .replace(HALF, "\ufffd");
}

/** The same on one line: line breaks and runs of spaces become one space. */
export function plainLine(text: string): string {
  return plainLines(text).replace(/\s+/g, " ").trim();
}

/**
 * The same lines, none of which GitHub Actions takes for a command: it reads what a step prints, and looks for `::name::`
 * at the beginning of a line and for `##[name]` anywhere in it. A character without a width stands between; a runner
 * that overlooks it takes the next sign for a part of the name, and no command has such a name.
 * Source: actions/runner, ActionCommand.cs.
 */
export function withoutCommands(text: string): string {
  return text.replace(/^([^\S\n]*)::(?=.*::)/gm, "$1\u200b::").replaceAll("##[", "##\u200b[");
}

/**
 * A JSON document, ending in a line break, in which control characters stand as escapes only, and so does the sign by
 * which GitHub Actions would take a text for a command: outside of texts there is no `#`.
 */
export function plainJson(document: object): string {
  // Outside of texts, the only control character of a document is the line break.
  const text = JSON.stringify(document, undefined, 2);
  const plain = text.replace(UNSEEN, (character) => (character === "\n" ? character : escaped(character)));
  return `${plain.replaceAll("##[", "##\\u005b")}\n`;
}

/** At most so many characters, the last an ellipsis where something is left out. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join("")}…`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
