/** Default providers of several versions and addresses, and explicit ones with a parent and with unknown inputs. */
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as vault from "@pulumi/vault";

export interface Providers {
  /** Stands below a component. */
  readonly cluster: kubernetes.Provider;
  /** Its address is not known before a deployment. */
  readonly replica: postgresql.Provider;
  readonly otherRegion: aws.Provider;
}

export function declareProviders(): Providers {
  const suffix = new random.RandomId("suffix", { byteLength: 4 });
  new random.RandomId("older", { byteLength: 4 }, { version: "4.0.0-alpha.1+build.5" });
  new random.RandomId(
    "mirrored",
    { byteLength: 4 },
    { pluginDownloadURL: "https://plugins.example.com/random" },
  );
  new aws.iam.User("user", {
    name: "default-provider",
    tags: { color: new pulumi.Config().require("color") },
  });
  new postgresql.Database("database", { name: "default_provider" });
  new vault.Policy("policy", { name: "default-provider", policy: "" });

  const platform = new pulumi.ComponentResource("sampler:providers:Platform", "platform");
  return {
    cluster: new kubernetes.Provider("cluster", { context: "sampler" }, { parent: platform }),
    replica: new postgresql.Provider("replica", {
      host: pulumi.interpolate`replica-${suffix.hex}.example.com`,
      password: pulumi.secret("not a password"),
    }),
    otherRegion: new aws.Provider(
      "other-region",
      { region: "eu-central-1", defaultTags: { tags: { from: suffix.hex } } },
      { dependsOn: platform, version: "7.0.0" },
    ),
  };
}
