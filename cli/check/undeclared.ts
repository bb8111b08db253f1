/**
 * What a program declares only when a provider answers. kb starts no provider: the objects in manifests and charts,
 * and what is in a component that its provider constructs, are in no declaration, and no rule has judged them.
 */
import type { Declaration, DeclaredResource } from "../../engine/monitor/declaration";
import { isProviderType, STACK_TYPE } from "../../engine/urn";
import { determined } from "../../policies/general/determined";
import type { RawUndetermined } from "./findings";

/** Functions whose results become resources, and the components that call them. Source: @pulumi/kubernetes. */
const MAKING_RESOURCES: Readonly<Record<string, RegExp>> = {
  "kubernetes:yaml:decode": /^kubernetes:yaml:Config(?:File|Group)$/,
  "kubernetes:helm:template": /^kubernetes:helm\.sh\/v\d\w*:Chart$/,
  "kubernetes:kustomize:directory": /^kubernetes:kustomize:Directory$/,
};

/** One answer for each component of which something was not declared; for the stack when no component called. */
export function undeclaredIn({ environment, resources, invokes }: Declaration): RawUndetermined[] {
  const { id: rule } = determined;
  const constructed = resources.filter(({ remote }) => remote);
  const expanded = Object.entries(MAKING_RESOURCES).flatMap(([token, type]) => {
    if (invokes[token] === undefined) return [];
    const callers = resources.filter((each) => isLocalComponent(each) && type.test(each.type));
    return callers.length > 0 ? callers : resources.filter((each) => each.type === STACK_TYPE);
  });
  return [...new Set([...constructed, ...expanded])].map(({ urn }) => ({
    ...{ rule, environment, urn, properties: [] },
    reason: "only a provider can tell what is in it, and kb starts none",
  }));
}

function isLocalComponent({ custom, remote, type }: DeclaredResource): boolean {
  return !custom && !remote && !isProviderType(type);
}
