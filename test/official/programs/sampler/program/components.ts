/** Components in components, what children inherit, and what depending on a component means. */
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Providers } from "./providers";

class Inner extends pulumi.ComponentResource {
  readonly secret: pulumi.Output<string>;

  constructor(
    name: string,
    args: { namespace: pulumi.Input<string> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("sampler:components:Inner", name, args, opts);
    const map = new kubernetes.core.v1.ConfigMap(
      `${name}-map`,
      { metadata: { name: "inner", namespace: args.namespace }, data: { key: "value" } },
      { parent: this },
    );
    // A custom resource as parent of another one of its package, and of one of another package.
    new kubernetes.core.v1.ConfigMap(`${name}-below`, { metadata: { name: "below" } }, { parent: map });
    new random.RandomPet(`${name}-pet`, { length: 2 }, { parent: map, protect: false });
    const password = new random.RandomPassword(`${name}-password`, { length: 16 }, { parent: this });
    this.secret = password.result;
    this.registerOutputs({ secret: password.result, known: pulumi.secret("known"), map });
  }
}

class Outer extends pulumi.ComponentResource {
  readonly inner: Inner;
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super(
      "sampler:components:Outer",
      name,
      { plain: [1, { two: true }], late: pulumi.output("known") },
      opts,
    );
    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: "outer" } },
      { parent: this },
    );
    this.namespace = namespace.metadata.name;
    this.inner = new Inner(`${name}-inner`, { namespace: this.namespace }, { parent: this });
    this.registerOutputs({ namespace: this.namespace, nested: { inner: this.inner } });
  }
}

/** A component without arguments that registers no outputs, of a type that is no `package:module:name`. */
class Bare extends pulumi.ComponentResource {}

export function declareComponents({ cluster, otherRegion }: Providers): pulumi.Inputs {
  const outer = new Outer("outer", {
    providers: [cluster, otherRegion],
    protect: true,
    retainOnDelete: true,
  });
  const dependent = new aws.sns.Topic("dependent", { name: "dependent" }, { dependsOn: outer });
  const bare = new Bare("Bare", "bare::with colons, blanks and ü", {}, { dependsOn: dependent });
  new aws.sns.Topic("below-bare", { name: "below-bare" }, { parent: bare, provider: otherRegion });
  new aws.sns.Topic("two", { name: "two" }, { dependsOn: [bare, outer.inner], parent: bare });
  new pulumi.ComponentResource(
    "sampler:components:Referring",
    "referring",
    { topic: dependent, list: [outer], late: dependent.arn, deep: { inner: outer.inner } },
    { deletedWith: dependent },
  );
  return { namespace: outer.namespace, secret: outer.inner.secret, dependent };
}
