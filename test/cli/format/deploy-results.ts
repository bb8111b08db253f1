/** Made-up deployments, for the views that show them. */
import type { DeployResult, StepRecord } from "../../../engine/deploy/events";
import { NO_DIFF } from "../../../engine/plan/step";
import { urnType } from "../../../engine/urn";

/** The password in every made-up deployment, which no view may show. */
export const CANARY = "canary-7f3a";

export const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";

/** A resource of PostgreSQL; `below` is the type of its component, ending in `$`. */
export function urn(type: string, name: string, below = ""): string {
  return `urn:pulumi:dev::shop::${below}postgresql:index/${type}:${type}::${name}`;
}

/** A step that was done to a resource. */
export function step(
  op: StepRecord["op"],
  about: string,
  more: Partial<Omit<StepRecord, "op" | "urn">> = {},
): StepRecord {
  return {
    op,
    urn: about,
    type: urnType(about),
    reason: "changed",
    defaultProvider: false,
    diff: NO_DIFF,
    status: "done",
    ...(about === STACK ? {} : { parent: STACK }),
    ...more,
  };
}

export function result(steps: readonly StepRecord[], more: Partial<DeployResult> = {}): DeployResult {
  return {
    outcome: "succeeded",
    steps,
    changes: {},
    outputs: {},
    diagnostics: [],
    unserved: [],
    policies: [],
    ...more,
  };
}
