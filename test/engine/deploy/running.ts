/** Deployments of real programs, in Pulumi's own runner, with the `testing` provider. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStack } from "../../../engine/checkpoint/open-stack";
import type { ResourceState, Snapshot } from "../../../engine/checkpoint/state";
import type { DeployResult } from "../../../engine/deploy/events";
import type { DeployOptions } from "../../../engine/deploy/options";
import { up } from "../../../engine/deploy/up";
import { loadProject } from "../../../engine/project/project";
import { makeProject } from "../../support/project";
import type { Fault } from "../support/faults";
import { TestingProvider } from "../support/testing-provider";
import { World } from "../support/testing-world";
import { PASSPHRASE, SALT } from "./program";

/** Classes for the types of the `testing` provider, as a generated SDK has them. */
const SDK = `
const pulumi = require("@pulumi/pulumi");
const outputs = { value: undefined, computed: undefined, token: undefined };
class Named extends pulumi.CustomResource {
  constructor(name, props, opts) { super("testing:index:Named", name, { name, ...outputs, ...props }, opts); }
}
class Made extends pulumi.CustomResource {
  constructor(name, props, opts) { super("testing:index:Made", name, { ...outputs, ...props }, opts); }
}
module.exports = { pulumi, Named, Made, version: { version: "1.2.3" } };
`;

/** A project of one program, with a world and state of its own. */
export class RunningTrial {
  readonly world: World;
  faults: readonly Fault[] = [];

  private constructor(readonly root: string) {
    this.world = new World(join(root, "world"));
  }

  /** A project whose files go when the test ends. */
  static of(files: Readonly<Record<string, string>> = {}): RunningTrial {
    const settings = `encryptionsalt: ${SALT}\nconfig: {}\n`;
    return new RunningTrial(
      makeProject({ "Pulumi.dev.yaml": settings, "Pulumi.other.yaml": settings, "sdk.js": SDK, ...files }),
    );
  }

  /** Deploys a program: the body of index.js, with the SDK at hand. */
  up(program: string, changed: Partial<DeployOptions> = {}, environment = "dev"): Promise<DeployResult> {
    writeFileSync(
      join(this.root, "index.js"),
      `const { pulumi, Named, Made, version } = require("./sdk");\n${program}`,
    );
    return up(loadProject(this.root), environment, {
      backend: join(this.root, "state"),
      preview: false,
      factories: { testing: () => new TestingProvider({ world: this.world, faults: this.faults }) },
      admission: () => {},
      settings: { values: {}, secretKeys: [] },
      overrides: [],
      processEnvironment: { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
      parallel: 8,
      continueOnError: false,
      message: "",
      signal: new AbortController().signal,
      events: {},
      ...changed,
    });
  }

  state(environment = "dev"): Promise<Snapshot> {
    const location = { backend: join(this.root, "state"), project: "trial", stack: environment };
    return readStack(location, { passphrase: PASSPHRASE });
  }

  async resource(name: string): Promise<ResourceState> {
    const { resources } = await this.state();
    const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
    if (found === undefined) throw new Error(`no ${name} among ${resources.map(({ urn }) => urn)}`);
    return found;
  }
}
