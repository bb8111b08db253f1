/**
 * Deployments of small programs with the `testing` provider, in this process: a program is a function that registers
 * resources with the engine's own monitor, without an SDK, so that thousands can be tried. What exists is in a World
 * on disk, and the state is in the official file backend.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { readStack } from "../../../engine/checkpoint/open-stack";
import type { ResourceState, Snapshot } from "../../../engine/checkpoint/state";
import { destroy } from "../../../engine/deploy/destroy";
import type { DeployResult } from "../../../engine/deploy/events";
import type { DeployOptions } from "../../../engine/deploy/options";
import { refresh } from "../../../engine/deploy/refresh";
import { upWith } from "../../../engine/deploy/up";
import type { MonitorService } from "../../../engine/monitor/service";
import { loadProject } from "../../../engine/project/project";
import type { ProviderFactory } from "../../../engine/provider/provider";
import type { Fault } from "../support/faults";
import { TestingProvider } from "../support/testing-provider";
import { World } from "../support/testing-world";
import { type Body, PASSPHRASE, running, SALT } from "./program";

export { type Body, type Extra, PASSPHRASE, type Program, programOn, SALT } from "./program";

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
  /** The providers that were loaded, in order. */
  readonly providers: TestingProvider[] = [];

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
    return upWith(loadProject(this.root), "dev", this.#deployOptions(changed), running(body));
  }

  /** Deploys what a test asks of the services themselves. */
  serving(ask: (service: MonitorService) => Promise<void>): Promise<DeployResult> {
    return upWith(loadProject(this.root), "dev", this.#deployOptions({}), async (_, service) => {
      await ask(service);
      return "succeeded";
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

  /** The state of a resource that is not only to be deleted; it must be there. */
  async resource(name: string): Promise<ResourceState> {
    const { resources } = await this.state();
    const found = resources.find((state) => state.delete !== true && state.urn.endsWith(`::${name}`));
    if (found === undefined)
      throw new Error(`no ${name} among ${resources.map(({ urn }) => urn).join(", ")}`);
    return found;
  }

  /** Another trial that goes on from the files as they are now, as after kill -9 of this process. */
  killed(): Trial {
    const root = mkdtempSync(join(tmpdir(), "kb-trial-"));
    cpSync(this.root, root, { recursive: true });
    // They name this process, which lives.
    rmSync(join(root, "state", ".pulumi", "locks"), { recursive: true, force: true });
    const trial = new Trial(this.options, root);
    onTestFinished(() => trial.remove());
    return trial;
  }

  /** The checkpoint as it stands on disk. */
  file(): string {
    return readFileSync(join(this.backend, ".pulumi/stacks/trial/dev.json"), "utf8");
  }

  /** Every file of the state, with its path. */
  allFiles(): { path: string; text: string }[] {
    return readdirSync(this.backend, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ path, text: readFileSync(path, "utf8") }));
  }

  #deployOptions(changed: Partial<DeployOptions>): DeployOptions {
    const { features, factories, target, admission } = this.options;
    return {
      backend: this.backend,
      preview: false,
      factories: {
        testing: () => {
          const provider = new TestingProvider({
            world: this.world,
            faults: this.faults,
            ...(features === undefined ? {} : { features }),
            ...(target === undefined ? {} : { target }),
          });
          this.providers.push(provider);
          return provider;
        },
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
