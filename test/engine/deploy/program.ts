/**
 * Programs of trials: functions that register resources with the engine's own monitor, without an SDK. They need no
 * test runner, so that a child process can run them too.
 */

import type { RunProgram } from "../../../engine/deploy/up";
import type { ResourceOptions } from "../../../engine/monitor/declaration";
import type { Monitor } from "../../../engine/monitor/monitor";
import type { AliasSpec, Registration, ResourceAnswer } from "../../../engine/monitor/requests";
import type { PropertyMap } from "../../../engine/property/values";
import { RegistrationError } from "../../../engine/registration-error";
import { StoppedError } from "../../../engine/stopped-error";
import { MADE, NAMED, VALUE } from "../support/testing-provider";

export const PASSPHRASE = "trial";
/** A salt for that passphrase: to derive the key once is enough for all trials. */
export const SALT = "v1:Xq6HZOjOu5c=:v1:pN1Ssi7SKmeCaZks:ETl1EMrXhi73XFwGSwR2gcviV5D6rQ==";

/** What a resource is told beside its inputs. */
export interface Extra extends ResourceOptions {
  readonly parent?: string;
  readonly provider?: string;
  readonly providers?: Readonly<Record<string, string>>;
  readonly dependsOn?: readonly string[];
  /** URNs that single inputs come from. */
  readonly from?: Readonly<Record<string, readonly string[]>>;
  readonly aliasSpecs?: readonly AliasSpec[];
  readonly trigger?: string;
}

/** What a program does. */
export interface Program {
  readonly stackUrn: string;
  readonly monitor: Monitor;
  named(name: string, inputs?: PropertyMap, extra?: Extra): Promise<ResourceAnswer>;
  made(name: string, inputs?: PropertyMap, extra?: Extra): Promise<ResourceAnswer>;
  value(name: string, inputs?: PropertyMap, extra?: Extra): Promise<ResourceAnswer>;
  component(name: string, inputs?: PropertyMap, extra?: Extra): Promise<ResourceAnswer>;
  provider(name: string, inputs?: PropertyMap, extra?: Extra): Promise<ResourceAnswer>;
  read(type: string, name: string, id: string, extra?: Extra): Promise<ResourceAnswer>;
  outputs(values: PropertyMap): Promise<void>;
}

export type Body = (program: Program) => Promise<void>;

/** Runs a body as a program; its errors are those of a program that throws. */
export function running(body: Body): RunProgram {
  return async (_, service) => {
    const { monitor } = service;
    try {
      await body(await programOn(monitor));
      return "succeeded";
    } catch (error) {
      // What stopped the run has been told, or somebody asked for it.
      if (error instanceof StoppedError) return "failed";
      const message = error instanceof Error ? error.message : String(error);
      monitor.log({ severity: "error", message, ...urnOf(error) });
      return "failed";
    }
  };
}

/** The functions with which a program registers resources. */
export async function programOn(monitor: Monitor): Promise<Program> {
  const register = async (
    type: string,
    name: string,
    custom: boolean,
    inputs: PropertyMap,
    extra: Extra,
  ): Promise<ResourceAnswer> => {
    const { parent, provider, providers, dependsOn, from, aliasSpecs, trigger, ...options } = extra;
    const request: Registration = {
      type,
      name,
      parent: parent ?? monitor.stackUrn,
      custom,
      remote: false,
      inputs,
      provider: provider ?? "",
      providers: providers ?? {},
      packageRef: "",
      dependencies: [...(dependsOn ?? []), ...Object.values(from ?? {}).flat()],
      propertyDependencies: Object.fromEntries(Object.keys(inputs).map((key) => [key, from?.[key] ?? []])),
      options:
        type.startsWith("testing:") || type.startsWith("pulumi:providers:")
          ? { version: "1.2.3", ...options }
          : options,
      aliases: aliasSpecs ?? [],
      ...(trigger === undefined ? {} : { replacementTrigger: trigger }),
    };
    return monitor.register(request);
  };
  const stack = await register("pulumi:pulumi:Stack", "trial-dev", false, {}, { parent: "" });
  monitor.setRootResource(stack.urn);
  return {
    stackUrn: stack.urn,
    monitor,
    named: (name, inputs = {}, extra = {}) => register(NAMED, name, true, { name, ...inputs }, extra),
    made: (name, inputs = {}, extra = {}) => register(MADE, name, true, inputs, extra),
    value: (name, inputs = {}, extra = {}) => register(VALUE, name, true, inputs, extra),
    component: (name, inputs = {}, extra = {}) => register("trial:index:Part", name, false, inputs, extra),
    provider: (name, inputs = {}, extra = {}) =>
      register("pulumi:providers:testing", name, true, inputs, extra),
    read: async (type, name, id, extra = {}) =>
      monitor.read({
        type,
        name,
        id,
        parent: extra.parent ?? stack.urn,
        properties: {},
        provider: extra.provider ?? "",
        packageRef: "",
        dependencies: extra.dependsOn ?? [],
        options: { version: "1.2.3" },
      }),
    outputs: async (values) => monitor.registerOutputs(stack.urn, values),
  };
}

function urnOf(error: unknown): { urn?: string } {
  return error instanceof RegistrationError && error.urn !== undefined ? { urn: error.urn } : {};
}
