/** A deployment for a reader: what was or would be done as a tree, outputs, diagnostics, and what it adds up to. */
import type { DeployResult, StepRecord } from "../../engine/deploy/events";
import type { StepOp } from "../../engine/plan/step";
import { parseUrn } from "../../engine/urn";
import { withBranches } from "./branches";
import type { Paint } from "./color";
import { changedPaths, propertyChangeLines } from "./deploy-diff";
import { operationWords } from "./deploy-operation";
import { diagnosticLines } from "./diagnostics-text";
import { propertyLines } from "./properties";
import { shortType } from "./short-type";
import { type StepNode, stepTree } from "./step-tree";
import { type TableOptions, tableLines } from "./table";

/** What was done to the stack. */
export type DeployKind = "preview" | "up" | "refresh" | "destroy";

/** How the text is made. */
export interface DeployTextOptions extends TableOptions {
  readonly kind: DeployKind;
  /** Whether nothing was changed. */
  readonly preview: boolean;
  readonly project: string;
  readonly environment: string;
  /** Whether to show what changes of every property. */
  readonly diff: boolean;
  readonly seconds: number;
}

const HEADINGS: Readonly<Record<DeployKind, string>> = {
  preview: "Previewing update",
  up: "Updating",
  refresh: "Refreshing",
  destroy: "Destroying",
};

export function deployText(result: DeployResult, options: DeployTextOptions): string {
  const { paint, kind, environment, preview } = options;
  const doing = preview && kind !== "preview" ? `Previewing ${kind}` : HEADINGS[kind];
  const tree = stepTree(result);
  const rows = tree.length === 0 ? [] : options.diff ? diffLines(tree, options, "") : table(tree, options);
  const sections = [
    `${paint("bold", `${doing} (${environment})`)}: on the sandbox`,
    ...(rows.length === 0 ? [] : [rows.join("\n")]),
    ...section(
      "Diagnostics:",
      diagnosticLines(result.diagnostics, options.project, environment, paint),
      paint,
    ),
    ...section("Outputs:", propertyLines(result.outputs, "    "), paint),
    resourceCounts(result, options),
    ...(result.unserved.length === 0
      ? []
      : [`Taken as declared, unchecked (no provider here): ${[...result.unserved].sort().join(", ")}`]),
    `${paint("bold", "Duration:")} ${options.seconds.toFixed(1)}s`,
    ...verdict(result, doing, paint),
  ];
  return `${sections.join("\n\n")}\n`;
}

function section(title: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [[paint("bold", title), ...lines].join("\n")];
}

function table(tree: readonly StepNode[], options: DeployTextOptions): string[] {
  const rows = withBranches(tree).map(({ node: { step }, branch }) => {
    const { sign, color } = operationWords[step.op];
    const changed = changedPaths(step.diff);
    const info = changed.length === 0 ? "" : `[diff: ${changed.join(",")}]`;
    return {
      sign,
      color,
      ...(step.status === "failed" ? { highlight: "red" as const } : {}),
      cells: [branch + shortType(step.type), nameOf(step), statusOf(step, options.preview), info],
    };
  });
  return tableLines(["Type", "Name", options.preview ? "Plan" : "Status", "Info"], rows, options);
}

function statusOf({ op, status }: StepRecord, preview: boolean): string {
  const { plan, done } = operationWords[op];
  if (status === "failed") return `**${plan} failed**`;
  return preview ? plan : done;
}

function nameOf({ urn }: StepRecord): string {
  return parseUrn(urn).name;
}

function diffLines(tree: readonly StepNode[], options: DeployTextOptions, indent: string): string[] {
  const { paint, preview } = options;
  return tree.flatMap(({ step, children }) => {
    const { sign, color } = operationWords[step.op];
    const inside = `${indent}    `;
    const id = step.new?.id || step.old?.id;
    return [
      `${indent}${paint(color, `${sign} ${step.type}: (${statusOf(step, preview)})`)}`,
      ...(id === undefined || id === "" ? [] : [`${inside}[id=${id}]`]),
      `${inside}[urn=${step.urn}]`,
      ...propertyChangeLines(step, inside, paint),
      ...diffLines(children, options, inside),
    ];
  });
}

const COUNTED: readonly StepOp[] = ["create", "update", "replace", "delete", "import", "read", "discard"];

function resourceCounts({ changes }: DeployResult, { paint, preview }: DeployTextOptions): string {
  const lines = COUNTED.flatMap((op) => {
    const count = changes[op] ?? 0;
    if (count === 0) return [];
    const { sign, color, plan, done } = operationWords[op];
    return [`    ${paint(color, sign)} ${count} ${preview ? `to ${plan}` : done}`];
  });
  const same = changes.same ?? 0;
  const unchanged = same === 0 ? [] : [`    ${same} unchanged`];
  const all = [...lines, ...unchanged];
  return [paint("bold", "Resources:"), ...(all.length === 0 ? ["    none"] : all)].join("\n");
}

function verdict({ outcome }: DeployResult, doing: string, paint: Paint): string[] {
  const verdicts = {
    failed: "failed; what was done is in the state",
    misconfigured: "refused: the configuration has mistakes; what was done before is in the state",
    cancelled: "cancelled; what was done is in the state",
  };
  return outcome === "succeeded"
    ? []
    : [`${paint("red", "error:")} ${doing.toLowerCase()} ${verdicts[outcome]}`];
}
