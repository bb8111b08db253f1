/** What a resource that is read, and not managed, says by its id. */
import { kubernetesKind, type Resource } from "../resource";
import type { ValueMap } from "../value";
import { namingProperty } from "./declared-claims";
import type { ReadResource } from "./landscape";

const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/**
 * The resource with the properties that its id stands for, so that names in it are found as everywhere else;
 * undefined when its id says nothing. Sources: the ids that the providers document for import.
 */
export function namedById(read: ReadResource): Resource | undefined {
  const { id, ...resource } = read;
  if (typeof id !== "string" || id === "" || resource.type === STACK_REFERENCE) return undefined;
  return { ...resource, properties: propertiesOf(resource, id) };
}

function propertiesOf({ type }: Resource, id: string): ValueMap {
  if (kubernetesKind({ type }) !== undefined) {
    const [name = "", namespace] = id.split("/").reverse();
    return { metadata: namespace === undefined ? { name } : { name, namespace } };
  }
  // ARNs, and paths in Vault as its API has them, are found in any text.
  if (id.startsWith("arn:") || /^vault:(?:kv|generic)\//.test(type)) return { path: id };
  const naming = namingProperty(type);
  // `auth/kubernetes/role/keybuzz-dev-api`
  if (naming !== undefined) return { [naming]: type.startsWith("vault:") ? lastPart(id) : id };
  // `keybuzz_dev.public`: a schema, an extension or a function of a database.
  if (type.startsWith("postgresql:")) return { database: id.split(".", 1)[0] ?? "" };
  return { id };
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** The stack that a stack reference reads: `organization/project/prod`, or `prod` of the same project. */
export function stackRead(
  resource: ReadResource,
): { readonly whole: string; readonly name: string } | undefined {
  if (resource.type !== STACK_REFERENCE) return undefined;
  const whole = resource.id ?? resource.properties.name;
  return typeof whole === "string" ? { whole, name: lastPart(whole) } : undefined;
}
