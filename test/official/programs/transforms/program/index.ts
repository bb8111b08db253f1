/**
 * Transforms of a resource, of its parent and of the stack, and of functions: what they see, and where
 * dependencies go. A program of its own, since transforms of the stack see every resource.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export = () => {
  const source = new aws.sns.Topic("source", { name: "source", displayName: pulumi.secret("known") });
  const late = new aws.sns.Topic("late", { name: "late" });
  pulumi.runtime.registerResourceTransform(({ name, props, opts }) =>
    name.startsWith("by-")
      ? {
          props: { ...props, policy: source.arn, tags: { ...props.tags, stack: `protect ${opts.protect}` } },
          opts: pulumi.mergeOptions(opts, { dependsOn: late, ignoreChanges: ["policy"] }),
        }
      : undefined,
  );
  pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
    token === "aws:route53/getZone:getZone"
      ? { args: { ...args, name: "transformed.example.com" }, opts: { ...opts, version: "7.2.0" } }
      : undefined,
  );
  const parent = new pulumi.ComponentResource(
    "transforms:index:Parent",
    "parent",
    {},
    {
      protect: true,
      transforms: [
        ({ name, props, opts }) =>
          name.startsWith("by-")
            ? { props: { ...props, deliveryPolicy: source.name }, opts: { ...opts, hideDiffs: ["tags"] } }
            : undefined,
      ],
    },
  );
  const topic = (name: string, opts: pulumi.CustomResourceOptions): aws.sns.Topic =>
    new aws.sns.Topic(
      name,
      { name, displayName: source.displayName, kmsMasterKeyId: source.id, signatureVersion: 1 },
      { parent, ...opts },
    );

  topic("by-parent-and-stack", {});
  topic("by-stack", { parent: pulumi.rootStackResource });
  topic("left-alone", { dependsOn: late, transforms: [() => undefined], replacementTrigger: "first" });
  const own = topic("by-itself-and-others", {
    dependsOn: source,
    transforms: [
      // What depended on another resource becomes plain, and its value goes elsewhere.
      ({ props, opts }) => ({
        props: {
          ...props,
          kmsMasterKeyId: "plain",
          archivePolicy: props.displayName,
          owner: [props.kmsMasterKeyId],
        },
        opts: pulumi.mergeOptions(opts, { retainOnDelete: true, protect: false, version: "7.1.0" }),
      }),
    ],
    replacementTrigger: "second",
  });
  const elsewhere = topic("own-only", {
    transforms: [({ props, opts }) => ({ props: { ...props, policy: late.arn }, opts })],
  });
  const zone = aws.route53.getZoneOutput({ name: "example.com" });
  return {
    archivePolicy: own.archivePolicy,
    kmsMasterKeyId: own.kmsMasterKeyId,
    displayName: elsewhere.displayName,
    zone: zone.zoneId,
  };
};
