/** Trees for a reader: the branches are drawn as in Pulumi's own tree. */

/** Whatever has others of its kind below it. */
interface Node<T> {
  readonly children: readonly T[];
}

/** Every node, from the top, with the branch to draw before it. */
export function withBranches<T extends Node<T>>(
  roots: readonly T[],
): { readonly node: T; readonly branch: string }[] {
  const below = (node: T, branch: string, indent: string): ReturnType<typeof withBranches<T>> => {
    const { children } = node;
    const deeper = children.flatMap((child, index) =>
      index === children.length - 1
        ? below(child, `${indent}└─ `, `${indent}   `)
        : below(child, `${indent}├─ `, `${indent}│  `),
    );
    return [{ node, branch }, ...deeper];
  };
  return roots.flatMap((root) => below(root, "", ""));
}
