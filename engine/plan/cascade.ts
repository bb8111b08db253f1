/**
 * What must be deleted with a resource that is deleted before it is made anew: dependents that cannot live with
 * another one. Rules: pulumi/pulumi, step_generator.go (calculateDependentReplacements).
 */
import type { ResourceState } from "../checkpoint/state";
import { type PropertyMap, UNKNOWN } from "../property/values";
import { referencedUrn } from "../provider-reference";
import { askForDifference, withReplaceOnChanges } from "./difference";
import type { Progress } from "./progress";
import type { PlanProviders } from "./providers";

/** A dependent, and the properties for which it is made anew. */
export interface Dependent {
  readonly state: ResourceState;
  readonly keys: readonly string[];
}

/** The dependents to delete, in the order in which they depend on each other. */
export async function dependentsToReplace(
  root: ResourceState,
  progress: Progress,
  providers: PlanProviders,
): Promise<Dependent[]> {
  const replaced = new Set([root.urn]);
  // With what is only to be deleted: what took its place stays, but another leftover may need it.
  const gone = new Set([root.urn]);
  const found: Dependent[] = [];
  for (const state of progress.graph.dependents(root, (urn) => !progress.isUntouched(urn))) {
    const isLeftover = state.delete === true;
    const keys = await reasonToReplace(state, isLeftover ? gone : replaced, providers);
    if (keys === undefined) continue;
    found.push({ state, keys });
    // It is read again, and what is read is as it was.
    if (state.external === true) continue;
    gone.add(state.urn);
    if (!isLeftover) replaced.add(state.urn);
  }
  const companions = [...progress.old.values()].filter(
    (state) =>
      !replaced.has(state.urn) &&
      progress.isUntouched(state.urn) &&
      (state.deletedWith === root.urn || state.replaceWith?.includes(root.urn) === true),
  );
  return [...found, ...companions.map((state) => ({ state, keys: [] }))];
}

/** The properties for which a state cannot live on; undefined when it can. */
async function reasonToReplace(
  state: ResourceState,
  replaced: ReadonlySet<string>,
  providers: PlanProviders,
): Promise<readonly string[] | undefined> {
  if (!state.custom) return undefined;
  const { provider, deletedWith } = state;
  const isProviderGone = provider !== undefined && replaced.has(referencedUrn(provider));
  // What is read through a provider that is gone would keep the state from being written.
  if (state.external === true) return isProviderGone ? [] : undefined;
  // It is gone already, perhaps with its provider, and is made anew in any case.
  if (state.pendingReplacement === true && state.delete !== true) return [];
  if (isProviderGone) {
    await providers.ensure(provider);
    return [];
  }
  // It goes with the other one, whatever its inputs say; a state that kept it would tell of nothing.
  if (deletedWith !== undefined && replaced.has(deletedWith)) return [];
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
