/** `kb preview` for a reader: a tree per environment, its outputs and diagnostics, and what it adds up to. */
import type { Declaration, DeclaredResource } from "../../engine/monitor/declaration";
import { isProviderType, packageOf } from "../../engine/urn";
import type { Paint } from "./color";
import { diagnosticLines } from "./diagnostics-text";
import { countOperations, type Operation, operationOf, operationSigns } from "./operation";
import { type PolicySummary, policyLine } from "./policy-summary";
import { propertyLines } from "./properties";
import { resourceTree, type TreeNode } from "./resource-tree";
import { shortType } from "./short-type";

/** How the text is made. */
export interface PreviewTextOptions {
  readonly paint: Paint;
  /** Columns of the terminal; undefined leaves lines as long as they are. */
  readonly width: number | undefined;
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

interface Row {
  readonly sign: string;
  readonly color: "green" | "cyan";
  readonly type: string;
  readonly name: string;
  readonly plan: string;
  readonly info: string;
}

function table(tree: readonly TreeNode[], { paint, width }: PreviewTextOptions): string[] {
  const header: Row = { sign: " ", color: "cyan", type: "Type", name: "Name", plan: "Plan", info: "Info" };
  const rows = [header, ...tree.flatMap((node) => rowsOf(node, "", ""))];
  const widest = (column: "type" | "name" | "plan"): number =>
    Math.max(...rows.map((row) => row[column].length));
  const [typeWidth, nameWidth, planWidth] = [widest("type"), widest("name"), widest("plan")];
  return rows.map((row, index) => {
    const cells = [
      row.type.padEnd(typeWidth),
      row.name.padEnd(nameWidth),
      row.plan.padEnd(planWidth),
      row.info,
    ];
    const text = fit(`${cells.join("  ")}`.trimEnd(), width === undefined ? undefined : width - 5);
    if (index === 0) return `     ${paint("bold", text)}`;
    return ` ${paint(row.color, row.sign)}   ${text}`;
  });
}

function fit(text: string, width: number | undefined): string {
  return width === undefined || text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}

/** A resource and everything below it; the branches are drawn as in Pulumi's own tree. */
function rowsOf({ resource, children, total }: TreeNode, branch: string, below: string): Row[] {
  const operation = operationOf(resource);
  const row: Row = {
    ...operationSigns[operation],
    type: branch + shortType(resource.type),
    name: resource.name,
    plan: operation,
    info: children.length === 0 ? "" : `${total} ${total === 1 ? "resource" : "resources"}`,
  };
  const deeper = children.flatMap((child, index) =>
    index === children.length - 1
      ? rowsOf(child, `${below}└─ `, `${below}   `)
      : rowsOf(child, `${below}├─ `, `${below}│  `),
  );
  return [row, ...deeper];
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
