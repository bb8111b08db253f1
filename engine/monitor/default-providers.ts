/**
 * The providers that the engine makes for resources that name none: one per package, version and download
 * address, configured from the environment's configuration. facts: a default provider is a root without parent,
 * its inputs are always strings.
 */
import { parse } from "semver";
import { type PropertyMap, secret } from "../property/values";
import { isProviderType, providerType } from "../urn";
import type { PackageDescriptor, Registration } from "./requests";

/** Providers whose code is the program's own: they get the whole configuration. */
const DYNAMIC_PACKAGES: ReadonlySet<string> = new Set(["pulumi-nodejs", "pulumi-python"]);

/** `default`, or `default_4_21_2` for a version, followed by the download address if there is one. */
export function defaultProviderName({ version, pluginDownloadUrl }: PackageDescriptor): string {
  const parsed = parse(version);
  const parts =
    parsed === null ? [] : [parsed.major, parsed.minor, parsed.patch, ...parsed.prerelease, ...parsed.build];
  return ["default", ...parts, ...(pluginDownloadUrl === "" ? [] : [qualifiedName(pluginDownloadUrl)])].join(
    "_",
  );
}

/** A text in the form of Pulumi's qualified names: parts between slashes, without characters that have a meaning. */
function qualifiedName(text: string): string {
  const parts = text.split("/").filter((part) => part !== "");
  return parts.map((part) => part.replaceAll(/[^A-Za-z0-9_.-]/g, "_")).join("/") || "_";
}

/** The registration of a package's default provider. */
export function defaultProvider(
  descriptor: PackageDescriptor,
  values: Readonly<Record<string, string>>,
  secretKeys: readonly string[],
): Registration {
  const prefix = DYNAMIC_PACKAGES.has(descriptor.name) ? "" : `${descriptor.name}:`;
  const configured = Object.entries(values)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), secretKeys.includes(key) ? secret(value) : value]);
  return {
    type: providerType(descriptor.name),
    name: defaultProviderName(descriptor),
    parent: "",
    custom: true,
    remote: false,
    inputs: { ...Object.fromEntries(configured), ...packageInputs(descriptor) },
    provider: "",
    providers: {},
    packageRef: "",
    dependencies: [],
    propertyDependencies: {},
    options: {},
    aliases: [],
  };
}

/** What the engine adds to a provider's inputs. */
export function packageInputs(descriptor: PackageDescriptor): PropertyMap {
  return {
    ...(descriptor.version === "" ? {} : { version: descriptor.version }),
    ...(descriptor.pluginDownloadUrl === "" ? {} : { pluginDownloadURL: descriptor.pluginDownloadUrl }),
  };
}

/**
 * Whether the configuration forbids a package's default provider (`pulumi:disable-default-providers`). That of the
 * engine's own resources and functions is always allowed.
 */
export function isDefaultProviderDisabled(
  packageName: string,
  values: Readonly<Record<string, string>>,
): boolean {
  const listed = values["pulumi:disable-default-providers"];
  if (listed === undefined || packageName === "pulumi") return false;
  try {
    const names: unknown = JSON.parse(listed);
    return (
      Array.isArray(names) &&
      names.some((name) => typeof name === "string" && ["*", packageName].includes(name.trim()))
    );
  } catch {
    return false;
  }
}

/** Default providers have no parent, and their names say what they are. */
export function isUnownedProvider(urn: string): boolean {
  const [, , type = "", name = ""] = urn.split("::");
  return isProviderType(type) && /^default(?:_|$)/.test(name);
}
