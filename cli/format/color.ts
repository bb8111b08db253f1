/** Colours, where the reader can see them. */
import { styleText } from "node:util";

export type ColorWhen = "auto" | "always" | "never";
type Style = Parameters<typeof styleText>[0];

/** Adds colour to text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Whether to write colours to a stream: `auto` means a terminal that is not dumb and no NO_COLOR. */
export function useColor(
  when: ColorWhen,
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv,
): boolean {
  if (when !== "auto") return when === "always";
  return stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
}

/** A painter. Newer versions of Node.js decide for themselves unless told not to. */
export function paint(color: boolean): Paint {
  const options = { validateStream: false } as object;
  return color ? (style, text) => styleText(style, text, options) : (_, text) => text;
}
