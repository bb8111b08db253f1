/** What is recorded before a step that changes something: what a run that is killed may have left half-done. */
import type { OperationType, PendingOperation, ResourceState } from "../checkpoint/state";
import { ProviderError } from "../provider/errors";
import type { Subject } from "../provider/provider";
import { isProviderType, parseUrn } from "../urn";
import type { ProviderRegistry } from "./registry";

export type Intent = PendingOperation;

/** The intent of a step about a resource that a provider keeps; the engine's own leave nothing behind. */
export function intentTo(type: OperationType, resource: ResourceState): Intent | undefined {
  return isProviderType(resource.type) || !resource.custom ? undefined : { type, resource };
}

/**
 * The intent to make a resource. Where its inputs decide what it is called, it is looked for first: an object that is
 * there is nobody's to take, and one that is found after an interruption was made by the run that was interrupted.
 * The id in the intent says so. Throws ProviderError when the object exists.
 */
export async function intentToCreate(
  wanted: ResourceState,
  registry: ProviderRegistry,
): Promise<Intent | undefined> {
  const intent = intentTo("creating", wanted);
  if (intent === undefined || wanted.provider === undefined) return intent;
  const provider = await registry.get(wanted.provider);
  const subject = subjectOf(wanted);
  const trace = await provider.trace({ ...subject, inputs: wanted.inputs });
  if (trace === undefined) return intent;
  if (trace.kind === "nothing") return undefined;
  const { id } = trace;
  const found = await provider.read({ ...subject, id, inputs: undefined, outputs: undefined });
  if (found === undefined) return { ...intent, resource: { ...wanted, id } };
  throw new ProviderError(
    `${wanted.type} "${id}" exists already, and this stack does not own it; take it over with the resource option ` +
      `import: "${id}", or remove it`,
  );
}

/** Which resource a request to a provider is about. */
export function subjectOf({ urn, type }: Pick<ResourceState, "urn" | "type">): Subject {
  return { urn, type, name: parseUrn(urn).name };
}
