/**
 * A deployment as one JSON document, described in docs/deploy-json.md: the steps in the form of
 * `pulumi preview --json`, so that what reads that can read this.
 */
import type { DeployResult, StepRecord } from "../../engine/deploy/events";
import type { DeployKind } from "./deploy-text";
import { withoutSecrets } from "./properties";
import { marked, secretKeys } from "./step-secrets";

/** Raised when the form changes in a way that readers must know of. */
const FORMAT_VERSION = 1;

export interface DeployJsonOptions {
  readonly kind: DeployKind;
  readonly preview: boolean;
  readonly project: string;
  readonly environment: string;
  readonly seconds: number;
}

/** The whole document, ending in a line break. */
export function deployJson(result: DeployResult, options: DeployJsonOptions): string {
  const { kind, preview, project, environment, seconds } = options;
  const document = {
    version: FORMAT_VERSION,
    kind,
    preview,
    project,
    environment,
    outcome: result.outcome,
    steps: result.steps.filter(({ defaultProvider }) => !defaultProvider).map(stepJson),
    outputs: withoutSecrets(result.outputs),
    diagnostics: result.diagnostics,
    unserved: result.unserved,
    policies: result.policies.map(({ name, version, violations, undetermined }) => ({
      name,
      version,
      violations,
      undetermined,
    })),
    changeSummary: result.changes,
    // Nanoseconds, as Pulumi writes it.
    duration: Math.round(seconds * 1e9),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function stepJson(step: StepRecord): object {
  const { op, urn, type, reason, parent, diff, old, new: after, status } = step;
  const detailed = Object.entries(diff.detailed);
  const hidden = secretKeys(step);
  return {
    op,
    urn,
    type,
    reason,
    status,
    ...(parent === undefined ? {} : { parent }),
    ...(old === undefined ? {} : { oldState: stateJson(old, hidden) }),
    ...(after === undefined ? {} : { newState: stateJson(after, hidden) }),
    ...(diff.changes.length === 0 ? {} : { diffReasons: diff.changes }),
    ...(diff.replaces.length === 0 ? {} : { replaceReasons: diff.replaces }),
    ...(detailed.length === 0 ? {} : { detailedDiff: diff.detailed }),
  };
}

function stateJson(
  { id, inputs, outputs }: NonNullable<StepRecord["new"]>,
  hidden: ReadonlySet<string>,
): object {
  return {
    ...(id === undefined || id === "" ? {} : { id }),
    inputs: withoutSecrets(marked(inputs, hidden)),
    outputs: withoutSecrets(marked(outputs, hidden)),
  };
}
