/** A resource without a typed class, so that any value can be passed. No provider knows its type. */
import * as pulumi from "@pulumi/pulumi";

export class Untyped extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<unknown>;
  /** Never an input. */
  declare readonly computed: pulumi.Output<unknown>;

  constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions = {}) {
    super("random:index/untyped:Untyped", name, { computed: undefined, value: undefined, ...props }, opts);
  }
}
