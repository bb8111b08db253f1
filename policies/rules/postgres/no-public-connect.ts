/** PostgreSQL lets every role into every database, unless it is told not to. */
import type { Resource, Stack } from "../../resource";
import { Assessment, COMPLIANT, type StackRule, type StackVerdict, type Verdict } from "../../rule";
import { isUnknown, itemsOf, type Value } from "../../value";

const DATABASE = "postgresql:index/database:Database";
const GRANT = "postgresql:index/grant:Grant";

export const noPublicConnect: StackRule = {
  id: "postgres/no-public-connect",
  title: "CONNECT and TEMPORARY are taken from PUBLIC on every database, and given to it nowhere",
  why:
    "One PostgreSQL cluster serves both environments, through one address. PUBLIC holds CONNECT and TEMPORARY on a new " +
    "database, so every login of DEV gets into PROD's databases.",
  prevents: ["F1"],
  fix: 'Declare a Grant with objectType "database", role "public" and no privileges for each database.',
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "stack",
  check: ({ resources }) => [
    ...resources
      .filter(({ type }) => type === DATABASE)
      .map((database) => ({ urn: database.urn, verdict: databaseVerdict(database, resources) })),
    ...resources.filter(({ type }) => type === GRANT).flatMap(grantVerdict),
  ],
};

/** Whether a grant takes from PUBLIC what this database gives it. */
function databaseVerdict({ properties: { name } }: Resource, resources: Stack["resources"]): Verdict {
  const property = "name";
  if (isUnknown(name)) return { outcome: "undetermined", properties: [property] };
  const grants = resources.filter(({ type }) => type === GRANT);
  if (grants.some((grant) => closes(grant, name) === true)) return COMPLIANT;
  if (grants.some((grant) => closes(grant, name) === undefined)) {
    return { outcome: "undetermined", properties: [property] };
  }
  const message = `is ${String(name)}, from which no grant takes what PUBLIC may do; every role of the cluster may connect`;
  return { outcome: "findings", findings: [{ property, message }] };
}

/**
 * Whether a grant closes a database; undefined when that hangs on a value that is not known. With privileges it
 * takes all and gives these, and is found wrong for itself.
 */
function closes({ properties }: Resource, database: Value | undefined): boolean | undefined {
  const { role, objectType } = properties;
  const parts = [properties.database === database, role === "public", isDatabase(objectType)];
  if (parts.every((fits) => fits)) return true;
  const open = [properties.database, role, objectType].every(
    (value, index) => parts[index] === true || isUnknown(value),
  );
  return open ? undefined : false;
}

function isDatabase(objectType: Value | undefined): boolean {
  return typeof objectType === "string" && objectType.toLowerCase() === "database";
}

/** What a grant on a database gives PUBLIC: nothing. */
function grantVerdict({ urn, properties }: Resource): StackVerdict[] {
  const { role, objectType, privileges } = properties;
  const isPublic = typeof role === "string" && role.toLowerCase() === "public";
  if (!isPublic || !isDatabase(objectType)) return [];
  const assessment = new Assessment();
  if (isUnknown(privileges)) assessment.unknown(["privileges"]);
  for (const [index, privilege] of itemsOf(privileges)) {
    if (isUnknown(privilege)) assessment.unknown(["privileges", index]);
    else assessment.finding(["privileges", index], `gives ${String(privilege)} to every role of the cluster`);
  }
  return [{ urn, verdict: assessment.verdict }];
}
