/** What a deployment tells while it runs, and what it comes to. Plain data, of which everything shown is made. */
import type { ResourceState } from "../checkpoint/state";
import type { Diagnostic } from "../diagnostic";
import type { Outcome } from "../monitor/declaration";
import { isLogical, NO_DIFF, type Reason, type Step, type StepDiff, type StepOp, urnOf } from "../plan/step";
import type { PackJudgement } from "../policy/judgement";
import { equal } from "../property/compare";
import type { PropertyMap } from "../property/values";

/** One step, as it is shown. Properties hold secrets, marked as such. */
export interface StepRecord {
  readonly op: StepOp;
  readonly urn: string;
  readonly type: string;
  readonly reason: Reason;
  readonly parent?: string;
  /** Whether the engine made this provider because a resource named none. */
  readonly defaultProvider: boolean;
  readonly diff: StepDiff;
  readonly old?: Pick<ResourceState, "id" | "inputs" | "outputs">;
  readonly new?: Pick<ResourceState, "id" | "inputs" | "outputs">;
  readonly status: "done" | "failed";
}

/** How a deployment is followed. */
export interface DeployEvents {
  started?(step: Pick<StepRecord, "op" | "urn" | "type">): void;
  finished?(step: StepRecord): void;
  diagnostic?(diagnostic: Diagnostic): void;
}

export interface DeployResult {
  readonly outcome: Outcome;
  /** In the order in which they ended. Steps that only carry out a replacement are among them. */
  readonly steps: readonly StepRecord[];
  /** Steps by operation. Replacements count once, and the engine's own providers do not. */
  readonly changes: Readonly<Partial<Record<StepOp, number>>>;
  /** Stack outputs. */
  readonly outputs: PropertyMap;
  readonly diagnostics: readonly Diagnostic[];
  /** Packages of which resources were taken as they are declared, in a preview. */
  readonly unserved: readonly string[];
  /** What policy packs said, in their order. */
  readonly policies: readonly PackJudgement[];
}

/** The record of a step. */
export function recordOf(
  step: Step,
  state: ResourceState | undefined,
  status: StepRecord["status"],
  defaultProvider: boolean,
): StepRecord {
  const urn = urnOf(step);
  const resource = "new" in step ? step.new : step.old;
  const old = "old" in step ? step.old : undefined;
  return {
    op: step.op,
    urn,
    type: resource.type,
    reason: step.reason,
    ...(resource.parent === undefined ? {} : { parent: resource.parent }),
    defaultProvider,
    diff: "diff" in step ? step.diff : NO_DIFF,
    ...(old === undefined ? {} : { old: shownOf(old) }),
    ...(state === undefined ? {} : { new: shownOf(state) }),
    status,
  };
}

function shownOf({ id, inputs, outputs }: ResourceState): NonNullable<StepRecord["new"]> {
  return { inputs, outputs, ...(id === undefined ? {} : { id }) };
}

/** Counts what was done. A read counts where what it found is not what the state had. */
export function countChanges(steps: readonly StepRecord[]): Partial<Record<StepOp, number>> {
  const counts: Partial<Record<StepOp, number>> = {};
  for (const step of steps) {
    if (step.defaultProvider || step.status === "failed" || !isLogical(step)) continue;
    if (step.op === "read" && !foundOther(step)) continue;
    counts[step.op] = (counts[step.op] ?? 0) + 1;
  }
  return counts;
}

function foundOther({ old, new: after }: StepRecord): boolean {
  return old !== undefined && after !== undefined && !equal(old.outputs, after.outputs);
}

/** Operations after which everything is as it was. */
const QUIET: ReadonlySet<StepOp> = new Set(["same", "read", "discard"]);

/** Whether anything was, or would be, changed. */
export function hasChanges({ changes }: Pick<DeployResult, "changes">): boolean {
  return Object.keys(changes).some((op) => !QUIET.has(op as StepOp));
}
