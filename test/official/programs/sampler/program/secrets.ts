/** Secrets: from the configuration and known, whole and inside of other values, kept and given away. */
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

export function declareSecrets(): pulumi.Inputs {
  const token = new pulumi.Config().requireSecret("token");
  const known = pulumi.secret("known");
  const map = new kubernetes.core.v1.ConfigMap("secrets", {
    metadata: { name: "secrets", annotations: pulumi.secret({ whole: "map" }) },
    data: { token, known, header: pulumi.interpolate`Bearer ${token}`, plain: "plain" },
  });
  const wrapped = new kubernetes.core.v1.Secret("wrapped", {
    metadata: { name: "wrapped" },
    stringData: { token, plain: "plain" },
  });
  const entry = new vault.kv.SecretV2("entry", {
    mount: "secret",
    name: pulumi.secret("sampler/entry"),
    dataJson: pulumi.jsonStringify({ token, plain: "plain" }),
  });
  const topic = new aws.sns.Topic("given-away", {
    name: "given-away",
    displayName: pulumi.unsecret(token),
    tags: { known: pulumi.unsecret(known), list: pulumi.all([token, "x"]).apply((parts) => parts.join()) },
  });
  return {
    token,
    nested: { deep: [known, { token }], plain: "plain" },
    fromInputs: map.data,
    one: map.data.apply((data) => data.plain),
    wrapped: wrapped.stringData,
    entry: entry.name,
    givenAway: topic.displayName,
    tags: topic.tags,
  };
}
