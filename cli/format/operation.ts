/** What a preview on empty state plans for a resource, in Pulumi's words and signs. */
import type { DeclaredResource } from "../../engine/monitor/declaration";

export type Operation = "create" | "import" | "read";

/** How an operation is shown. */
export const operationSigns: Readonly<
  Record<Operation, { readonly sign: string; readonly color: "green" | "cyan" }>
> = {
  create: { sign: "+", color: "green" },
  import: { sign: "=", color: "cyan" },
  read: { sign: ">", color: "cyan" },
};

/** The operation of one resource. */
export function operationOf({
  external,
  options,
}: Pick<DeclaredResource, "external" | "options">): Operation {
  if (external) return "read";
  return options.importId === undefined ? "create" : "import";
}

/** How many resources have each operation, providers that the engine makes left out; operations without any too. */
export function countOperations(resources: readonly DeclaredResource[]): Partial<Record<Operation, number>> {
  const counts: Partial<Record<Operation, number>> = {};
  for (const resource of resources) {
    if (resource.defaultProvider) continue;
    const operation = operationOf(resource);
    counts[operation] = (counts[operation] ?? 0) + 1;
  }
  return counts;
}
