/**
 * What a registration says of dependencies, around the transforms of a resource. Before them each property
 * carries the dependencies that were told beside it, so that they go where a transform puts its value; after them
 * they are read off the values again. A value that the program's SDK sends back comes without them: they are then
 * known of the whole resource only, in Pulumi's engine as here.
 */
import * as ResourcePb from "@pulumi/pulumi/proto/resource_pb";
import {
  isMap,
  isSecret,
  isUnknown,
  mapEntries,
  OUTPUT_SIGNATURE,
  outputDependencies,
  type PropertyValue,
  SIGNATURE_KEY,
} from "../property/values";
import { propertiesFrom, structFrom } from "./wire";

/** Moves the dependencies of each property into its value. */
export function attachDependencies(message: ResourcePb.RegisterResourceRequest): void {
  const told = message.getPropertydependenciesMap();
  const silent = told.getLength() === 0 && !message.getRemote();
  const properties = mapEntries(propertiesFrom(message.getObject()), (value, key) =>
    dependent(value, silent ? message.getDependenciesList() : (told.get(key)?.getUrnsList() ?? [])),
  );
  message.setObject(structFrom(properties));
}

/** Tells the dependencies of each property, and of the resource, as its values have them. */
export function tellDependencies(message: ResourcePb.RegisterResourceRequest): void {
  const all = new Set(message.getDependenciesList());
  const told = message.getPropertydependenciesMap();
  told.clear();
  for (const [key, value] of Object.entries(propertiesFrom(message.getObject()))) {
    const urns = [...outputDependencies(value)];
    told.set(key, new ResourcePb.RegisterResourceRequest.PropertyDependencies().setUrnsList(urns));
    for (const urn of urns) all.add(urn);
  }
  message.setDependenciesList([...all]);
}

/** An output of the value that depends on the resources, if it does not say so already. */
function dependent(value: PropertyValue, urns: readonly string[]): PropertyValue {
  const known = outputDependencies(value);
  if (urns.every((urn) => known.has(urn))) return value;
  const dependencies = [...new Set([...known, ...urns])];
  if (isMap(value) && value[SIGNATURE_KEY] === OUTPUT_SIGNATURE) return { ...value, dependencies };
  const output = { [SIGNATURE_KEY]: OUTPUT_SIGNATURE, dependencies };
  if (isUnknown(value)) return output;
  return isSecret(value) ? { ...output, value: value.value, secret: true } : { ...output, value };
}
