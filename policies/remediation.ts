/** What can be mended without a human's decision. */
import { labelPlaces } from "./environment-label";
import type { Resource } from "./resource";
import { isList, isMap, type Path, type Value, type ValueMap } from "./value";

/**
 * The properties with the environment's name at every place that is empty, and otherwise as they are. A name that
 * stands there already stays, whichever it is: a wrong one may mean that the resource is in the wrong environment.
 * Nothing is added to what is not known. Returns the same object when there is nothing to add.
 *
 * @param type of a physical resource; of a component nothing may be changed
 */
export function withEnvironmentLabel(type: string, properties: ValueMap, environment: string): ValueMap {
  const [packageName = ""] = type.split(":");
  const provider = { urn: "", type: `pulumi:providers:${packageName}`, name: "", properties: {} };
  const resource: Resource = { urn: "", type, name: "", properties, protect: false, provider };
  return labelPlaces(resource)
    .filter(({ value }) => value === undefined || value === null)
    .reduce<ValueMap>((mended, { path }) => put(mended, path, environment) as ValueMap, properties);
}

/** The value with a text at a path. Maps on the way are made; anything else there stays as it is. */
function put(value: Value | undefined, [part, ...rest]: Path, text: string): Value {
  if (part === undefined) return text;
  if (typeof part === "number") {
    return isList(value) ? value.with(part, put(value[part], rest, text)) : (value ?? []);
  }
  if (value !== undefined && value !== null && !isMap(value)) return value;
  return { ...value, [part]: put(value?.[part], rest, text) };
}
