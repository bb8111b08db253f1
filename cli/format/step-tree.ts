/** The steps of a deployment as the tree that the parents of their resources make of them. */
import type { DeployResult, StepRecord } from "../../engine/deploy/events";
import { isLogical } from "../../engine/plan/step";
import { parseUrn } from "../../engine/urn";

/** A step, and those of the resources below its resource. */
export interface StepNode {
  readonly step: StepRecord;
  readonly children: readonly StepNode[];
}

/**
 * What is shown: everything but what stays as it is, and the engine's own providers; each replacement once, unless a
 * part of it failed. A step stands below the nearest ancestor that is shown. Siblings are sorted by type and name,
 * because the order in which steps end is a matter of timing.
 */
export function stepTree(result: Pick<DeployResult, "steps">): StepNode[] {
  const parents = new Map(result.steps.map(({ urn, parent }) => [urn, parent]));
  const shown = result.steps.filter(isShown);
  const urns = new Set(shown.map(({ urn }) => urn));
  const above = (urn: string): string | undefined => {
    let parent = parents.get(urn);
    while (parent !== undefined && !urns.has(parent)) parent = parents.get(parent);
    return parent;
  };
  const below = new Map<string | undefined, StepRecord[]>();
  for (const step of shown) {
    const parent = above(step.urn);
    below.set(parent, [...(below.get(parent) ?? []), step]);
  }
  const nodesBelow = (parent: string | undefined): StepNode[] => {
    const visited = new Set<string>();
    return (below.get(parent) ?? []).sort(byTypeAndName).map((step) => {
      // A resource with several steps has its children below the first.
      const children = visited.has(step.urn) ? [] : nodesBelow(step.urn);
      visited.add(step.urn);
      return { step, children };
    });
  };
  return nodesBelow(undefined);
}

function isShown(step: StepRecord): boolean {
  return !step.defaultProvider && step.op !== "same" && (isLogical(step) || step.status === "failed");
}

function byTypeAndName(a: StepRecord, b: StepRecord): number {
  const key = ({ type, urn }: StepRecord): string => `${type} ${parseUrn(urn).name}`;
  const [left, right] = [key(a), key(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
