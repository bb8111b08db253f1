/** A deployment for a reader: what was or would be done as a tree, outputs, diagnostics, and what it adds up to. */
import type { DeployResult, StepRecord } from "../../engine/deploy/events";
import { isLogical, type StepOp } from "../../engine/plan/step";
import { parseUrn } from "../../engine/urn";
import type { Paint } from "./color";
import { changedPaths, propertyChangeLines } from "./deploy-diff";
import { operationWords } from "./deploy-operation";
import { diagnosticLines } from "./diagnostics-text";
import { propertyLines } from "./properties";
import { shortType } from "./short-type";

/** What was done to the stack. */
export type DeployKind = "preview" | "up" | "refresh" | "destroy";

/** How the text is made. */
export interface DeployTextOptions {
  readonly kind: DeployKind;
  /** Whether nothing was changed. */
  readonly preview: boolean;
  readonly project: string;
  readonly environment: string;
  readonly paint: Paint;
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
  const rows = options.diff ? diffLines(result, options) : tableLines(result, options);
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

/** What is shown: everything but what stays as it is, and the engine's own providers; each replacement once. */
function shownSteps({ steps }: DeployResult): StepRecord[] {
  return steps.filter(
    (step) => !step.defaultProvider && step.op !== "same" && (isLogical(step) || step.status === "failed"),
  );
}

function tableLines(result: DeployResult, options: DeployTextOptions): string[] {
  const { paint, preview } = options;
  const rows = inTree(result).map(({ step, depth, last }) => {
    const words = operationWords[step?.op ?? "same"];
    const branch = depth === 0 ? "" : `${"   ".repeat(depth - 1)}${last ? "└─ " : "├─ "}`;
    return { words, step, type: branch + shortType(step?.type ?? ""), name: nameOf(step) };
  });
  if (rows.length === 0) return [];
  const widest = (key: "type" | "name"): number => Math.max(...rows.map((row) => row[key].length), 4);
  const [typeWidth, nameWidth] = [widest("type"), widest("name")];
  const title = preview ? "Plan" : "Status";
  return [
    `     ${paint("bold", `${"Type".padEnd(typeWidth)}  ${"Name".padEnd(nameWidth)}  ${title}`)}`,
    ...rows.map(({ words, step, type, name }) => {
      const status = step === undefined ? "" : statusOf(step, preview);
      const changed = step === undefined ? [] : changedPaths(step.diff);
      const info = changed.length === 0 ? "" : `  [diff: ${changed.join(",")}]`;
      const failed = step?.status === "failed";
      const text = `${type.padEnd(typeWidth)}  ${name.padEnd(nameWidth)}  ${status}${info}`.trimEnd();
      return ` ${paint(failed ? "red" : words.color, words.sign.padEnd(2))}  ${failed ? paint("red", text) : text}`;
    }),
  ];
}

function statusOf({ op, status }: StepRecord, preview: boolean): string {
  const { plan, done } = operationWords[op];
  if (status === "failed") return `**${plan} failed**`;
  return preview ? plan : done;
}

function nameOf(step: StepRecord | undefined): string {
  return step === undefined ? "" : parseUrn(step.urn).name;
}

interface TreeRow {
  readonly step: StepRecord | undefined;
  readonly depth: number;
  readonly last: boolean;
}

/** The steps shown, each below its nearest ancestor that is shown. */
function inTree(result: DeployResult): TreeRow[] {
  const parents = new Map(result.steps.map(({ urn, parent }) => [urn, parent]));
  const shown = new Map(shownSteps(result).map((step) => [`${step.urn} ${step.op}`, step]));
  const urns = new Set([...shown.values()].map(({ urn }) => urn));
  const above = (urn: string): string | undefined => {
    let parent = parents.get(urn);
    while (parent !== undefined && !urns.has(parent)) parent = parents.get(parent);
    return parent;
  };
  const below = new Map<string | undefined, StepRecord[]>();
  for (const step of shown.values()) {
    const parent = above(step.urn);
    below.set(parent, [...(below.get(parent) ?? []), step]);
  }
  const visited = new Set<string>();
  const rowsUnder = (parent: string | undefined, depth: number): TreeRow[] => {
    const steps = below.get(parent) ?? [];
    return steps.flatMap((step, index) => {
      const row = { step, depth, last: index === steps.length - 1 };
      if (visited.has(step.urn)) return [row];
      visited.add(step.urn);
      return [row, ...rowsUnder(step.urn, depth + 1)];
    });
  };
  return rowsUnder(undefined, 0);
}

function diffLines(result: DeployResult, { paint, preview }: DeployTextOptions): string[] {
  return inTree(result).flatMap(({ step, depth }) => {
    if (step === undefined) return [];
    const { sign, color } = operationWords[step.op];
    const indent = "    ".repeat(depth);
    const id = step.new?.id || step.old?.id;
    return [
      `${indent}${paint(color, `${sign} ${step.type}: (${statusOf(step, preview)})`)}`,
      ...(id === undefined || id === "" ? [] : [`${indent}    [id=${id}]`]),
      `${indent}    [urn=${step.urn}]`,
      ...propertyChangeLines(step, `${indent}    `, paint),
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
    misconfigured: "refused: the configuration has mistakes",
    cancelled: "cancelled; what was done is in the state",
  };
  return outcome === "succeeded"
    ? []
    : [`${paint("red", "error:")} ${doing.toLowerCase()} ${verdicts[outcome]}`];
}
