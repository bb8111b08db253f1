/** Operations of a deployment in Pulumi's words and signs: what will be done, and what was done. */
import type { StepOp } from "../../engine/plan/step";
import type { Paint } from "./color";

/** How an operation is shown. */
export interface OperationWords {
  readonly sign: string;
  readonly color: Parameters<Paint>[0];
  /** What a preview says. */
  readonly plan: string;
  /** What a deployment says of it once done. */
  readonly done: string;
  /** `2 to create`, or with `done` `2 created`; absent where the plan word serves. */
  readonly counted?: string;
}

export const operationWords: Readonly<Record<StepOp, OperationWords>> = {
  same: { sign: " ", color: "dim", plan: "", done: "unchanged" },
  create: { sign: "+", color: "green", plan: "create", done: "created" },
  update: { sign: "~", color: "yellow", plan: "update", done: "updated" },
  replace: { sign: "+-", color: "magenta", plan: "replace", done: "replaced" },
  "create-replacement": {
    sign: "++",
    color: "green",
    plan: "create replacement",
    done: "created replacement",
  },
  delete: { sign: "-", color: "red", plan: "delete", done: "deleted" },
  "delete-replaced": { sign: "--", color: "red", plan: "delete original", done: "deleted original" },
  read: { sign: ">", color: "cyan", plan: "read", done: "read" },
  "read-replacement": {
    sign: ">>",
    color: "cyan",
    plan: "read for replacement",
    done: "read for replacement",
  },
  discard: { sign: "<", color: "red", plan: "discard", done: "discarded" },
  "discard-replaced": { sign: "<<", color: "red", plan: "discard original", done: "discarded original" },
  "remove-pending-replace": { sign: "~", color: "dim", plan: "forget", done: "forgotten" },
  import: { sign: "=", color: "cyan", plan: "import", done: "imported" },
  "import-replacement": {
    sign: "=>",
    color: "cyan",
    plan: "import replacement",
    done: "imported replacement",
  },
  refresh: { sign: "~", color: "cyan", plan: "refresh", done: "refreshed" },
};
