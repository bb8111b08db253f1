/** Writes what a remediation changed into the properties as @pulumi/policy handed them over. */
import { isList, isMap, type Value } from "../value";

/**
 * Sets what differs between two forms of the same properties, and touches nothing else: what was secret stays
 * secret, and what is not known is not read.
 */
export function writeChanges(holder: object, before: Value, after: Value): void {
  if (!isMap(after) && !isList(after)) return;
  for (const [key, value] of Object.entries(after)) {
    const old =
      isMap(before) || isList(before) ? (before as Readonly<Record<string, Value>>)[key] : undefined;
    if (old === value) continue;
    if ((isMap(old) && isMap(value)) || (isList(old) && isList(value))) {
      writeChanges(Reflect.get(holder, key) as object, old, value);
    } else {
      Reflect.set(holder, key, value);
    }
  }
}
