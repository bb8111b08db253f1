/** What a preview records of a resource before anything is deployed: its outputs, dependencies and options. */
import { pathToFileURL } from "node:url";
import { outputDependencies, type PropertyMap, secret, UNKNOWN } from "../property/values";
import type { ResourceOptions } from "./declaration";
import type { Registration } from "./requests";

/** Options that children inherit when they set none. */
const INHERITED = ["protect", "retainOnDelete", "deletedWith"] as const;

/** A resource of the engine itself, which keeps a value: its output is known to be its input. */
const STASH = "pulumi:index:Stash";

/** Inputs are echoed, so that names taken from another resource are known; declared secrets stay secret. */
export function plannedOutputs(type: string, inputs: PropertyMap, options: ResourceOptions): PropertyMap {
  if (type === STASH) return { input: inputs.input ?? null, output: inputs.input ?? null };
  const secrets = (options.additionalSecretOutputs ?? []).filter((key) => key !== "id");
  if (secrets.length === 0) return inputs;
  return { ...inputs, ...Object.fromEntries(secrets.map((key) => [key, secret(inputs[key] ?? UNKNOWN)])) };
}

export function inherit(own: ResourceOptions, parent: ResourceOptions | undefined): ResourceOptions {
  const inherited = INHERITED.filter((key) => own[key] === undefined && parent?.[key] !== undefined);
  return { ...own, ...Object.fromEntries(inherited.map((key) => [key, parent?.[key]])) };
}

/** URNs, each once and in order. */
export function inOrder(urns: Iterable<string>): string[] {
  return [...new Set(urns)].sort();
}

/** What each input depends on, where it depends on anything. */
export function propertyDependencies(request: Registration): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(allPropertyDependencies(request)).filter(([, urns]) => urns.length > 0),
  );
}

/**
 * What each input depends on: an entry for every input, as the official engine keeps it. An SDK that says nothing of
 * single properties means that each depends on all.
 */
export function allPropertyDependencies(request: Registration): Record<string, readonly string[]> {
  const silent = Object.keys(request.propertyDependencies).length === 0 && !request.remote;
  return Object.fromEntries(
    Object.entries(request.inputs).map(([key, value]) => {
      const told = silent ? request.dependencies : (request.propertyDependencies[key] ?? []);
      return [key, inOrder([...told, ...outputDependencies(value)])];
    }),
  );
}

/** Positions are told relative to the project, as Pulumi keeps them; those outside of it are of no use. */
export function positionIn(root: string, position: string | undefined): { sourcePosition?: string } {
  const prefix = `${pathToFileURL(root).href}/`;
  if (position === undefined || !position.startsWith(prefix) || position.includes("/node_modules/"))
    return {};
  return { sourcePosition: `project:///${position.slice(prefix.length)}` };
}
