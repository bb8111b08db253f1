/**
 * Mistakes made on purpose: a copy of an environment's file with a few words replaced. `«` marks where a mistake stands, so that no
 * test counts lines.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatMistakes, type Mistake, validateEnvironmentFile } from "../../config";

/** Words of the file, which stand there once, and what replaces them. */
export type Edit = readonly [from: string, to: string];

export interface Case {
  readonly name: string;
  readonly given: readonly Edit[];
  /** The mistakes in the order of the marks, without file, line and column. */
  readonly want: readonly string[];
}

/** DEV's and PROD's files as they were once, and the example of a third environment. */
export function environmentText(environment: string): string {
  const folder = environment === "staging" ? "../stacks/environments" : "fixtures";
  return readFileSync(join(__dirname, folder, `Pulumi.${environment}.yaml`), "utf8");
}

/** The text with every edit made. An edit that does not fit exactly once is a mistake in the test. */
export function edit(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, [from, to]) => {
    if (current.split(from).length !== 2) throw new Error(`not exactly once in the file: ${from}`);
    return current.replace(from, () => to);
  }, text);
}

/** Takes the marks out of a text, and says on which line and in which column each stood. */
export function unmark(text: string): { source: string; marks: string[] } {
  const marks = text.split("\n").flatMap((line, index) => {
    const parts = line.split("«").slice(0, -1);
    return parts.map((_, count) => `${index + 1}:${parts.slice(0, count + 1).join("").length + 1}`);
  });
  return { source: text.replaceAll("«", ""), marks };
}

export function mistakesIn(source: string, environment = "dev"): readonly Mistake[] {
  const file = `Pulumi.${environment}.yaml`;
  const validation = validateEnvironmentFile(source, { stack: environment, file });
  return validation.valid ? [] : validation.mistakes;
}

/** What is reported for an edited file, and what should be. */
export function outcome({ given, want }: Case, environment = "dev"): { got: string[]; wanted: string[] } {
  const { source, marks } = unmark(edit(environmentText(environment), given));
  const got = formatMistakes(mistakesIn(source, environment));
  const lines = want.map(
    (text, index) => `Pulumi.${environment}.yaml:${marks[index] ?? "unmarked"}: ${text}`,
  );
  return { got: got === "" ? [] : got.split("\n"), wanted: lines };
}
