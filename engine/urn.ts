/**
 * Uniform resource names: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`.
 * A name may contain `::`, so a URN is split at most three times.
 */

/** Type of the root resource of every stack. It is not part of its children's qualified type. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

const PROVIDER_TYPE_PREFIX = "pulumi:providers:";

/** The parts of a URN. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Types from the outermost ancestor below the stack to the resource, joined by `$`. */
  readonly qualifiedType: string;
  readonly name: string;
}

/** Makes the URN of a resource. `parent` is the parent's URN, or empty for a root. */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : parseUrn(parent).qualifiedType;
  const qualified = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

/** Splits a URN; throws on text that is none. */
export function parseUrn(urn: string): UrnParts {
  const match = /^urn:pulumi:([^:]*)::((?:(?!::).)*)::((?:(?!::).)*)::(.*)$/s.exec(urn);
  if (!match) {
    throw new Error(`"${urn}" is not a URN; expected urn:pulumi:<stack>::<project>::<type>::<name>`);
  }
  const [, stack = "", project = "", qualifiedType = "", name = ""] = match;
  return { stack, project, qualifiedType, name };
}

/** The resource's own type: the last part of its qualified type. */
export function urnType(urn: string): string {
  const { qualifiedType } = parseUrn(urn);
  return qualifiedType.slice(qualifiedType.lastIndexOf("$") + 1);
}

/** The package of a type token: `aws` of `aws:iam/user:User`. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_TYPE_PREFIX.length) : (type.split(":", 1)[0] ?? "");
}

/** Whether the type is a provider's, `pulumi:providers:<package>`. */
export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_TYPE_PREFIX);
}

/** The type token of a package's provider. */
export function providerType(packageName: string): string {
  return `${PROVIDER_TYPE_PREFIX}${packageName}`;
}

/** Whether a resource is the root of its stack. */
export function isStack({ type, parent }: { readonly type: string; readonly parent?: string }): boolean {
  return type === STACK_TYPE && parent === undefined;
}
