import { explicitNames } from "../../../../policies/rules/general/explicit-names";
import { OWN_UNKNOWN, UNKNOWN } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

/** Every type whose name a program can leave out, as the schemas of the providers' packages have it. */
const NAMED = [
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
] as const;

const named = NAMED.flatMap(([type, property]): RuleCase[] => [
  {
    name: `a ${type} with ${property} has its name`,
    given: resource(type, { [property]: "keybuzz" }),
    want: "compliant",
  },
  {
    name: `a ${type} without ${property} gets a name made up`,
    given: resource(type, { other: "keybuzz" }),
    want: "findings",
    at: [property],
  },
]);

const secret = (metadata: object) => object("core/v1:Secret", { metadata: { ...metadata } });

export const cases: RuleCases = {
  rule: explicitNames,
  cases: [
    ...named,
    {
      name: "an empty name is none",
      given: resource("aws:iam/user:User", { name: "" }),
      want: "findings",
      at: ["name"],
    },
    {
      name: "a prefix is no name",
      given: resource("aws:iam/user:User", { namePrefix: "keybuzz-" }),
      want: "findings",
      at: ["name", "namePrefix"],
    },
    {
      name: "a prefix beside a name is refused",
      given: resource("aws:sns/topic:Topic", { name: "a", namePrefix: "keybuzz-" }),
      want: "findings",
      at: ["namePrefix"],
    },
    {
      name: "a bucket's prefix is no name",
      given: resource("aws:s3/bucket:Bucket", { bucket: "a", bucketPrefix: "keybuzz-" }),
      want: "findings",
      at: ["bucketPrefix"],
    },
    {
      name: "an empty prefix is none",
      given: resource("aws:sns/topic:Topic", { name: "a", namePrefix: "" }),
      want: "compliant",
    },
    {
      name: "a prefix that is null is none",
      given: resource("aws:sns/topic:Topic", { name: "a", namePrefix: null }),
      want: "compliant",
    },
    {
      name: "an object with a name has one",
      given: secret({ name: "keybuzz-ses" }),
      want: "compliant",
    },
    {
      name: "an object without a name gets one made up",
      given: secret({ namespace: "keybuzz-api-prod" }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "an object with the beginning of a name gets one made up",
      given: secret({ generateName: "keybuzz-" }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "an object without metadata gets a name made up",
      given: object("networking.k8s.io/v1:NetworkPolicy", { spec: {} }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "an object that the provider named is found by the provider's mark",
      given: secret({ name: "ses-1a2b3c4d", annotations: { "pulumi.com/autonamed": "true" } }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "a custom object needs a name too",
      given: object("cert-manager.io/v1:Certificate", { metadata: {} }),
      want: "findings",
      at: ["metadata.name"],
    },
    {
      name: "an object in a list needs a name too",
      given: object("core/v1:ConfigMapList", { items: [{ metadata: { name: "a" } }, { metadata: {} }] }),
      want: "findings",
      at: ["items[1].metadata.name"],
    },
    {
      name: "objects that are not known stay open",
      given: object("core/v1:ConfigMapList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "an object that is not known stays open beside one that is",
      given: object("core/v1:ConfigMapList", { items: [{ metadata: { name: "a" } }, UNKNOWN] }),
      want: "undetermined",
      at: ["items[1]"],
    },
    {
      name: "a list of no objects has none to name",
      given: object("core/v1:ConfigMapList", { items: [] }),
      want: "not-applicable",
    },
    {
      name: "a name that is not known stays open",
      given: secret({ name: UNKNOWN }),
      want: "undetermined",
      at: ["metadata.name"],
    },
    {
      name: "a property that is not known stays open",
      given: resource("postgresql:index/role:Role", { name: UNKNOWN }),
      want: "undetermined",
      at: ["name"],
    },
    {
      name: "a name that another resource of this environment gives is given",
      given: resource("aws:iam/user:User", { name: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "what has no name of its own is left alone",
      given: resource("aws:iam/accessKey:AccessKey", { user: "keybuzz-ses-prod" }),
      want: "not-applicable",
    },
    {
      name: "components are left alone",
      given: resource("kubernetes:yaml:ConfigFile", { file: "a.yaml" }, { component: true }),
      want: "not-applicable",
    },
    {
      name: "providers are left alone",
      given: resource("pulumi:providers:kubernetes", { context: "keybuzz" }),
      want: "not-applicable",
    },
  ],
};
