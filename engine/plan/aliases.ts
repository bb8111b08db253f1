/**
 * The URNs that a resource may have had: those that its program names, and those that follow from its parent having
 * had another. Rules: pulumi/pulumi, pkg/resource/deploy/step_generator.go (generateAliases).
 */
import type { AliasSpec } from "../monitor/requests";
import { makeUrn, parseUrn, STACK_TYPE, urnType } from "../urn";
import type { Goal } from "./goal";

/** Where a stack's resources are named. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

/**
 * Former URNs of a resource, in the order in which they are tried.
 *
 * @param matched the former URN under which a resource of this run was found, by its present one
 */
export function formerUrns(
  goal: Goal,
  place: StackName,
  matched: (urn: string) => string | undefined,
): string[] {
  const named = goal.aliases.map((alias) => urnOfAlias(alias, goal, place, matched));
  const { parent } = goal;
  const formerParent = parent === undefined ? undefined : matched(parent);
  if (parent === undefined || formerParent === undefined) return [...new Set(named)];
  const parentName = parseUrn(parent).name;
  const inherited = [{ type: goal.type, name: goal.name }, ...named.map(typeAndName)].map(({ type, name }) =>
    childOfFormer(type, name, parentName, formerParent, place),
  );
  return [...new Set([...named, ...inherited])];
}

function urnOfAlias(
  alias: AliasSpec,
  goal: Goal,
  place: StackName,
  matched: (urn: string) => string | undefined,
): string {
  if ("urn" in alias) return alias.urn;
  const told = alias.parent === undefined ? goal.parent : (matched(alias.parent) ?? alias.parent);
  const parent = alias.noParent || told === undefined || urnType(told) === STACK_TYPE ? "" : told;
  const { name = goal.name, type = goal.type, stack = place.stack, project = place.project } = alias;
  return makeUrn(stack, project, parent, type, name);
}

/** A child that carries its parent's name is taken to have carried its former one. */
function childOfFormer(
  type: string,
  name: string,
  parentName: string,
  formerParent: string,
  { stack, project }: StackName,
): string {
  const former = parseUrn(formerParent).name;
  const formerName = name.startsWith(parentName) ? former + name.slice(parentName.length) : name;
  return makeUrn(stack, project, formerParent, type, formerName);
}

function typeAndName(urn: string): { type: string; name: string } {
  return { type: urnType(urn), name: parseUrn(urn).name };
}
