/**
 * Settings inside of a text: lines of .env, properties and YAML files, options and assignments of a command,
 * headers, keywords of connection strings, queries of URLs. Each is a name with the text that it is set to.
 */

export interface Assignment {
  readonly name: string;
  readonly value: string;
}

const NAME = "([A-Za-z_][\\w.-]{0,80})";
/** Quoted, or up to what ends a word; `$(NAME)` is a part of one. */
const VALUE = "(\"[^\"\\n]*\"|'[^'\\n]*'|(?:\\$\\([\\w.-]+\\)|[^\\s;&|,\"'`)<>])+)";

const FORMS: readonly RegExp[] = [
  // NAME=value, --name=value, -Dname=value, password=… in a connection string, ?token=… in a URL
  new RegExp(`(?:^|[\\s;&|?:,"'\`({\\[]|--?D?)${NAME}\\s?=\\s?${VALUE}`, "g"),
  // --name value
  new RegExp(`(?:^|\\s)--?${NAME}[ \\t]+(?!-)${VALUE}`, "g"),
  // name: value, on a line of its own
  /^[ \t-]*["']?([A-Za-z_][\w.-]{0,80})["']?[ \t]*:[ \t]+(\S[^\r\n]*)$/gm,
  // "x-name: value", as curl takes headers
  /["']([A-Za-z][\w-]{0,80}):\s*([^"'\r\n]+)["']/g,
];

/** The assignments that a text holds, in the order of the forms; none for a text that is one bare value. */
export function assignmentsIn(text: string): Assignment[] {
  if (!/[=:]|(?:^|\s)-/.test(text)) return [];
  return FORMS.flatMap((form) =>
    [...text.matchAll(form)].flatMap(([, name, value]) =>
      name === undefined || value === undefined ? [] : [{ name, value: unquoted(value) }],
    ),
  );
}

/** Without the quotes around it, and without the comma or semicolon behind them. */
export function unquoted(text: string): string {
  const [, , inner] = /^(["'])(.*)\1[,;]?$/s.exec(text.trim()) ?? [];
  return inner ?? text.trim();
}
