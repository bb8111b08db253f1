/** Every option of a resource that reaches the engine. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export function declareOptions(): pulumi.Inputs {
  const topic = (name: string, opts: pulumi.CustomResourceOptions): aws.sns.Topic =>
    new aws.sns.Topic(name, { name, tags: { name } }, opts);

  const kept = topic("kept", { protect: true, retainOnDelete: true });
  topic("loose", { protect: false, retainOnDelete: false });
  topic("ignoring", { ignoreChanges: ["tags", "displayName"], hideDiffs: ["tags.name"] });
  topic("replacing", { replaceOnChanges: ["*"], deleteBeforeReplace: true });
  topic("creating-first", { deleteBeforeReplace: false });
  topic("patient", { customTimeouts: { create: "10m", update: "1h30m", delete: "90s" } });
  topic("discreet", { additionalSecretOutputs: ["tags", "arn"] });
  topic("going-along", { deletedWith: kept, replaceWith: [kept] });
  topic("adopted", { import: "arn:aws:sns:eu-west-1:123456789012:adopted" });
  topic("triggered", { replacementTrigger: { generation: pulumi.output(1) } });
  topic("renamed", {
    aliases: [
      "urn:pulumi:dev::sampler::aws:sns/topic:Topic::by-urn",
      { name: "by-name" },
      { name: "by-parent", parent: kept },
      { parent: pulumi.rootStackResource },
      { type: "aws:sns/oldTopic:Topic", stack: "old", project: "older" },
    ],
  });
  new pulumi.ComponentResource("sampler:options:Parent", "parent", {}, { aliases: [{ name: "old-parent" }] });
  topic("transformed", {
    dependsOn: kept,
    transforms: [
      ({ props, opts }) => ({
        props: { ...props, displayName: kept.name, policy: kept.arn },
        opts: pulumi.mergeOptions(opts, { retainOnDelete: true, ignoreChanges: ["policy"] }),
      }),
    ],
  });
  return { tags: topic("asked", {}).tags };
}
