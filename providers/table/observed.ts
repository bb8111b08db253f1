/**
 * What Read, Create and Update answer, made of what was observed and what was known. A value keeps the spelling
 * that is known where the server means the same by it; a field that cannot be observed keeps its value.
 */
import { type PropertyMap, type PropertyValue, UNKNOWN } from "../../engine/provider/values";
import { sameValue } from "./diff";
import { plain } from "./plain";
import { DEFAULTS, type Field, inputFields, isEmpty, type ResourceTable } from "./table";

/** The outputs of an object that was observed. All values plain. */
export function observedOutputs(
  table: ResourceTable,
  observed: PropertyMap,
  known: PropertyMap | undefined,
): PropertyMap {
  return pick(table, (name, field) => {
    const before = known?.[name];
    if (field.unobserved === true) return before ?? field.default;
    const now = observed[name];
    return before !== undefined && sameValue(field, before, now) ? before : now;
  });
}

/** The outputs that inputs are expected to lead to. Values that the server will choose stay or become unknown. */
export function expectedOutputs(
  table: ResourceTable,
  inputs: PropertyMap,
  old: PropertyMap | undefined,
): PropertyMap {
  return pick(table, (name, field) => {
    const chosen = field.computed === true || field.outputOnly === true;
    return inputs[name] ?? field.default ?? (chosen ? (old?.[name] ?? UNKNOWN) : undefined);
  });
}

/** The inputs of a refreshed resource: the keys that it had, each with its old value while that still holds. */
export function refreshedInputs(
  table: ResourceTable,
  inputs: PropertyMap,
  outputs: PropertyMap,
): PropertyMap {
  const refreshed: Record<string, PropertyValue> = {};
  const drifted = new Set<string>();
  for (const [name, input] of Object.entries(inputs)) {
    const field = table.fields[name];
    const output = outputs[name];
    if (field === undefined || stillHolds(field, plain(input), output)) refreshed[name] = input;
    else {
      drifted.add(name);
      if (output !== undefined) refreshed[name] = output;
    }
  }
  const defaults = inputs[DEFAULTS];
  if (Array.isArray(defaults)) refreshed[DEFAULTS] = defaults.filter((name) => !drifted.has(String(name)));
  return refreshed;
}

/** The inputs of an imported resource, as Check would leave what a program gives for it. */
export function importedInputs(table: ResourceTable, outputs: PropertyMap): PropertyMap {
  const inputs: Record<string, PropertyValue> = {};
  const defaults: string[] = [];
  for (const [name, field] of inputFields(table)) {
    const output = outputs[name];
    const isDefault = field.default !== undefined && sameValue(field, output, field.default);
    if (isDefault && table.defaultsStandIn === "outputs") continue;
    if (isDefault) defaults.push(name);
    if (isDefault && field.default !== undefined) inputs[name] = field.default;
    else if (output !== undefined && (!isEmpty(output) || field.required === true)) inputs[name] = output;
  }
  return { ...inputs, [DEFAULTS]: defaults.sort() };
}

function stillHolds(field: Field, input: PropertyValue, output: PropertyValue | undefined): boolean {
  if (field.writeOnly === true || field.unobserved === true) return true;
  // The input leaves the choice to the server.
  if (field.computed === true && field.normalise?.(input) === null) return true;
  return sameValue(field, input, output);
}

function pick(
  table: ResourceTable,
  choose: (name: string, field: Field) => PropertyValue | undefined,
): PropertyMap {
  const picked: Record<string, PropertyValue> = {};
  for (const [name, field] of Object.entries(table.fields)) {
    const value = field.writeOnly === true ? undefined : choose(name, field);
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
