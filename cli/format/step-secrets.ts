/**
 * Which properties of a step are secret. A property that is secret before or after it, as an input or as an output, is
 * shown in none of the four places: an option such as additionalSecretOutputs marks the output alone, and a property
 * that becomes secret was in clear before, though the value is mostly the same.
 */
import type { StepRecord } from "../../engine/deploy/events";
import { isSecret, type PropertyMap, secret } from "../../engine/property/values";

/** Names of top-level properties. */
export function secretKeys({ old, new: after }: Pick<StepRecord, "old" | "new">): Set<string> {
  const all = [old, after].flatMap((state) => [
    ...Object.entries(state?.inputs ?? {}),
    ...Object.entries(state?.outputs ?? {}),
  ]);
  return new Set(all.filter(([, value]) => isSecret(value)).map(([key]) => key));
}

/** The properties, with those of the names marked as secret. */
export function marked(properties: PropertyMap, names: ReadonlySet<string>): PropertyMap {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, names.has(key) ? secret(value) : value]),
  );
}
