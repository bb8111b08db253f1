/**
 * Deployments of small programs with the `testing` provider, in this process: a program is a function that registers
 * resources with the engine's own monitor, without an SDK, so that thousands can be tried. What exists is in a World
 * on disk, and the state is in the official file backend.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readStack } from "../../../engine/checkpoint/open-stack";
import type { Snapshot } from "../../../engine/checkpoint/state";
import { destroy } from "../../../engine/deploy/destroy";
import type { DeployResult } from "../../../engine/deploy/events";
import type { DeployOptions } from "../../../engine/deploy/options";
import { refresh } from "../../../engine/deploy/refresh";
import { upWith } from "../../../engine/deploy/up";
import type { ResourceOptions } from "../../../engine/monitor/declaration";
import type { Monitor } from "../../../engine/monitor/monitor";
import type { AliasSpec, Registration, ResourceAnswer } from "../../../engine/monitor/requests";
import { loadProject } from "../../../engine/project/project";
import type { PropertyMap } from "../../../engine/property/values";
import type { ProviderFactory } from "../../../engine/provider/provider";
import { RegistrationError } from "../../../engine/registration-error";
import type { Fault } from "../support/faults";
import { MADE, NAMED, TestingProvider, VALUE } from "../support/testing-provider";
import { World } from "../support/testing-world";

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

export interface TrialOptions {
  readonly features?: ConstructorParameters<typeof TestingProvider>[0]["features"];
  readonly factories?: Readonly<Record<string, ProviderFactory>>;
  readonly config?: string;
  readonly admission?: DeployOptions["admission"];
  readonly target?: ConstructorParameters<typeof TestingProvider>[0]["target"];
}

/** One stack, with its world. */
export class Trial {
  readonly root: string;
  readonly world: World;
  faults: readonly Fault[] = [];

  constructor(
    private readonly options: TrialOptions = {},
    root = mkdtempSync(join(tmpdir(), "kb-trial-")),
  ) {
    this.root = root;
    this.world = new World(join(root, "world"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: trial\nruntime: nodejs\n");
    writeFileSync(
      join(root, "Pulumi.dev.yaml"),
      `encryptionsalt: ${SALT}\nconfig:\n${options.config ?? "  trial:none: x\n"}`,
    );
  }

  /** A trial whose files go when the test ends. */
  static forTest(options: TrialOptions = {}): Trial {
    const trial = new Trial(options);
    onTestFinished(() => trial.remove());
    return trial;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  get backend(): string {
    return join(this.root, "state");
  }

  /** Deploys a program; its errors are those of a program that throws. */
  up(body: Body, changed: Partial<DeployOptions> = {}): Promise<DeployResult> {
    return upWith(loadProject(this.root), "dev", this.#deployOptions(changed), async (_, service) => {
      const { monitor } = service;
      try {
        await body(await programOn(monitor));
        return "succeeded";
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        monitor.log({ severity: "error", message, ...urnOf(error) });
        return "failed";
      }
    });
  }

  preview(body: Body, changed: Partial<DeployOptions> = {}): Promise<DeployResult> {
    return this.up(body, { ...changed, preview: true });
  }

  refresh(changed: Partial<DeployOptions> & { clearPendingCreates?: boolean } = {}): Promise<DeployResult> {
    const options = { clearPendingCreates: false, ...this.#deployOptions(changed), ...changed };
    return refresh(loadProject(this.root), "dev", options);
  }

  destroy(changed: Partial<DeployOptions> = {}): Promise<DeployResult> {
    return destroy(loadProject(this.root), "dev", this.#deployOptions(changed));
  }

  state(): Promise<Snapshot> {
    return readStack({ backend: this.backend, project: "trial", stack: "dev" }, { passphrase: PASSPHRASE });
  }

  /** The checkpoint as it stands on disk. */
  file(): string {
    return readFileSync(join(this.backend, ".pulumi/stacks/trial/dev.json"), "utf8");
  }

  #deployOptions(changed: Partial<DeployOptions>): DeployOptions {
    const { features, factories, target, admission } = this.options;
    return {
      backend: this.backend,
      preview: false,
      factories: {
        testing: () =>
          new TestingProvider({
            world: this.world,
            faults: this.faults,
            ...(features === undefined ? {} : { features }),
            ...(target === undefined ? {} : { target }),
          }),
        ...factories,
      },
      admission: admission ?? (() => {}),
      settings: { values: {}, secretKeys: [] },
      overrides: [],
      processEnvironment: { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
      parallel: 8,
      continueOnError: false,
      message: "",
      signal: new AbortController().signal,
      events: {},
      ...changed,
    };
  }
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
