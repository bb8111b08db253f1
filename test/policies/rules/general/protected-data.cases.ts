import { protectedData } from "../../../../policies/rules/general/protected-data";
import { UNKNOWN } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

const DATA = [
  "postgresql:index/database:Database",
  "postgresql:index/schema:Schema",
  "postgresql:index/role:Role",
  "postgresql:index/extension:Extension",
  "aws:sesv2/emailIdentity:EmailIdentity",
  "aws:ses/domainIdentity:DomainIdentity",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:rds/instance:Instance",
  "aws:rds/cluster:Cluster",
  "aws:dynamodb/table:Table",
  "aws:efs/fileSystem:FileSystem",
  "aws:kms/key:Key",
  "vault:index/mount:Mount",
  "vault:kv/secretBackendV2:SecretBackendV2",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "kubernetes:core/v1:PersistentVolume",
];

const data = DATA.flatMap((type): RuleCase[] => [
  { name: `a protected ${type} is right`, given: resource(type, {}, { protect: true }), want: "compliant" },
  {
    name: `an unprotected ${type} is refused in production`,
    given: resource(type, {}),
    want: "findings",
    at: [""],
  },
  {
    name: `an unprotected ${type} may be deleted elsewhere`,
    environment: "dev",
    given: resource(type, {}),
    want: "not-applicable",
  },
]);

export const cases: RuleCases = {
  rule: protectedData,
  cases: [
    ...data,
    {
      name: "what can be made again needs no protection",
      given: object("apps/v1:Deployment", { metadata: { name: "keybuzz-api" } }),
      want: "not-applicable",
    },
    {
      name: "components are left alone",
      given: resource("keybuzz:postgres:Database", {}, { component: true }),
      want: "not-applicable",
    },
    {
      name: "a component of a type that holds data is left alone",
      given: resource("aws:s3/bucket:Bucket", {}, { component: true }),
      want: "not-applicable",
    },
    {
      name: "a list of namespaces whose items are not known stays open",
      given: object("core/v1:NamespaceList", { items: UNKNOWN }),
      want: "undetermined",
      at: ["items"],
    },
    {
      name: "a list of namespaces without any holds nothing",
      given: object("core/v1:NamespaceList", { items: [] }),
      want: "not-applicable",
    },
    {
      name: "a list of what can be made again needs no protection, whatever is in it",
      given: object("core/v1:ConfigMapList", { items: UNKNOWN }),
      want: "not-applicable",
    },
    {
      name: "a list that holds a namespace is refused like the namespace",
      given: object("core/v1:NamespaceList", { items: [{ metadata: { name: "a" } }] }),
      want: "findings",
      at: [""],
    },
    {
      name: "a list of claims is right when it is protected, whatever is in it",
      given: { ...object("core/v1:PersistentVolumeClaimList", { items: UNKNOWN }), protect: true },
      want: "compliant",
    },
    {
      name: "a patch holds no data",
      given: object("core/v1:NamespacePatch", { metadata: { name: "a" } }),
      want: "not-applicable",
    },
  ],
};
