/**
 * What is deleted before a resource is made anew: the resource itself, and dependents that cannot live with another
 * one. Rules: pulumi/pulumi, step_generator.go (calculateDependentReplacements).
 */
import type { ResourceState } from "../checkpoint/state";
import { type PropertyMap, UNKNOWN } from "../property/values";
import { referencedUrn } from "../provider-reference";
import { isProviderType } from "../urn";
import { Deletions, type Doomed } from "./deletions";
import { askForDifference, withReplaceOnChanges } from "./difference";
import type { PlannerOptions } from "./options";
import type { Progress } from "./progress";
import type { PlanProviders } from "./providers";
import { refuseProtected } from "./refusals";
import type { DeleteStep, Reason } from "./step";

/** A dependent, and the properties for which it is made anew. */
interface Dependent {
  readonly state: ResourceState;
  readonly keys: readonly string[];
}

interface Dependents {
  /** Those to delete, in the order in which they depend on each other. */
  readonly found: readonly Dependent[];
  /** URNs of those that this run has dealt with already: what they were until then depended on it. */
  readonly after: readonly string[];
}

/**
 * The deletions of a resource, and of what cannot live with another one, last dependents first. A provider itself
 * stays until the end: to delete it is to forget it, and what could not be deleted yet still names it.
 */
export async function deletionsBefore(
  root: ResourceState,
  reason: Reason,
  progress: Progress,
  options: PlannerOptions,
): Promise<DeleteStep[]> {
  const { providers } = options;
  const { deleted, condemned, superseded, dependentKeys } = progress;
  const none: Dependents = { found: [], after: [] };
  const { found, after } = progress.graph.has(root)
    ? await dependentsToReplace(root, progress, providers)
    : none;
  // What is gone already may have outlived its provider.
  if (root.provider !== undefined && root.pendingReplacement !== true) await providers.ensure(root.provider);
  const isLeftover = (state: ResourceState): boolean => state.delete === true || superseded.has(state);
  for (const { state } of found) {
    if (state.protect === true && !isLeftover(state)) refuseProtected(state.urn, root.urn, options);
  }
  const doomed: Doomed[] = [];
  const own = isProviderType(root.type) ? [] : [{ state: root, keys: [] }];
  for (const { state, keys } of [...own, ...found].reverse()) {
    condemned.add(state);
    if (state.pendingReplacement !== true) {
      const why = isLeftover(state) ? "superseded" : state === root ? reason : "dependency-replaced";
      doomed.push({ state, reason: why, awaitsReplacement: !isLeftover(state) });
    }
    // The resource that took the place of a leftover has the same URN, and stays.
    if (state === root || isLeftover(state)) continue;
    dependentKeys.set(state.urn, keys);
    deleted.add(state.urn);
  }
  const steps = new Deletions(doomed, progress).steps();
  return after.length === 0 ? steps : steps.map((step) => ({ ...step, after }));
}

async function dependentsToReplace(
  root: ResourceState,
  progress: Progress,
  providers: PlanProviders,
): Promise<Dependents> {
  const replaced = new Set([root.urn]);
  // With what is only to be deleted: what took its place stays, but another leftover may need it.
  const gone = new Set([root.urn]);
  const found: Dependent[] = [];
  const after: string[] = [];
  for (const state of progress.graph.dependents(root)) {
    // Another plan deletes it, and the deletion of the root waits for that.
    if (progress.condemned.has(state)) continue;
    const isSuperseded = progress.superseded.has(state);
    const isLeftover = state.delete === true || isSuperseded;
    const keys = await reasonToReplace(state, root, isLeftover ? gone : replaced, providers);
    if (keys === undefined) continue;
    const isDone = !isLeftover && !progress.isUntouched(state.urn);
    if (isDone || isSuperseded) after.push(progress.presentUrn(state.urn));
    if (isDone) continue;
    gone.add(state.urn);
    if (!isLeftover) replaced.add(state.urn);
    found.push({ state, keys });
  }
  return { found, after };
}

/** The properties for which a state cannot live on; undefined when it can. */
async function reasonToReplace(
  state: ResourceState,
  root: ResourceState,
  replaced: ReadonlySet<string>,
  providers: PlanProviders,
): Promise<readonly string[] | undefined> {
  const { provider, deletedWith, replaceWith } = state;
  if (state.external === true) return undefined;
  if (replaceWith?.includes(root.urn) === true) return [];
  // It goes with the other one, whatever its inputs say; a state that kept it would tell of nothing.
  if (deletedWith !== undefined && replaced.has(deletedWith)) return [];
  if (!state.custom) return undefined;
  // It is gone already, perhaps with its provider, and is made anew in any case.
  if (state.pendingReplacement === true && state.delete !== true) return [];
  if (provider !== undefined && replaced.has(referencedUrn(provider))) {
    await providers.ensure(provider);
    return [];
  }
  const inputs = withUnknowns(state, replaced);
  if (inputs === undefined) return undefined;
  if (provider !== undefined) await providers.ensure(provider);
  const advisor = await providers.advisorOf(state);
  const asked = await askForDifference(advisor, state, inputs, state.ignoreChanges ?? []);
  const difference = withReplaceOnChanges(asked, state.replaceOnChanges ?? [], false);
  return difference.replace ? difference.replaces : undefined;
}

/** The inputs with those unknown that depend on what is replaced; undefined when none does. */
function withUnknowns(state: ResourceState, replaced: ReadonlySet<string>): PropertyMap | undefined {
  let depends = false;
  const inputs = Object.entries(state.inputs).map(([key, value]) => {
    const affected = (state.propertyDependencies[key] ?? []).some((urn) => replaced.has(urn));
    depends ||= affected;
    return [key, affected ? UNKNOWN : value];
  });
  return depends ? Object.fromEntries(inputs) : undefined;
}
