/** What a resource is called outside of Pulumi is written down, not made up. */
import { kubernetesObjects } from "../../kubernetes/objects";
import { isPhysical, kubernetesKind, type Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isUnknown, itemsOf, type Path, type Value, valueAt } from "../../value";

/**
 * The property that is a resource's name, by type; types that are not listed have none of their own. Sources: the
 * schemas of the providers' packages.
 */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["postgresql:index/role:Role", "name"],
  ["postgresql:index/database:Database", "name"],
  ["postgresql:index/schema:Schema", "name"],
  ["postgresql:index/extension:Extension", "name"],
  ["postgresql:index/function:Function", "name"],
  ["postgresql:index/publication:Publication", "name"],
  ["postgresql:index/subscription:Subscription", "name"],
  ["vault:index/policy:Policy", "name"],
  ["vault:index/mount:Mount", "path"],
  ["vault:index/authBackend:AuthBackend", "path"],
  ["vault:index/audit:Audit", "path"],
  ["vault:kv/secretV2:SecretV2", "name"],
  ["vault:kv/secret:Secret", "path"],
  ["vault:generic/secret:Secret", "path"],
  ["vault:kubernetes/authBackendRole:AuthBackendRole", "roleName"],
  ["vault:appRole/authBackendRole:AuthBackendRole", "roleName"],
  ["vault:database/secretBackendConnection:SecretBackendConnection", "name"],
  ["vault:database/secretBackendRole:SecretBackendRole", "name"],
  ["vault:database/secretBackendStaticRole:SecretBackendStaticRole", "name"],
  ["vault:database/secretsMount:SecretsMount", "path"],
  ["aws:iam/user:User", "name"],
  ["aws:iam/group:Group", "name"],
  ["aws:iam/role:Role", "name"],
  ["aws:iam/policy:Policy", "name"],
  ["aws:iam/instanceProfile:InstanceProfile", "name"],
  ["aws:iam/userPolicy:UserPolicy", "name"],
  ["aws:iam/groupPolicy:GroupPolicy", "name"],
  ["aws:iam/rolePolicy:RolePolicy", "name"],
  ["aws:sns/topic:Topic", "name"],
  ["aws:sqs/queue:Queue", "name"],
  ["aws:s3/bucket:Bucket", "bucket"],
  ["aws:ses/configurationSet:ConfigurationSet", "name"],
  ["aws:ses/eventDestination:EventDestination", "name"],
  ["aws:ses/domainIdentity:DomainIdentity", "domain"],
  ["aws:ses/emailIdentity:EmailIdentity", "email"],
  ["aws:sesv2/emailIdentity:EmailIdentity", "emailIdentity"],
  ["aws:sesv2/configurationSet:ConfigurationSet", "configurationSetName"],
  ["aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination", "eventDestinationName"],
  ["aws:cloudwatch/logGroup:LogGroup", "name"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "name"],
  ["aws:lambda/function:Function", "name"],
  ["aws:secretsmanager/secret:Secret", "name"],
  ["kubernetes:helm.sh/v3:Release", "name"],
]);

/** The Kubernetes provider's mark on an object whose name it made up. */
const AUTONAMED = "pulumi.com/autonamed";

export const explicitNames: ResourceRule = {
  id: "general/explicit-names",
  title: "Every resource has a name that the program gives it",
  why:
    "A name that Pulumi makes up says nothing of its environment, is unknown until the deployment, and changes with " +
    "every replacement: no rule can compare it, and no workload of another repository can refer to it.",
  prevents: ["F1", "F14"],
  fix: "Give metadata.name, name, path or roleName; leave out namePrefix and generateName.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, { configuration }) => {
    // Elsewhere names that Pulumi makes up are the custom.
    if (configuration === undefined || !isPhysical(resource)) return NOT_APPLICABLE;
    const property = NAMES.get(resource.type);
    if (property !== undefined) return judgeProperty(resource, property);
    return kubernetesKind(resource) === undefined ? NOT_APPLICABLE : judgeObjects(resource);
  },
};

function judgeProperty({ properties }: Resource, property: string): Verdict {
  const assessment = new Assessment();
  // The bridge lists what it filled in by itself.
  const isFilledIn = itemsOf(properties.__defaults).some(([, name]) => name === property);
  if (isFilledIn) assessment.finding([property], "is made up by the provider; give it");
  else judgeName(properties[property], [property], assessment);
  const prefix = `${property}Prefix`;
  const given = properties[prefix];
  if (given !== undefined && given !== null && given !== "") {
    assessment.finding([prefix], `lets the provider make up the rest of the name; give ${property}`);
  }
  return assessment.verdict;
}

function judgeObjects(resource: Resource): Verdict {
  const { objects, unknown } = kubernetesObjects(resource);
  if (objects.length + unknown.length === 0) return NOT_APPLICABLE;
  const assessment = new Assessment();
  for (const { path } of unknown) assessment.unknown(path);
  for (const { path, body } of objects) {
    const name = valueAt(body, "metadata", "name");
    const at = [...path, "metadata", "name"];
    if (valueAt(body, "metadata", "annotations", AUTONAMED) === "true") {
      assessment.finding(at, "is made up by the provider; give it");
    } else judgeName(name, at, assessment);
  }
  return assessment.verdict;
}

/** The output of another resource of this environment is a name that the program gives. */
function judgeName(name: Value | undefined, at: Path, assessment: Assessment): void {
  if (isUnknown(name)) {
    if (!name.own) assessment.unknown(at);
  } else if (typeof name !== "string" || name === "")
    assessment.finding(at, "is not given, so it is made up");
}
