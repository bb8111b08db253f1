/**
 * URLs in texts. Where browsers and Node.js read a URL otherwise than it looks (backslashes, line ends, missing
 * slashes), it is found as they read it. Source: WHATWG URL, 4.4.
 */

/** A URL: its last scheme in lower case, and what follows the slashes. */
export interface UrlText {
  readonly scheme: string;
  readonly rest: string;
}

/** Schemes whose URLs may have backslashes for slashes, or none. */
const SPECIAL = /^(?:https?|wss?|ftp)$/;

/** Whether browsers and Node.js read a scheme's URLs by the rules for the web. */
export function isSpecial(scheme: string): boolean {
  return SPECIAL.test(scheme);
}

const LONGEST_SCHEME = 32;
/** What a URL in a longer text reaches up to; a template in one stays whole. */
const REST = /^(?:\{\{[^{}\n]{0,200}\}\}|\$\{[^{}\n]{0,200}\}|[^\s"'`<>])*/;

/**
 * Every URL in a text, each up to the next one: no part is read twice. A text that begins as a URL is read as a
 * whole, too: its password may hold any character, and its line ends and tabs mean nothing.
 */
export function urlsIn(text: string): UrlText[] {
  if (!text.includes(":")) return [];
  const starts = startsIn(text, Number.POSITIVE_INFINITY);
  const embedded = starts.map(({ scheme, prefix, from }, index): UrlText => {
    const [rest = ""] = REST.exec(text.slice(from, starts[index + 1]?.at)) ?? [];
    return { scheme, rest: prefix + rest };
  });
  const line = text.trim().replace(/[\t\r\n]+/g, "");
  const [whole] = startsIn(line, 1);
  if (whole === undefined || !/^(?:[a-z0-9]+:)*$/i.test(line.slice(0, whole.at))) return embedded;
  return [{ scheme: whole.scheme, rest: whole.prefix + line.slice(whole.from) }, ...embedded];
}

interface Start {
  readonly scheme: string;
  /** Where the scheme begins. */
  readonly at: number;
  /** Where the authority begins. */
  readonly from: number;
  /** Stands for what a form without authority leaves out. */
  readonly prefix: string;
}

function startsIn(text: string, most: number): Start[] {
  const starts: Start[] = [];
  for (let colon = text.indexOf(":"); colon >= 0; colon = text.indexOf(":", colon + 1)) {
    const [word] = /[a-z][a-z0-9+.-]*$/i.exec(text.slice(Math.max(0, colon - LONGEST_SCHEME), colon)) ?? [];
    if (word === undefined) continue;
    const at = colon - word.length;
    const opening = openingOf(word.toLowerCase(), text.slice(0, at), text.slice(colon + 1, colon + 1 + 128));
    if (opening === undefined) continue;
    starts.push({
      scheme: word.toLowerCase(),
      at,
      from: colon + 1 + opening.length,
      prefix: opening.prefix ?? "",
    });
    if (starts.length >= most) break;
  }
  return starts;
}

/** How much stands between the colon and the authority; undefined when this is no URL. */
function openingOf(
  scheme: string,
  before: string,
  after: string,
): { readonly length: number; readonly prefix?: string } | undefined {
  const [slashes = ""] = (isSpecial(scheme) ? /^[\\/\t\r\n]*/ : /^(?:\\?\/){2}/).exec(after) ?? [];
  if (slashes.trim() !== "") return { length: slashes.length };
  // `https:x.example.org` is a URL, `see https: a` is none.
  if (isSpecial(scheme)) return /^[\w%-]+(?:\.[\w%-]+)+/.test(after) ? { length: 0 } : undefined;
  // `jdbc:postgresql:keybuzz_dev` is a database of this machine.
  const isJdbc = /\bjdbc:$/i.test(before.slice(-8)) && /^\/?\w/.test(after);
  return isJdbc ? { length: after.startsWith("/") ? 1 : 0, prefix: "/" } : undefined;
}
