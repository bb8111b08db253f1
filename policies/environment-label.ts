/**
 * Where a resource says which environment it belongs to: a label of Kubernetes objects and of the pods made from
 * them, a tag in AWS, custom metadata of an entry in Vault. Nothing else has a place for it.
 */
import { podTemplates } from "./kubernetes/containers";
import { kubernetesObjects } from "./kubernetes/objects";
import { isPatch } from "./kubernetes/pods";
import { isPhysical, kubernetesKind, type Resource } from "./resource";
import { isUnknown, type Path, type Value, valueAt } from "./value";

export const ENVIRONMENT_LABEL = "keybuzz.io/environment";
export const ENVIRONMENT_TAG = "keybuzz:environment";

/** A place for the environment's name. */
export interface LabelPlace {
  readonly path: Path;
  readonly value: Value | undefined;
}

/** Types of AWS that take tags, of the services that this project and its kind use. Source: @pulumi/aws. */
const TAGGABLE: ReadonlySet<string> = new Set([
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:iam/user:User",
  "aws:sesv2/configurationSet:ConfigurationSet",
  "aws:sesv2/contactList:ContactList",
  "aws:sesv2/dedicatedIpPool:DedicatedIpPool",
  "aws:sesv2/emailIdentity:EmailIdentity",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
  "aws:s3/bucket:Bucket",
  "aws:kms/key:Key",
  "aws:secretsmanager/secret:Secret",
  "aws:ssm/parameter:Parameter",
  "aws:lambda/function:Function",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
]);

/** Not an object of the cluster, though its type looks like one. */
const NO_OBJECTS = ["Release", "Chart", "ConfigFile", "ConfigGroup", "Directory"];

/** The places of a resource; none for components, and for what cannot carry the environment's name. */
export function labelPlaces(resource: Resource): readonly LabelPlace[] {
  if (!isPhysical(resource)) return [];
  const { type, properties } = resource;
  if (type === "vault:kv/secretV2:SecretV2")
    return [at(properties, ["customMetadata", "data", "environment"])];
  if (type.startsWith("aws:")) return tagPlaces(resource);
  const kind = kubernetesKind(resource);
  // A patch is laid on what somebody else declares, with that one's labels.
  if (kind === undefined || NO_OBJECTS.includes(kind) || isPatch(resource)) return [];
  const label = ["metadata", "labels", ENVIRONMENT_LABEL];
  const objects = kubernetesObjects(resource).objects.map(({ path }) => at(properties, [...path, ...label]));
  const pods = podTemplates(resource)
    .filter(({ path, object }) => path.length > object.path.length)
    .map(({ path }) => at(properties, [...path, ...label]));
  return [...objects, ...pods];
}

/** A provider may give all of its resources a tag. */
function tagPlaces({ type, properties, provider }: Resource): LabelPlace[] {
  if (!TAGGABLE.has(type) && properties.tags === undefined) return [];
  const own = at(properties, ["tags", ENVIRONMENT_TAG]);
  if (own.value !== undefined && own.value !== null) return [own];
  return [{ path: own.path, value: valueAt(defaultTags(provider?.properties.defaultTags), ENVIRONMENT_TAG) }];
}

/** Default tags as a program gives them, or as the JSON in which the SDK sends them. */
function defaultTags(value: Value | undefined): Value | undefined {
  if (typeof value !== "string") return isUnknown(value) ? value : valueAt(value, "tags");
  try {
    return valueAt(JSON.parse(value) as Value, "tags");
  } catch {
    return undefined;
  }
}

function at(properties: Value, path: Path): LabelPlace {
  return { path, value: valueAt(properties, ...path) };
}
