/** What the engine itself provides, functions that need a provider of their own, and dynamic resources. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";
import { Untyped } from "./untyped";

/** A provider whose code is the program's. */
const dynamicProvider: pulumi.dynamic.ResourceProvider = {
  create: async (inputs: pulumi.Inputs) => ({ id: "dynamic", outs: inputs }),
};

class Dynamic extends pulumi.dynamic.Resource {
  declare readonly size: pulumi.Output<number>;

  constructor(name: string, props: pulumi.Inputs) {
    super(dynamicProvider, name, props, undefined, "sampler", "Dynamic");
  }
}

export function declareBuiltins(): pulumi.Inputs {
  const stash = new pulumi.Stash("stash", { input: { kept: "value", secret: pulumi.secret("known") } });
  // Of this package and version nothing but a function is used.
  const health = vault.kv.getSecretV2Output({ mount: "secret", name: "entry" }, { version: "7.1.0" });
  const topic = new aws.sns.Topic("referred", { name: "referred", displayName: pulumi.getStack() });
  // What comes back for a reference is the resource itself, with its state.
  const referring = new Untyped("holding", { value: topic });
  const hydrated = referring.value.apply((value) => (value as aws.sns.Topic).displayName);
  const dynamic = new Dynamic("dynamic", { size: 3, secret: pulumi.secret("known") });
  return { stash: stash.output, health: health.data, hydrated, dynamic: dynamic.size };
}
