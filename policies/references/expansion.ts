/**
 * Variables in a container's environment and command. Source: Kubernetes API, EnvVar.value and Container.args:
 * `$(NAME)` stands for a variable declared earlier, in a command for any variable, and `$$` is a plain `$`. Shells
 * know `$NAME` and `${NAME}`, too.
 */
import { itemsOf, type Value, valueAt } from "../value";

/** The variables of a container, by position in its `env` list and by name, as far as they are known. */
export interface Variables {
  readonly byPosition: ReadonlyMap<number, string>;
  readonly byName: ReadonlyMap<string, string>;
}

/** A value that doubles itself with each variable would grow without end. */
const LONGEST = 100_000;

/** The values of an `env` list, each with those before it put in. */
export function variablesOf(list: Value | undefined): Variables {
  const byName = new Map<string, string>();
  const byPosition = new Map<number, string>();
  for (const [index, item] of itemsOf(list)) {
    const name = valueAt(item, "name");
    const value = valueAt(item, "value");
    if (typeof name !== "string" || typeof value !== "string") continue;
    const text = value.replace(/\$\$|\$\(([\w.-]+)\)/g, (whole, variable?: string) =>
      variable === undefined ? "$" : (byName.get(variable) ?? whole),
    );
    byName.set(name, text.slice(0, LONGEST));
    byPosition.set(index, text.slice(0, LONGEST));
  }
  return { byPosition, byName };
}

/** A word of a command with the variables put in that Kubernetes or a shell puts in. */
export function expandedWord(word: string, { byName }: Variables): string {
  if (!word.includes("$")) return word;
  return word
    .replace(
      /\$\(([\w.-]+)\)|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g,
      (whole: string, one?: string, two?: string, three?: string) =>
        byName.get(one ?? two ?? three ?? "") ?? whole,
    )
    .slice(0, LONGEST);
}

/** The values of an `env` list that hold references, with what is known put in; by position in the list. */
export function expanded(list: readonly Value[]): Map<number, string> {
  const { byPosition } = variablesOf(list);
  return new Map([...byPosition].filter(([index, text]) => text !== valueAt(list[index], "value")));
}
