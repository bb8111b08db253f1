/** Turns the messages of Pulumi's protocols into plain requests, and plain answers into messages. */
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PropertyMap, PropertyValue } from "../property/values";
import type { ResourceOptions } from "./declaration";
import type { AliasSpec, ReadRequest, Registration } from "./requests";

/** The properties of a message; none is an empty map. */
export function propertiesFrom(struct: Struct | undefined): PropertyMap {
  return (struct?.toJavaScript() ?? {}) as PropertyMap;
}

export function structFrom(properties: PropertyMap): Struct {
  return Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);
}

export function registrationFrom(message: resource.RegisterResourceRequest): Registration {
  const providers: Record<string, string> = {};
  message.getProvidersMap().forEach((reference, packageName) => {
    providers[packageName] = reference;
  });
  const propertyDependencies: Record<string, readonly string[]> = {};
  message.getPropertydependenciesMap().forEach((dependencies, key) => {
    propertyDependencies[key] = dependencies.getUrnsList();
  });
  return {
    type: message.getType(),
    name: message.getName(),
    parent: message.getParent(),
    custom: message.getCustom(),
    remote: message.getRemote(),
    inputs: propertiesFrom(message.getObject()),
    provider: message.getProvider(),
    providers,
    packageRef: message.getPackageref(),
    dependencies: message.getDependenciesList(),
    propertyDependencies,
    options: optionsFrom(message),
    aliases: [
      ...message.getAliasurnsList().map((urn) => ({ urn })),
      ...message.getAliasesList().map(aliasFrom),
    ],
    ...triggerFrom(message),
    ...sourcePositionFrom(message),
  };
}

export function readRequestFrom(message: resource.ReadResourceRequest): ReadRequest {
  return {
    type: message.getType(),
    name: message.getName(),
    id: message.getId(),
    parent: message.getParent(),
    properties: propertiesFrom(message.getProperties()),
    provider: message.getProvider(),
    packageRef: message.getPackageref(),
    dependencies: message.getDependenciesList(),
    options: present({
      additionalSecretOutputs: list(message.getAdditionalsecretoutputsList()),
      version: text(message.getVersion()),
      pluginDownloadUrl: text(message.getPlugindownloadurl()),
    }),
    ...sourcePositionFrom(message),
  };
}

function optionsFrom(message: resource.RegisterResourceRequest): ResourceOptions {
  return present({
    protect: message.hasProtect() ? message.getProtect() : undefined,
    retainOnDelete: message.hasRetainondelete() ? message.getRetainondelete() : undefined,
    deleteBeforeReplace: message.getDeletebeforereplacedefined()
      ? message.getDeletebeforereplace()
      : undefined,
    ignoreChanges: list(message.getIgnorechangesList()),
    replaceOnChanges: list(message.getReplaceonchangesList()),
    additionalSecretOutputs: list(message.getAdditionalsecretoutputsList()),
    hideDiffs: list(message.getHidediffsList()),
    aliases: list([...message.getAliasurnsList(), ...message.getAliasesList().map(describeAlias)]),
    deletedWith: text(message.getDeletedwith()),
    replaceWith: list(message.getReplaceWithList()),
    importId: text(message.getImportid()),
    customTimeouts: timeoutsFrom(message.getCustomtimeouts()),
    version: text(message.getVersion()),
    pluginDownloadUrl: text(message.getPlugindownloadurl()),
  });
}

function aliasFrom(alias: Alias): AliasSpec {
  const spec = alias.getSpec();
  if (spec === undefined) return { urn: alias.getUrn() };
  return {
    ...present({
      name: text(spec.getName()),
      type: text(spec.getType()),
      stack: text(spec.getStack()),
      project: text(spec.getProject()),
      parent: text(spec.getParenturn()),
    }),
    noParent: spec.getNoparent(),
  };
}

/** A URN, or the parts that an alias names: `parent=…,name=…`. */
function describeAlias(alias: Alias): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parts = {
    project: spec.getProject(),
    stack: spec.getStack(),
    parent: spec.getNoparent() ? "none" : spec.getParenturn(),
    type: spec.getType(),
    name: spec.getName(),
  };
  return Object.entries(parts)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

function timeoutsFrom(
  timeouts: resource.RegisterResourceRequest.CustomTimeouts | undefined,
): Record<string, string> | undefined {
  const set = present({
    create: text(timeouts?.getCreate() ?? ""),
    update: text(timeouts?.getUpdate() ?? ""),
    delete: text(timeouts?.getDelete() ?? ""),
    read: text(timeouts?.getRead() ?? ""),
  });
  return Object.keys(set).length === 0 ? undefined : set;
}

/** SDKs send null when a resource has none. */
function triggerFrom(message: resource.RegisterResourceRequest): { replacementTrigger?: PropertyValue } {
  const value = message.getReplacementTrigger()?.toJavaScript() as PropertyValue | undefined;
  return value === undefined || value === null ? {} : { replacementTrigger: value };
}

function sourcePositionFrom(message: Pick<resource.RegisterResourceRequest, "getSourceposition">): {
  sourcePosition?: string;
} {
  const position = message.getSourceposition();
  if (position === undefined || position.getUri() === "") return {};
  return { sourcePosition: `${position.getUri()}#${position.getLine()},${position.getColumn()}` };
}

function text(value: string): string | undefined {
  return value === "" ? undefined : value;
}

function list(values: string[]): string[] | undefined {
  return values.length === 0 ? undefined : values;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The entries that were set. */
function present<T extends object>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
