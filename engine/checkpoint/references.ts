/**
 * References between the resources of a checkpoint, when what they name has another name now or is gone. States
 * that need no change stay the same objects.
 */
import { makeUrn, parseUrn, STACK_TYPE, urnType } from "../urn";
import type { ResourceState } from "./state";

/**
 * Resources by their current URNs: what refers to an alias refers to the resource that has it, and a child's URN
 * follows its parent's. Aliases are not kept; whoever needs them has the program.
 *
 * Source: pulumi/pulumi, pkg/resource/deploy/snapshot.go, NormalizeURNReferences.
 */
export function withCurrentNames(resources: readonly ResourceState[]): readonly ResourceState[] {
  if (!resources.some(({ aliases }) => aliases !== undefined)) return resources;
  const current = new Map<string, string>();
  for (const state of resources) {
    for (const alias of state.aliases ?? []) current.set(alias, state.urn);
    const parent = current.get(state.parent ?? "");
    if (parent === undefined || parseUrn(parent).qualifiedType === STACK_TYPE) continue;
    const { stack, project, name } = parseUrn(state.urn);
    const moved = makeUrn(stack, project, parent, urnType(state.urn), name);
    if (moved !== state.urn) current.set(state.urn, moved);
  }
  return resources.map((state) => {
    const { aliases, ...rest } = renamed(state, (urn) => current.get(urn) ?? urn);
    return aliases === undefined && rest.urn === state.urn && same(rest, state) ? state : rest;
  });
}

/** Whether the references of two states of one resource are the same objects. */
function same(a: ResourceState, b: ResourceState): boolean {
  return (
    a.parent === b.parent &&
    a.provider === b.provider &&
    a.deletedWith === b.deletedWith &&
    a.dependencies === b.dependencies &&
    a.propertyDependencies === b.propertyDependencies &&
    a.replaceWith === b.replaceWith
  );
}

function renamed(state: ResourceState, name: (urn: string) => string): ResourceState {
  const { parent, provider, deletedWith, replaceWith } = state;
  return {
    ...state,
    urn: name(state.urn),
    ...(parent === undefined ? {} : { parent: name(parent) }),
    ...(provider === undefined ? {} : { provider: renamedProvider(provider, name) }),
    ...(deletedWith === undefined ? {} : { deletedWith: name(deletedWith) }),
    ...(replaceWith === undefined ? {} : { replaceWith: changedList(replaceWith, (urn) => [name(urn)]) }),
    dependencies: changedList(state.dependencies, (urn) => [name(urn)]),
    propertyDependencies: changedLists(state.propertyDependencies, (urn) => [name(urn)]),
  };
}

function renamedProvider(reference: string, name: (urn: string) => string): string {
  const end = reference.lastIndexOf("::");
  return name(reference.slice(0, end)) + reference.slice(end);
}

/**
 * Resources without references to what is gone, as a refresh leaves them. A child of a removed resource has no parent
 * any more and keeps the URN that it has, so that the next deployment finds it; a provider that is gone stays named,
 * because nothing can take its place. Properties that depend on nothing have no entry.
 *
 * Source: pulumi/pulumi, pkg/engine/test_journal.go, FilterRefreshDeletes; seen with its CLI.
 */
export function withoutDangling(resources: readonly ResourceState[]): readonly ResourceState[] {
  const earlier = new Set<string>();
  return resources.map((state) => {
    const kept = pruned(state, earlier);
    earlier.add(state.urn);
    return kept;
  });
}

function pruned(state: ResourceState, earlier: ReadonlySet<string>): ResourceState {
  const standing = (urn: string): string[] => (earlier.has(urn) ? [urn] : []);
  const { parent, deletedWith, replaceWith, ...rest } = state;
  const dependencies = changedList(state.dependencies, standing);
  const propertyDependencies = withoutEmpty(changedLists(state.propertyDependencies, standing));
  const keptReplaceWith = replaceWith === undefined ? undefined : changedList(replaceWith, standing);
  const keptParent = parent !== undefined && earlier.has(parent) ? parent : undefined;
  const keptDeletedWith = deletedWith !== undefined && earlier.has(deletedWith) ? deletedWith : undefined;
  const kept: ResourceState = {
    ...rest,
    dependencies,
    propertyDependencies,
    ...(keptParent === undefined ? {} : { parent: keptParent }),
    ...(keptDeletedWith === undefined ? {} : { deletedWith: keptDeletedWith }),
    ...(keptReplaceWith === undefined ? {} : { replaceWith: keptReplaceWith }),
  };
  return same(kept, state) ? state : kept;
}

function withoutEmpty(
  lists: Readonly<Record<string, readonly string[]>>,
): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(lists);
  const full = entries.filter(([, urns]) => urns.length > 0);
  return full.length === entries.length ? lists : Object.fromEntries(full);
}

/** The list with each item replaced by what `change` makes of it; the same list when that changes nothing. */
function changedList(urns: readonly string[], change: (urn: string) => readonly string[]): readonly string[] {
  const changed = urns.flatMap(change);
  return changed.length === urns.length && changed.every((urn, index) => urn === urns[index])
    ? urns
    : changed;
}

function changedLists(
  lists: Readonly<Record<string, readonly string[]>>,
  change: (urn: string) => readonly string[],
): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries(lists).map(([key, urns]) => [key, urns, changedList(urns, change)] as const);
  if (entries.every(([, before, after]) => before === after)) return lists;
  // A property that depends on nothing has no entry then, as the official engine writes it.
  return Object.fromEntries(entries.flatMap(([key, , after]) => (after.length > 0 ? [[key, after]] : [])));
}
