/** Resources that exist already: read with known and with unknown ids, and what depends on them. */
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Providers } from "./providers";

export function declareReads({ cluster }: Providers): pulumi.Inputs {
  const existing = kubernetes.core.v1.ConfigMap.get("existing", "default/existing", { provider: cluster });
  const user = aws.iam.User.get("existing-user", "existing", { path: "/people/", tags: { a: "b" } });
  const key = new aws.iam.AccessKey("key", { user: user.name, status: user.path });
  const unknown = aws.iam.User.get("unknown-user", key.id, { path: "/unknown/" }, { dependsOn: user });
  const protectedParent = new pulumi.ComponentResource("sampler:reads:Group", "group", {}, { protect: true });
  const below = aws.iam.User.get("below-group", "below", {}, { parent: protectedParent });
  new aws.iam.AccessKey("unknown-key", { user: below.name, status: unknown.path });
  return { existing: existing.metadata.uid, path: user.path, unknownPath: unknown.path, id: user.id };
}
