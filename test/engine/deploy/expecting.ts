/** What tests of deployments expect of every one of them, and how they look at one. */
import { expect } from "vitest";
import type { DeployResult, StepRecord } from "../../../engine/deploy/events";
import type { DeployOptions } from "../../../engine/deploy/options";
import { parseUrn, STACK_TYPE } from "../../../engine/urn";
import { NAMED } from "../support/testing-provider";
import type { Body, Trial } from "./trial";

/** Operations after which there is nothing to do. */
const QUIET = ["same", "read"];

/** Deploys without a complaint, and deploys again: the second time there is nothing to do, and a preview says so. */
export async function settled(
  trial: Trial,
  body: Body,
  changed: Partial<DeployOptions> = {},
): Promise<DeployResult> {
  const first = await trial.up(body, changed);
  expect(first.diagnostics).toEqual([]);
  expect(first.outcome).toBe("succeeded");
  await expectNothingToDo(trial, body);
  return first;
}

/** Deploying the program changes nothing: not in a preview, not in the state, not in the world. */
export async function expectNothingToDo(trial: Trial, body: Body): Promise<void> {
  const { length } = trial.world.journal;
  const shown = await trial.preview(body);
  expect(Object.keys(shown.changes).filter((op) => !QUIET.includes(op))).toEqual([]);
  const again = await trial.up(body);
  expect(again.outcome).toBe("succeeded");
  expect(Object.keys(again.changes).filter((op) => !QUIET.includes(op))).toEqual([]);
  expect(trial.world.journal).toHaveLength(length);
}

/** The steps in order, `create a`; the stack and the engine's own providers left out. */
export function told({ steps }: Pick<DeployResult, "steps">): string[] {
  return steps
    .filter(({ type, defaultProvider }) => type !== STACK_TYPE && !defaultProvider)
    .map(({ op, urn, status }) => `${op} ${nameOf(urn)}${status === "failed" ? " (failed)" : ""}`);
}

/** What exists is what the state has, object for object; what is only read is left out. */
export async function expectWhole(trial: Trial): Promise<void> {
  const { resources } = await trial.state();
  const kept = resources.filter(
    ({ type, pendingReplacement, external }) =>
      type.startsWith("testing:") && !pendingReplacement && !external,
  );
  expect(kept.map(({ id }) => id).sort()).toEqual(trial.world.objects.map(({ id }) => id).sort());
}

/** Puts an object into the world that nobody made here. */
export function stands(trial: Trial, id: string): void {
  trial.world.record({ effect: "created", type: NAMED, id, urn: "", inputs: { name: id } });
}

/** The step about a resource; there must be one. */
export function stepOf(
  { steps }: Pick<DeployResult, "steps">,
  op: StepRecord["op"],
  name: string,
): StepRecord {
  const found = steps.find((step) => step.op === op && nameOf(step.urn) === name);
  if (found === undefined)
    throw new Error(`no ${op} of ${name} among ${steps.map((s) => `${s.op} ${s.urn}`)}`);
  return found;
}

/** What the world went through, in order: `created a`. */
export function happened(trial: Trial, since = 0): string[] {
  return trial.world.journal.slice(since).map(({ effect, urn }) => `${effect} ${nameOf(urn)}`);
}

/** Messages of a severity. */
export function messages(
  { diagnostics }: Pick<DeployResult, "diagnostics">,
  severity: "error" | "warning" | "info" = "error",
): string[] {
  return diagnostics.filter((told) => told.severity === severity).map(({ message }) => message);
}

export function nameOf(urn: string): string {
  return parseUrn(urn).name;
}
