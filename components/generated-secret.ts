/**
 * A secret that this program makes up and nobody types in: a session key, an operations key. It changes when
 * its generation counts up, and only then. It has one slot, so whatever it signed or opened before is void.
 */
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Problems } from "./problems";

export interface GeneratedSecretArgs {
  /** Counts up to make a new value. @default 1 */
  generation?: number;
  /** Letters and digits, about 5.95 bits each, at least 32. Changing it makes a new value. @default 48 */
  length?: number;
}

export class GeneratedSecret extends pulumi.ComponentResource {
  /** The value: a secret, letters and digits only. */
  readonly value: pulumi.Output<string>;

  constructor(name: string, args: GeneratedSecretArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const { generation = 1, length = 48 } = args;
    const problems = new Problems(`Generated secret ${name}`);
    problems.wholeNumber("generation", generation, 1);
    problems.wholeNumber("length", length, 32, 512);
    problems.throwIfAny();
    super("keybuzz:secrets:GeneratedSecret", name, { generation, length }, opts);
    this.value = new random.RandomPassword(
      `${name}-value`,
      { length, special: false, keepers: { generation: `${generation}` } },
      { parent: this },
    ).result;
    this.registerOutputs({});
  }
}
