/** `kb preview` for a reader: a tree per environment, its outputs and diagnostics, and what it adds up to. */
import type { Declaration, DeclaredResource } from "../../engine/monitor/declaration";
import { isProviderType, packageOf } from "../../engine/urn";
import { withBranches } from "./branches";
import type { Paint } from "./color";
import { diagnosticLines } from "./diagnostics-text";
import { countOperations, type Operation, operationOf, operationSigns } from "./operation";
import { type PolicySummary, policyLine } from "./policy-summary";
import { propertyLines } from "./properties";
import { resourceTree, type TreeNode } from "./resource-tree";
import { shortType } from "./short-type";
import { type TableOptions, tableLines } from "./table";

/** How the text is made. */
export interface PreviewTextOptions extends TableOptions {
  /** Whether to show the properties of every resource instead of a table. */
  readonly diff: boolean;
  /** What the rules say, by environment; left out where nothing was judged. */
  readonly policies?: ReadonlyMap<string, PolicySummary>;
}

/** The text for all environments. */
export function previewText(declarations: readonly Declaration[], options: PreviewTextOptions): string {
  return `${declarations.map((declaration) => environmentText(declaration, options)).join("\n\n")}\n`;
}

function environmentText(declaration: Declaration, options: PreviewTextOptions): string {
  const { paint, diff } = options;
  // A program that refused its configuration declared nothing worth showing.
  const tree = declaration.outcome === "misconfigured" ? [] : resourceTree(declaration.resources);
  const sections = [
    heading(declaration, paint),
    ...(tree.length === 0 ? [] : [(diff ? diffLines(tree, paint, "") : table(tree, options)).join("\n")]),
    ...section("Diagnostics:", messagesOf(declaration, paint), paint),
    ...section("Outputs:", outputLines(declaration), paint),
    ...(tree.length === 0 ? [] : [resourceCounts(declaration, paint)]),
    ...policySection(declaration, options),
    ...verdict(declaration, paint),
  ];
  return sections.join("\n\n");
}

function heading({ environment }: Declaration, paint: Paint): string {
  const what = `the declaration, from empty state; pulumi preview -s ${environment} compares with reality`;
  return `${paint("bold", `Previewing ${environment}`)} (${what})`;
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [[paint("bold", title), ...lines].join("\n")];
}

function table(tree: readonly TreeNode[], options: PreviewTextOptions): string[] {
  const rows = withBranches(tree).map(({ node: { resource, children, total }, branch }) => {
    const operation = operationOf(resource);
    const below = children.length === 0 ? "" : `${total} ${total === 1 ? "resource" : "resources"}`;
    return {
      ...operationSigns[operation],
      cells: [branch + shortType(resource.type), resource.name, operation, below],
    };
  });
  return tableLines(["Type", "Name", "Plan", "Info"], rows, options);
}

function diffLines(tree: readonly TreeNode[], paint: Paint, indent: string): string[] {
  return tree.flatMap(({ resource, children }) => {
    const operation = operationOf(resource);
    const { sign, color } = operationSigns[operation];
    const inside = `${indent}    `;
    return [
      `${indent}${paint(color, `${sign} ${resource.type}: (${operation})`)}`,
      ...identityLines(resource).map((line) => inside + line),
      ...propertyLines(resource.inputs, inside),
      ...diffLines(children, paint, inside),
    ];
  });
}

function identityLines({ urn, id, provider, options }: DeclaredResource): string[] {
  return [
    ...(id === undefined ? [] : [`[id=${id}]`]),
    `[urn=${urn}]`,
    ...(provider === undefined ? [] : [`[provider=${provider}]`]),
    ...(options.protect === true ? ["[protect]"] : []),
    ...(options.retainOnDelete === true ? ["[retainOnDelete]"] : []),
  ];
}

function policySection(
  { environment, outcome }: Declaration,
  { policies, paint }: PreviewTextOptions,
): string[] {
  const summary = policies?.get(environment);
  if (summary === undefined || outcome !== "succeeded") return [];
  return section("Policies:", [`    ${policyLine(environment, summary, paint)}`], paint);
}

function messagesOf({ diagnostics, project, environment }: Declaration, paint: Paint): string[] {
  return diagnosticLines(diagnostics, project, environment, paint);
}

function outputLines({ outputs }: Declaration): string[] {
  return propertyLines(outputs, "    ");
}

function resourceCounts({ resources, invokes }: Declaration, paint: Paint): string {
  const shown = resources.filter(({ defaultProvider }) => !defaultProvider);
  const custom = shown.filter(
    (resource) => resource.custom && !resource.external && !isProviderType(resource.type),
  );
  const counts = countOperations(resources);
  const byPackage = countBy(custom, ({ type }) => packageOf(type));
  const functions = Object.values(invokes).reduce((sum, count) => sum + count, 0);
  return [
    paint("bold", "Resources:"),
    ...(Object.keys(operationSigns) as Operation[]).flatMap((operation) => {
      const { sign, color } = operationSigns[operation];
      const count = counts[operation] ?? 0;
      return count === 0 ? [] : [`    ${paint(color, sign)} ${count} to ${operation}`];
    }),
    ...[...byPackage].map(([name, count]) => `      ${count} ${name}`),
    ...(functions === 0
      ? []
      : [`    ${functions} calls of provider functions not made; their results are unknown`]),
  ].join("\n");
}

/** Nothing for a preview that succeeded. */
function verdict({ outcome }: Declaration, paint: Paint): string[] {
  const verdicts = {
    failed: "preview failed",
    misconfigured: "preview refused: the configuration has mistakes",
    cancelled: "preview cancelled",
  };
  return outcome === "succeeded" ? [] : [`${paint("red", "error:")} ${verdicts[outcome]}`];
}

function countBy<T>(items: readonly T[], key: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)));
}
