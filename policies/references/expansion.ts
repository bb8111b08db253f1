/**
 * `$(NAME)` in a container's environment stands for the value of another variable. Source: Kubernetes API,
 * EnvVar.value: variables declared earlier are expanded, `$$` is a plain `$`.
 */
import { itemsOf, type Value, valueAt } from "../value";

/** The values of an `env` list that hold references, with what is known put in; by position in the list. */
export function expanded(list: readonly Value[]): Map<number, string> {
  const known = new Map<string, string>();
  const changed = new Map<number, string>();
  for (const [index, item] of itemsOf(list)) {
    const name = valueAt(item, "name");
    const value = valueAt(item, "value");
    if (typeof name !== "string" || typeof value !== "string") continue;
    const text = value.replace(/\$\$|\$\(([\w.-]+)\)/g, (whole, variable?: string) =>
      variable === undefined ? "$" : (known.get(variable) ?? whole),
    );
    known.set(name, text);
    if (text !== value) changed.set(index, text);
  }
  return changed;
}
