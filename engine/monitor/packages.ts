/** The provider packages of a run: which one serves a resource, and which provider a resource names or inherits. */
import { isProviderType, packageOf } from "../urn";
import type { ResourceOptions } from "./declaration";
import type { PackageDescriptor, Registration } from "./requests";

export class Packages {
  readonly #byReference = new Map<string, PackageDescriptor>();

  /** Remembers a package; the same package always gets the same reference. */
  register(descriptor: PackageDescriptor): string {
    const reference = [descriptor.name, descriptor.version, descriptor.pluginDownloadUrl].join("@");
    this.#byReference.set(reference, descriptor);
    return reference;
  }

  /** The package of a type or of a function's token. */
  of(
    token: string,
    packageRef: string,
    options: Pick<ResourceOptions, "version" | "pluginDownloadUrl">,
  ): PackageDescriptor {
    return (
      this.#byReference.get(packageRef) ?? {
        name: packageOf(token),
        version: options.version ?? "",
        pluginDownloadUrl: options.pluginDownloadUrl ?? "",
      }
    );
  }
}

/** What a resource's parent hands down. */
export interface Parent {
  readonly type: string;
  readonly custom: boolean;
  readonly provider?: string;
  readonly providers: Readonly<Record<string, string>>;
}

/**
 * The provider that a resource names, or that its parent hands down; undefined when the package's default one is to
 * serve it. Only custom and remote resources have one.
 */
export function namedProvider(
  request: Pick<Registration, "provider">,
  packageName: string,
  parent: Parent | undefined,
): string | undefined {
  return request.provider || parent?.providers[packageName] || sibling(packageName, parent);
}

/** Whether a resource is served by a provider at all. */
export function isServed({
  type,
  custom,
  remote,
}: Pick<Registration, "type" | "custom" | "remote">): boolean {
  return !isProviderType(type) && (custom || remote);
}

/** A custom parent's provider serves its children of the same package. */
function sibling(packageName: string, parent: Parent | undefined): string | undefined {
  if (parent === undefined || !parent.custom || packageOf(parent.type) !== packageName) return undefined;
  return parent.provider;
}
