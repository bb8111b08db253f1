/** What cannot be made again is not deleted by a change of the program. */
import { kubernetesObjects } from "../../kubernetes/objects";
import { isPatch } from "../../kubernetes/pods";
import { kubernetesKind, type Resource } from "../../resource";
import { COMPLIANT, NOT_APPLICABLE, type ResourceRule } from "../../rule";

/** What is lost with a resource, by its type. */
const DATA: Readonly<Record<string, string>> = {
  "postgresql:index/database:Database": "all that is stored in the database",
  "postgresql:index/schema:Schema": "the tables in the schema",
  "postgresql:index/role:Role": "what the role owns, and every privilege that it was given",
  "postgresql:index/extension:Extension": "the columns and indexes that are of the extension's types",
  "aws:sesv2/emailIdentity:EmailIdentity": "the DKIM keys, and all mail until new ones are in DNS",
  "aws:ses/domainIdentity:DomainIdentity": "the DKIM keys, and all mail until new ones are in DNS",
  "aws:s3/bucket:Bucket": "what is stored in the bucket",
  "aws:s3/bucketV2:BucketV2": "what is stored in the bucket",
  "aws:rds/instance:Instance": "all that is stored in the database",
  "aws:rds/cluster:Cluster": "all that is stored in the databases",
  "aws:dynamodb/table:Table": "all that is stored in the table",
  "aws:efs/fileSystem:FileSystem": "all that is stored in the file system",
  "aws:kms/key:Key": "all that is encrypted with the key",
  "vault:index/mount:Mount": "every entry below the mount",
  "vault:kv/secretBackendV2:SecretBackendV2": "every entry below the mount",
};

/** The same by kind, for objects of every version of the API. */
const KINDS: Readonly<Record<string, string>> = {
  Namespace: "everything in the namespace",
  PersistentVolumeClaim: "what is stored on the volume",
  PersistentVolume: "what is stored on the volume",
};

export const protectedData: ResourceRule = {
  id: "general/protected-data",
  title: "In production, data and what it hangs on are protected against deletion",
  why:
    "One line lost from the program, or `pulumi destroy` with the wrong stack selected, drops PROD's database. A " +
    "name that changes replaces it, which is the same.",
  prevents: [],
  fix: "Set the option protect: true; the components do so where keybuzz:environment.production is true.",
  severity: "critical",
  level: "mandatory",
  environments: "production",
  scope: "resource",
  check: (resource) => {
    if (resource.provider === undefined) return NOT_APPLICABLE;
    const lost = DATA[resource.type] ?? lostObjects(resource);
    if (lost === undefined) return NOT_APPLICABLE;
    if (resource.protect) return COMPLIANT;
    if (lost === "unknown") return { outcome: "undetermined", properties: ["items"] };
    return {
      outcome: "findings",
      findings: [{ property: "", message: `is not protected: deleting it loses ${lost}` }],
    };
  },
};

/** What is lost with the objects of a resource. A list of a kind that holds data may turn out to be empty. */
function lostObjects(resource: Resource): string | undefined {
  if (isPatch(resource)) return undefined;
  const { objects, unknown } = kubernetesObjects(resource);
  const lost = objects.flatMap(({ kind }) => KINDS[kind] ?? []);
  const mayHold = unknown.length > 0 && kubernetesKind(resource)?.replace(/List$/, "");
  return lost[0] ?? (mayHold && KINDS[mayHold] !== undefined ? "unknown" : undefined);
}
