/** Resources as the tree that their parents make of them. */
import type { DeclaredResource } from "../../engine/monitor/declaration";

/** A resource and those below it. */
export interface TreeNode {
  readonly resource: DeclaredResource;
  readonly children: readonly TreeNode[];
  /** How many resources stand below it, at any depth. */
  readonly total: number;
}

/**
 * The roots, in order of registration. Providers that the engine makes are left out, as in Pulumi's own tree.
 * Siblings are sorted by type and name where components register them in an order that timing decides.
 */
export function resourceTree(resources: readonly DeclaredResource[]): TreeNode[] {
  const shown = resources.filter(({ defaultProvider }) => !defaultProvider);
  const byParent = new Map<string, DeclaredResource[]>();
  for (const resource of shown) {
    const parent = resource.parent ?? "";
    byParent.set(parent, [...(byParent.get(parent) ?? []), resource]);
  }
  const node = (resource: DeclaredResource): TreeNode => {
    const children = sorted(byParent.get(resource.urn) ?? []).map(node);
    return { resource, children, total: children.reduce((sum, child) => sum + 1 + child.total, 0) };
  };
  return sorted(byParent.get("") ?? []).map(node);
}

/** Components first, then by type and name. */
function sorted(resources: readonly DeclaredResource[]): DeclaredResource[] {
  const key = ({ custom, type, name }: DeclaredResource): string => `${custom ? 1 : 0} ${type} ${name}`;
  return [...resources].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
