/** Property paths as ignoreChanges has them: `roles`, `keepers.generation`, `roles[0]`, `keepers["a.b"]`, `roles[*]`. */

export type Path = readonly (string | number)[];

/** One segment after another: a quoted key, an index or `*` in brackets, or a plain key. */
const SEGMENT = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+|\*)\]|([^.[\]]+)/g;

export function parsePath(text: string): Path {
  return [...text.matchAll(SEGMENT)].map(([, quoted, index, key]) => {
    if (quoted !== undefined) return quoted.replaceAll(/\\(.)/g, "$1");
    if (index !== undefined) return index === "*" ? index : Number(index);
    return key ?? "";
  });
}

export function formatPath(path: Path): string {
  return path
    .map((segment, position) => {
      if (typeof segment === "number") return `[${segment}]`;
      if (!/^[^.[\]"\\]+$/.test(segment)) return `[${JSON.stringify(segment)}]`;
      return position === 0 ? segment : `.${segment}`;
    })
    .join("");
}

/** Whether the first path is the second one or leads to it. */
export function covers(outer: Path, inner: Path): boolean {
  return (
    outer.length <= inner.length &&
    outer.every((segment, position) => segment === "*" || segment === inner[position])
  );
}
