/**
 * Brings a recorded preview of the official CLI and a declaration of kb's engine into one form, and tells every
 * difference between them. Nothing is left out here that either side knows of both: what may differ is named,
 * difference by difference, where the two are compared.
 */
import type { Declaration, DeclaredResource, ResourceOptions } from "../../engine/monitor/declaration";
import { isList, isMap, isSecret, type PropertyValue } from "../../engine/property/values";
import { urnType } from "../../engine/urn";
import { type JsonObject, type JsonValue, jsonObject } from "./json";
import type { PreviewFixture, RecordedAlias, RecordedStep } from "./preview-fixture";

/** A preview in the form in which both sides can be compared. */
export interface Comparable extends JsonObject {
  /** Default providers too, by URN. Lists whose order means nothing are objects. */
  resources: JsonObject;
  stackOutputs: JsonObject;
  /** How often each function of a provider was called. */
  calls: JsonObject;
  /** How often each message was given, by its severity, resource and text. */
  messages: JsonObject;
}

/** One place in which the two sides differ; the side that has nothing there is absent. */
export interface Difference {
  /** Keys that lead to the place: `["resources", <urn>, "inputs", "name"]`. */
  readonly path: readonly string[];
  readonly official?: unknown;
  readonly ours?: unknown;
}

/** A recorded preview in the common form. */
export function fromFixture(fixture: PreviewFixture): Comparable {
  const { steps, defaultProviders, componentOutputs, stackOutputs, invokes, diagnostics } = fixture;
  return {
    resources: {
      ...Object.fromEntries(
        steps.map((step) => [step.urn, recordedResource(step, componentOutputs[step.urn])]),
      ),
      ...Object.fromEntries(
        Object.entries(defaultProviders).map(([urn, inputs]) => [
          urn,
          { type: urnType(urn), custom: true, defaultProvider: true, inputs: withoutInternal(inputs) },
        ]),
      ),
    },
    stackOutputs,
    calls: countEach(invokes.map(({ token }) => token)),
    messages: countEach(
      // The CLI writes the severity before the message and ends it with a newline.
      diagnostics.map(({ severity, urn, message }) =>
        describeMessage(severity, urn, message.replace(`${severity}: `, "")),
      ),
    ),
  };
}

/** What kb's engine declares in the common form. */
export function fromDeclaration(declaration: Declaration): Comparable {
  const { resources, outputs, invokes, diagnostics } = declaration;
  return {
    resources: Object.fromEntries(resources.map((resource) => [resource.urn, declaredResource(resource)])),
    stackOutputs: blindMap(outputs),
    calls: { ...invokes },
    messages: countEach(
      diagnostics.map(({ severity, urn, message }) => describeMessage(severity, urn, message)),
    ),
  };
}

/** Every place in which the two differ, in the order of the official side. */
export function differences(
  official: JsonValue,
  ours: JsonValue,
  path: readonly string[] = [],
): Difference[] {
  const [left, right] = [entriesOf(official), entriesOf(ours)];
  if (left === undefined || right === undefined || Array.isArray(official) !== Array.isArray(ours)) {
    return official === ours && left === right ? [] : [{ path, official, ours }];
  }
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.flatMap((key) => {
    const [one, other] = [left.get(key), right.get(key)];
    if (one !== undefined && other !== undefined) return differences(one, other, [...path, key]);
    return {
      path: [...path, key],
      ...(one === undefined ? {} : { official: one }),
      ...(other === undefined ? {} : { ours: other }),
    };
  });
}

/** The parts of a list or an object by their keys; undefined for a scalar. */
function entriesOf(value: JsonValue): Map<string, JsonValue> | undefined {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}

function describeMessage(severity: string, urn: string | undefined, message: string): string {
  return `${severity}${urn === undefined ? "" : ` about ${urn}`}: ${message.trimEnd()}`;
}

function recordedResource(step: RecordedStep, outputs: JsonObject | undefined): JsonObject {
  const { op, type, custom, id, parent, provider, external, inputs } = step;
  return present({
    ...{ op, type, custom, id, parent },
    external: external === true ? true : undefined,
    provider: provider?.replace(/::<id>$/, ""),
    inputs: type.startsWith("pulumi:providers:") ? withoutInternal(inputs) : inputs,
    outputs: custom ? undefined : outputs,
    dependencies: asSet(step.dependencies),
    propertyDependencies: asSets(step.propertyDependencies),
    // The CLI's state says nothing of what is not protected or retained.
    protect: step.protect,
    retainOnDelete: step.retainOnDelete,
    deleteBeforeReplace: step.deleteBeforeReplace,
    deletedWith: step.deletedWith,
    replaceWith: step.replaceWith,
    importId: step.importID,
    additionalSecretOutputs: asSet(step.additionalSecretOutputs),
    ignoreChanges: step.ignoreChanges,
    replaceOnChanges: step.replaceOnChanges,
    hideDiffs: step.hideDiff,
    replacementTrigger: step.replacementTrigger,
    aliases: step.aliases?.map(describeAlias),
    customTimeouts: step.customTimeouts,
  });
}

function declaredResource(resource: DeclaredResource): JsonObject {
  const { type, custom, remote, external, defaultProvider, id, parent, provider, options } = resource;
  const { replacementTrigger } = resource;
  const op = external ? "read" : options.importId === undefined ? "create" : "import";
  return present({
    ...(defaultProvider ? { defaultProvider } : { op }),
    ...{ type, custom, id, parent },
    external: external ? true : undefined,
    remote: remote ? true : undefined,
    provider: provider?.slice(0, provider.lastIndexOf("::")),
    inputs: blindMap(resource.inputs),
    outputs: custom || type === "pulumi:pulumi:Stack" ? undefined : blindMap(resource.outputs),
    dependencies: asSet(resource.dependencies),
    propertyDependencies: asSets(resource.propertyDependencies),
    ...comparableOptions(options),
    replacementTrigger: replacementTrigger === undefined ? undefined : blind(replacementTrigger),
  });
}

/** The options that the CLI knows of a resource. Version and download address of its package are in the name and the inputs of its provider. */
function comparableOptions(options: ResourceOptions): Record<string, JsonValue | undefined> {
  const { protect, retainOnDelete, additionalSecretOutputs, customTimeouts, version: _, ...rest } = options;
  const { pluginDownloadUrl: __, ...others } = rest;
  return {
    ...(jsonObject.parse(others) satisfies JsonObject),
    protect: protect === true ? true : undefined,
    retainOnDelete: retainOnDelete === true ? true : undefined,
    additionalSecretOutputs: asSet(additionalSecretOutputs),
    customTimeouts:
      customTimeouts &&
      Object.fromEntries(Object.entries(customTimeouts).map(([key, text]) => [key, seconds(text)])),
  };
}

/** Lifts what the CLI keeps for itself in a provider's inputs to where the program's options put it. */
function withoutInternal({ __internal, ...inputs }: JsonObject): JsonObject {
  return { ...inputs, ...(__internal === undefined ? {} : jsonObject.parse(__internal)) };
}

/** A value as the CLI prints it: whatever is secret is `[secret]`. */
function blind(value: PropertyValue): JsonValue {
  if (isSecret(value)) return "[secret]";
  if (isList(value)) return value.map(blind);
  return isMap(value) ? blindMap(value) : value;
}

function blindMap(map: { readonly [key: string]: PropertyValue }): JsonObject {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, blind(value)]));
}

/** The text that kb makes of an alias. */
function describeAlias({ urn, spec }: RecordedAlias): string {
  if (spec === undefined) return urn ?? "";
  const { project, stack, parentUrn, noParent, type, name } = spec;
  const parts = { project, stack, parent: noParent === true ? "none" : parentUrn, type, name };
  return Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** A duration as Go writes it, in seconds. */
function seconds(duration: string): number {
  const unit: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
  const parts = [...duration.matchAll(/([\d.]+)([hms])/g)];
  return parts.reduce(
    (sum, [, count = "", letter = ""]) => sum + Number(count) * (unit[letter] ?? Number.NaN),
    0,
  );
}

/** A list whose order means nothing; an empty one says nothing. */
function asSet(list: readonly string[] | undefined): JsonObject | undefined {
  return list === undefined || list.length === 0
    ? undefined
    : Object.fromEntries(list.map((key) => [key, true]));
}

function asSets(lists: Readonly<Record<string, readonly string[]>>): JsonObject | undefined {
  const sets = present(Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, asSet(list)])));
  return Object.keys(sets).length === 0 ? undefined : sets;
}

function countEach(texts: readonly string[]): JsonObject {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** The entries that are there. */
function present(entries: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}
