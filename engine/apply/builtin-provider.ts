/**
 * The provider of Pulumi's own resources: references to other stacks, and values that are kept in the state
 * (`pulumi:index:Stash`). Rules: pulumi/pulumi, pkg/resource/deploy/builtins.go.
 */
import { randomUUID } from "node:crypto";
import { equal } from "../property/compare";
import { isSecret, type PropertyMap, type PropertyValue, some } from "../property/values";
import { ProviderError, UnimplementedError } from "../provider/errors";
import type { CheckFailure, DiffResponse, Provider } from "../provider/provider";

/** Outputs of another stack, by its name as the program gives it. Throws when there is no such stack. */
export type StackOutputs = (name: string) => Promise<PropertyMap>;

const STASH = "pulumi:index:Stash";
const REFERENCE = "pulumi:pulumi:StackReference";

const SAME: DiffResponse = { changes: "none", replaces: [], diffs: [], deleteBeforeReplace: false };

/** The property that each type takes, and its only one. */
const PROPERTIES: Readonly<Record<string, string>> = { [STASH]: "input", [REFERENCE]: "name" };

export function builtinProvider(stackOutputs: StackOutputs): Provider {
  const reference = async (inputs: PropertyMap): Promise<PropertyMap> => {
    const { name } = inputs;
    if (typeof name !== "string")
      throw new ProviderError(`a stack reference needs a name, not ${typeof name}`);
    const outputs = await stackOutputs(name);
    const secrets = Object.keys(outputs).filter((key) => some(outputs[key] ?? null, isSecret));
    return { name, outputs, secretOutputNames: secrets.sort() };
  };
  return {
    name: "pulumi",
    version: "",
    features: { acceptsSecrets: true, supportsPreview: true },
    configure: async () => {},
    check: async ({ type, newInputs }) => ({ inputs: newInputs, failures: failuresOf(type, newInputs) }),
    diff: async ({ type, oldInputs, newInputs }) => {
      const property = propertyOf(type);
      if (equal(oldInputs[property], newInputs[property])) return SAME;
      return { ...SAME, changes: "some", diffs: [property], replaces: type === REFERENCE ? [property] : [] };
    },
    create: async ({ type, inputs, preview }) => ({
      id: preview ? "" : randomUUID(),
      outputs: type === STASH ? stashed(inputs.input ?? null) : await reference(inputs),
    }),
    read: async ({ type, id, inputs, outputs }) => {
      if (inputs === undefined || inputs[propertyOf(type)] === undefined) {
        throw new ProviderError(`a resource of type ${type} cannot be imported`);
      }
      return { id, inputs, outputs: type === STASH ? (outputs ?? {}) : await reference(inputs) };
    },
    // What was kept first stays.
    update: async ({ newInputs, oldOutputs }) => ({
      outputs: { input: newInputs.input ?? null, output: oldOutputs.output ?? null },
    }),
    delete: async () => {},
    invoke: async ({ token, arguments: given }) => {
      if (token === "pulumi:pulumi:readStackOutputs") return { result: await reference(given), failures: [] };
      throw new UnimplementedError(`unrecognized function name: '${token}'`);
    },
    trace: async () => ({ kind: "nothing" }),
    cancel: async () => {},
    close: async () => {},
  };
}

function propertyOf(type: string): string {
  const property = PROPERTIES[type];
  if (property === undefined) throw new ProviderError(`unrecognized resource type '${type}'`);
  return property;
}

function failuresOf(type: string, inputs: PropertyMap): CheckFailure[] {
  const wanted = propertyOf(type);
  const unknown = Object.keys(inputs).filter((key) => key !== wanted);
  const failures = unknown.map((property) => ({ property, reason: `unknown property "${property}"` }));
  if (inputs[wanted] === undefined)
    failures.push({ property: wanted, reason: `missing required property "${wanted}"` });
  return failures;
}

function stashed(value: PropertyValue): PropertyMap {
  return { input: value, output: value };
}
