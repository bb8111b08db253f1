/**
 * What a list of resources must hold for the official CLI to take it. Every problem is reported, in the order of the
 * list. Source: pulumi/pulumi, pkg/resource/deploy/snapshot.go, VerifyIntegrity.
 *
 * 1. Every resource has a URN and a type; only a custom one has an id.
 * 2. A provider has a provider's URN and an id, so that it can be referred to.
 * 3. A resource's provider, by URN and id, stands before it, unless the resource is pending replacement.
 * 4. Its parent, dependencies, property dependencies, deletedWith and replaceWith stand before it.
 * 5. Of the resources with one URN, all or all but one are to be deleted.
 *
 * The magic number of the manifest is checked where the file is read (checkpoint-file.ts).
 */
import { isProviderType, parseUrn, urnType } from "../urn";
import type { ResourceState } from "./state";

/** Every way in which the list is not in order; empty when it is. */
export function integrityProblems(resources: readonly ResourceState[]): string[] {
  const all = new Set(resources.map(({ urn }) => urn));
  const earlier = new Set<string>();
  const providers = new Set<string>();
  const problems: string[] = [];
  for (const [index, state] of resources.entries()) {
    const subject = state.urn === "" ? `resource ${index}` : state.urn;
    const report = (problem: string): void => void problems.push(`${subject}: ${problem}`);
    for (const problem of formProblems(state)) report(problem);
    if (isProviderType(state.type)) providers.add(`${state.urn}::${state.id ?? ""}`);
    const provider = providerProblem(state, providers, all);
    if (provider !== undefined) report(provider);
    for (const [role, urn] of references(state)) {
      if (earlier.has(urn)) continue;
      report(`its ${role} ${urn} ${all.has(urn) ? "comes after it" : "is missing"}`);
    }
    earlier.add(state.urn);
  }
  return [...problems, ...duplicates(resources)];
}

function* formProblems({ urn, type, custom, id }: ResourceState): Iterable<string> {
  if (urn === "") yield "has no urn";
  if (type === "") yield "has no type";
  if (!custom && id !== undefined && id !== "") yield "has an id although it is not custom";
  if (!isProviderType(type)) return;
  if (!isProviderUrn(urn)) yield "is a provider whose URN is not a provider's";
  if (id === undefined || id === "") yield "is a provider without an id";
}

function providerProblem(
  { provider, pendingReplacement }: ResourceState,
  providers: ReadonlySet<string>,
  all: ReadonlySet<string>,
): string | undefined {
  if (provider === undefined || provider === "") return undefined;
  const end = provider.lastIndexOf("::");
  const urn = provider.slice(0, Math.max(end, 0));
  if (!isProviderUrn(urn)) return `its provider ${provider} is not of the form <urn of a provider>::<id>`;
  if (pendingReplacement === true || providers.has(provider)) return undefined;
  return `its provider ${provider} ${all.has(urn) ? "has another id or comes after it" : "is missing"}`;
}

function isProviderUrn(urn: string): boolean {
  try {
    return parseUrn(urn).name !== "" && isProviderType(urnType(urn));
  } catch {
    return false;
  }
}

/** Everything but the provider that a resource refers to, and as what. */
function* references(state: ResourceState): Iterable<readonly [role: string, urn: string]> {
  if (state.parent) yield ["parent", state.parent];
  for (const urn of state.dependencies) yield ["dependency", urn];
  for (const [property, urns] of Object.entries(state.propertyDependencies)) {
    for (const urn of urns) yield [`dependency of property ${property}`, urn];
  }
  if (state.deletedWith) yield ["deletedWith", state.deletedWith];
  for (const urn of state.replaceWith ?? []) yield ["replaceWith", urn];
}

function duplicates(resources: readonly ResourceState[]): string[] {
  const staying = new Map<string, number>();
  for (const state of resources) {
    if (state.delete !== true) staying.set(state.urn, (staying.get(state.urn) ?? 0) + 1);
  }
  return [...staying]
    .filter(([, count]) => count > 1)
    .map(([urn, count]) => `${urn}: stands ${count} times without being marked for deletion`);
}
