/** References of providers: `<urn>::<id>`. */
import { UNKNOWN } from "./property/values";

/** Reference of a provider that is not yet deployed. */
export function plannedReference(urn: string): string {
  return providerReference(urn, UNKNOWN);
}

export function providerReference(urn: string, id: string): string {
  return `${urn}::${id}`;
}

/** URN of the provider that a reference names. A URN may contain `::`, an id does not. */
export function referencedUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** Id of the provider that a reference names. */
export function referencedId(reference: string): string {
  return reference.slice(reference.lastIndexOf("::") + 2);
}
