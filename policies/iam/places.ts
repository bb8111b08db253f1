/**
 * Where resources of AWS hold policy documents. An identity's policy says what a user, a group or a role may do; a
 * resource's policy who may do something to it. Source: the schemas of @pulumi/aws.
 */
import { isPhysical, type Resource } from "../resource";
import { itemsOf, type Path, type Value, valueAt } from "../value";

export interface PolicyPlace {
  readonly of: "identity" | "resource";
  readonly path: Path;
  /** Undefined where a policy must stand and does not. */
  readonly document: Value | undefined;
}

/** Types whose `policy` is an identity's. */
const OF_IDENTITIES: ReadonlySet<string> = new Set([
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/policy:Policy",
]);

/** Types whose `policy`, if they have one, is a resource's. */
const OF_RESOURCES: ReadonlySet<string> = new Set([
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sqs/queue:Queue",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:ses/identityPolicy:IdentityPolicy",
  "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:kms/key:Key",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
]);

const ROLE = "aws:iam/role:Role";

/** The policies of a resource: none for anything but those of AWS listed above. */
export function policiesIn(resource: Resource): readonly PolicyPlace[] {
  if (!isPhysical(resource)) return [];
  const { type, properties } = resource;
  if (OF_IDENTITIES.has(type)) return [{ of: "identity", path: ["policy"], document: properties.policy }];
  if (type === ROLE) return policiesOfRole(properties);
  const { policy } = properties;
  // An empty text is how the provider writes that there is none.
  if (!OF_RESOURCES.has(type) || policy === undefined || policy === null || policy === "") return [];
  return [{ of: "resource", path: ["policy"], document: policy }];
}

function policiesOfRole(properties: Resource["properties"]): PolicyPlace[] {
  const trust: PolicyPlace = {
    of: "resource",
    path: ["assumeRolePolicy"],
    document: properties.assumeRolePolicy,
  };
  const inline = itemsOf(properties.inlinePolicies).map(
    ([index, item]): PolicyPlace => ({
      of: "identity",
      path: ["inlinePolicies", index, "policy"],
      document: valueAt(item, "policy"),
    }),
  );
  return [trust, ...inline];
}
