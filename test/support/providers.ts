/**
 * The life of one resource as the engine leads it, for tests of providers: check, preview, create, diff, update,
 * refresh, import, delete, each with what the one before it gave.
 */
import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import type { CheckFailure, DiffResponse, Provider, ReadResponse } from "../../engine/provider/provider";
import { isSecret, mapValue, type PropertyMap, type PropertyValue } from "../../engine/provider/values";

/** What the state holds of a resource. */
export interface Made {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

export class Life {
  readonly subject;

  constructor(
    private readonly provider: Provider,
    type: string,
    name = "trial",
  ) {
    this.subject = { urn: `urn:pulumi:dev::trial::${type}::${name}`, type, name };
  }

  /** The checked inputs; a failure fails the test. */
  async check(newInputs: PropertyMap, oldInputs?: PropertyMap): Promise<PropertyMap> {
    const { inputs, failures } = await this.provider.check(this.checkRequest(newInputs, oldInputs));
    expect(failures).toEqual([]);
    return inputs;
  }

  async failures(newInputs: PropertyMap): Promise<readonly CheckFailure[]> {
    return (await this.provider.check(this.checkRequest(newInputs, undefined))).failures;
  }

  async create(given: PropertyMap): Promise<Made> {
    const inputs = await this.check(given);
    const { id, outputs } = await this.provider.create({
      ...this.subject,
      inputs,
      timeout: 0,
      preview: false,
    });
    return { id, inputs, outputs };
  }

  async previewCreate(given: PropertyMap): Promise<PropertyMap> {
    const inputs = await this.check(given);
    return (await this.provider.create({ ...this.subject, inputs, timeout: 0, preview: true })).outputs;
  }

  async diff(made: Made, given: PropertyMap, ignoreChanges: readonly string[] = []): Promise<DiffResponse> {
    const newInputs = await this.check(given, made.inputs);
    const { id, inputs: oldInputs, outputs: oldOutputs } = made;
    return this.provider.diff({ ...this.subject, id, oldInputs, oldOutputs, newInputs, ignoreChanges });
  }

  /** Updates in place, whatever Diff says. */
  async update(made: Made, given: PropertyMap): Promise<Made> {
    const inputs = await this.check(given, made.inputs);
    const { outputs } = await this.provider.update({
      ...this.subject,
      id: made.id,
      oldInputs: made.inputs,
      oldOutputs: made.outputs,
      newInputs: inputs,
      timeout: 0,
      ignoreChanges: [],
      preview: false,
    });
    return { id: made.id, inputs, outputs };
  }

  async refresh({ id, inputs, outputs }: Made): Promise<Made | undefined> {
    return toMade(await this.provider.read({ ...this.subject, id, inputs, outputs }));
  }

  async import(id: string): Promise<Made | undefined> {
    return toMade(await this.provider.read({ ...this.subject, id, inputs: undefined, outputs: undefined }));
  }

  async delete({ id, inputs, outputs }: Made): Promise<void> {
    await this.provider.delete({ ...this.subject, id, inputs, outputs, timeout: 0 });
  }

  async trace(given: PropertyMap): Promise<string | undefined> {
    const trace = await this.provider.trace?.({ ...this.subject, inputs: await this.check(given) });
    return trace?.kind === "named" ? trace.id : trace?.kind;
  }

  private checkRequest(newInputs: PropertyMap, oldInputs: PropertyMap | undefined) {
    return { ...this.subject, oldInputs, newInputs, randomSeed: randomBytes(32) };
  }
}

/** A value without the marks of secrets. */
export function revealed(value: PropertyValue | undefined): PropertyValue | undefined {
  return value === undefined ? undefined : mapValue(value, (part) => (isSecret(part) ? part.value : part));
}

/** Something that must be there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("it is not there");
  return value;
}

function toMade(response: ReadResponse): Made | undefined {
  if (response === undefined) return undefined;
  const { id, inputs, outputs } = response;
  return { id, inputs: present(inputs), outputs };
}
