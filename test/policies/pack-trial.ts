/** Runs the project's own pack in Pulumi's policy runner, on the cases of rules and on what programs declare. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Declaration, DeclaredResource } from "../../engine/monitor/declaration";
import { plannedOutputs } from "../../engine/monitor/planned";
import { readPolicySettings } from "../../engine/policy/configuration";
import { loadPack } from "../../engine/policy/pack";
import { type RunningPack, startPack } from "../../engine/policy/runner";
import { type PropertyMap, type PropertyValue, UNKNOWN } from "../../engine/property/values";
import type { ProviderResource, Resource } from "../../policies/resource";
import { isList, isMap, isUnknown, type Value, type ValueMap } from "../../policies/value";
import { repository } from "../support/project";

/** The folder of the pack. */
export const packFolder = join(repository, "policies");

/** What a test says of a run of the pack. */
export interface PackTrial {
  /** The pack's folder. @default packFolder */
  readonly folder?: string;
  readonly project?: string;
  readonly environment?: string;
  /** Variables of the pack's process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Content of a `--policy-pack-config` file. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Starts the pack; whoever starts it ends it. */
export function startOwnPack(trial: PackTrial = {}): RunningPack {
  const { folder = packFolder, project = "keybuzz", environment = "prod", variables = {}, settings } = trial;
  const target = { project, environment, values: {}, secretKeys: [], hidden: [] };
  return startPack(loadPack(folder), target, {
    processEnvironment: { PATH: process.env.PATH, ...variables },
    signal: new AbortController().signal,
    ...(settings === undefined ? {} : { settings: settingsFrom(settings) }),
  });
}

function settingsFrom(settings: object): ReturnType<typeof readPolicySettings> {
  const folder = mkdtempSync(join(tmpdir(), "kb-settings-"));
  try {
    const file = join(folder, "policies.json");
    writeFileSync(file, JSON.stringify(settings));
    return readPolicySettings(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A folder with a Pulumi.yaml whose environments' files stand elsewhere; whoever asks for it removes it. */
export function projectFolder(name: string, stackConfigDir: string): string {
  const folder = mkdtempSync(join(tmpdir(), "kb-root-"));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: ${name}\nruntime: nodejs\nstackConfigDir: ${stackConfigDir}\n`,
  );
  return folder;
}

/** A declaration of the given resources, as a program would have sent them. */
export function declarationOf(
  environment: string,
  resources: readonly DeclaredResource[],
  more: Partial<Declaration> = {},
): Declaration {
  return {
    ...{ project: "keybuzz", environment, outcome: "succeeded", outputs: {}, invokes: {}, diagnostics: [] },
    resources,
    ...more,
  };
}

/** The resource of which unknown values are the outputs that belong to this environment. */
export const SOURCE = declared(
  {
    urn: "urn:pulumi:prod::keybuzz::random:index/randomPassword:RandomPassword::source",
    type: "random:index/randomPassword:RandomPassword",
    name: "source",
    properties: { length: 32 },
    protect: false,
  },
  { custom: true },
);

/** The case's resources with URNs of their own, and the providers that manage them. */
export function declaredCase(id: string, given: readonly Resource[]): DeclaredResource[] {
  const own = (urn: string): string => urn.replace("::keybuzz::", `::keybuzz::case:index:${id}$`);
  const providers = new Map<string, DeclaredResource>();
  const resources = given.map((resource) => {
    const { provider, parent } = resource;
    const renamed = {
      ...resource,
      urn: own(resource.urn),
      ...(parent === undefined ? {} : { parent: own(parent) }),
    };
    if (provider === undefined) return declared(renamed);
    // Providers with the same configuration are one.
    const key = JSON.stringify(provider);
    const known =
      providers.get(key) ?? declaredProvider(provider, own(`${provider.urn}${providers.size || ""}`));
    providers.set(key, known);
    return declared(renamed, { custom: true, provider: `${known.urn}::${UNKNOWN}` });
  });
  return [...providers.values(), ...resources];
}

function declaredProvider({ type, name, properties }: ProviderResource, urn: string): DeclaredResource {
  return declared({ urn, type, name, properties, protect: false }, { custom: true });
}

function declared(resource: Resource, more: Partial<DeclaredResource> = {}): DeclaredResource {
  const { urn, type, name, properties, protect, parent } = resource;
  const inputs = sent(properties);
  const options = protect ? { protect } : {};
  return {
    ...{ urn, type, name, inputs, options, dependencies: [] },
    custom: type.startsWith("pulumi:providers:"),
    remote: false,
    external: false,
    defaultProvider: false,
    outputs: plannedOutputs(type, inputs, options),
    propertyDependencies: Object.fromEntries(
      Object.entries(properties).flatMap(([key, value]) =>
        originOf(value) === "own" ? [[key, [SOURCE.urn]]] : [],
      ),
    ),
    ...(parent === undefined ? {} : { parent }),
    ...more,
  };
}

/** Where the unknown values in a property come from. Pulumi tells it of a property as a whole. */
export function originOf(value: Value): "known" | "own" | "unknown" | "mixed" {
  const origins = new Set<boolean>();
  const visit = (part: Value): void => {
    if (isUnknown(part)) origins.add(part.own);
    else if (isList(part) || isMap(part)) for (const item of Object.values(part)) visit(item);
  };
  visit(value);
  if (origins.size === 0) return "known";
  if (origins.size === 2) return "mixed";
  return origins.has(true) ? "own" : "unknown";
}

function sent(properties: ValueMap): PropertyMap {
  return wire(properties) as PropertyMap;
}

function wire(value: Value): PropertyValue {
  if (isUnknown(value)) return UNKNOWN;
  if (isList(value)) return value.map(wire);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wire(item)]));
}
