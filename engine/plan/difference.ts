/** Whether a resource differs from its last deployment, and whether the difference needs another resource. */
import type { ResourceState } from "../checkpoint/state";
import { differences, equal } from "../property/compare";
import { contains, parsePath, putBack } from "../property/path";
import type { PropertyMap } from "../property/values";
import type { DiffResponse, PropertyDiff, PropertyDiffKind, Provider } from "../provider/provider";
import { parseUrn } from "../urn";
import { NO_DIFF, type StepDiff } from "./step";

/** What the two states of a resource come to. */
export interface Difference extends StepDiff {
  readonly changed: boolean;
  readonly replace: boolean;
  readonly deleteBeforeReplace: boolean;
}

export const SAME: Difference = { ...NO_DIFF, changed: false, replace: false, deleteBeforeReplace: false };

/** A difference in one thing that needs another resource. */
export function replacedBecauseOf(property: string): Difference {
  return { ...SAME, changed: true, replace: true, replaces: [property] };
}

/** Asks the provider; where it cannot tell, inputs are compared. */
export async function askForDifference(
  provider: Pick<Provider, "diff">,
  old: ResourceState,
  newInputs: PropertyMap,
  ignoreChanges: readonly string[],
): Promise<Difference> {
  const answer = await provider.diff({
    urn: old.urn,
    type: old.type,
    name: parseUrn(old.urn).name,
    id: old.id ?? "",
    oldInputs: old.inputs,
    oldOutputs: old.outputs,
    newInputs,
    ignoreChanges,
  });
  if (answer.changes !== "unknown") return differenceOf(answer);
  const { inputs } = ignore(ignoreChanges, old.inputs, newInputs);
  const detailed = differences(old.inputs, inputs);
  const found = compareInputs(old.inputs, inputs);
  // A provider that leaves the comparison to the engine may still say what cannot be changed in place.
  const replace = found.changed && needsReplacement(answer.replaces, answer.detailedDiff ?? {});
  return { ...found, ...(replace ? { replace, replaces: answer.replaces } : {}), detailed };
}

/** Components, and what a provider cannot tell apart, differ when their inputs do. */
export function compareInputs(before: PropertyMap, after: PropertyMap): Difference {
  const detailed = differences(before, after);
  const changed = Object.keys(detailed).length > 0;
  return changed ? { ...SAME, changed, changes: topLevel(detailed), detailed } : SAME;
}

/** As compareInputs, but a value that became secret is a change too: the state must hide it. */
export function compareExactly(before: PropertyMap, after: PropertyMap): Difference {
  return equal(before, after) ? SAME : { ...compareInputs(before, after), changed: true };
}

function differenceOf(answer: DiffResponse): Difference {
  const detailed = answer.detailedDiff ?? {};
  return {
    changed: answer.changes === "some",
    replace: needsReplacement(answer.replaces, detailed),
    replaces: answer.replaces,
    changes: answer.diffs.length > 0 ? answer.diffs : topLevel(detailed),
    detailed,
    deleteBeforeReplace: answer.deleteBeforeReplace,
  };
}

function needsReplacement(
  replaces: readonly string[],
  detailed: Readonly<Record<string, PropertyDiff>>,
): boolean {
  return replaces.length > 0 || Object.values(detailed).some(({ kind }) => kind.endsWith("-replace"));
}

function topLevel(detailed: Readonly<Record<string, PropertyDiff>>): string[] {
  return [...new Set(Object.keys(detailed).map((path) => String(parsePath(path)?.[0] ?? path)))];
}

/** Stands for what the last deployment left not in order, in a list of replaceOnChanges. */
const INIT_ERROR = "#initerror";

/** The difference, with changes at these paths needing another resource. */
export function withReplaceOnChanges(
  difference: Difference,
  replaceOnChanges: readonly string[],
  notInOrder: boolean,
): Difference {
  if (replaceOnChanges.length === 0 || (!difference.changed && !notInOrder)) return difference;
  const parsed = replaceOnChanges.map((text) => parsePath(text)).filter((path) => path !== undefined);
  const hit = (text: string): boolean => {
    const path = parsePath(text);
    return path !== undefined && parsed.some((wanted) => contains(wanted, path));
  };
  const detailed = Object.fromEntries(
    Object.entries(difference.detailed).map(([path, diff]) => [path, hit(path) ? replacing(diff) : diff]),
  );
  const replaces = new Set([...difference.replaces, ...difference.changes.filter(hit)]);
  const initError = notInOrder && hit(INIT_ERROR);
  if (initError) replaces.add(INIT_ERROR);
  return {
    ...difference,
    changed: difference.changed || initError,
    replaces: [...replaces],
    detailed,
    replace: needsReplacement([...replaces], detailed),
  };
}

function replacing(diff: PropertyDiff): PropertyDiff {
  const kind = diff.kind.endsWith("-replace") ? diff.kind : (`${diff.kind}-replace` as PropertyDiffKind);
  return { ...diff, kind };
}

/** The new inputs with what is ignored as it was. `stuck` names paths of which there is no telling what they were. */
export function ignore(
  ignoreChanges: readonly string[],
  oldInputs: PropertyMap,
  newInputs: PropertyMap,
): { readonly inputs: PropertyMap; readonly stuck: readonly string[] } {
  const stuck: string[] = [];
  let inputs = newInputs;
  for (const text of ignoreChanges) {
    const path = parsePath(text);
    if (path === undefined) continue;
    const reset = putBack(path, oldInputs, inputs);
    if (reset === undefined) stuck.push(text);
    else inputs = reset;
  }
  return { inputs, stuck };
}
