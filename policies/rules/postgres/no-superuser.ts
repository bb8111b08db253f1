/** Roles have no power beyond their own database. */
import { isTrue } from "../../literals";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, itemsOf, type Path, type Value, type ValueMap } from "../../value";

/** Attributes that reach beyond a database, as the provider names them. */
const POWERS = {
  superuser: "SUPERUSER reads and changes every database",
  createRole: "CREATEROLE makes roles and, before PostgreSQL 16, changes all of them",
  createDatabase: "CREATEDB makes databases that nobody declared",
  replication: "REPLICATION reads everything that is written, in every database",
  bypassRowLevelSecurity: "BYPASSRLS ignores row level security",
} as const;

/**
 * Roles of the server whose members have such power without the attribute. Source: PostgreSQL, Predefined Roles.
 * Those that only watch the server are not among them. `postgres` is the superuser that a server begins with.
 */
const POWERFUL: ReadonlySet<string> = new Set([
  "postgres",
  "pg_read_all_data",
  "pg_write_all_data",
  "pg_maintain",
  "pg_signal_backend",
  "pg_create_subscription",
  "pg_read_server_files",
  "pg_write_server_files",
  "pg_execute_server_program",
]);

export const noSuperuser: ResourceRule = {
  id: "postgres/no-superuser",
  title: "No role has attributes or memberships that reach beyond its database",
  why: "One PostgreSQL cluster serves both environments: a superuser of one is a superuser of the other.",
  prevents: ["F1"],
  fix: "Leave the attribute or membership out; what needs it is done by an administrator's own login.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }) => {
    const assessment = new Assessment();
    if (type === "postgresql:index/role:Role") judgeRole(assessment, properties);
    else if (type === "postgresql:index/grantRole:GrantRole") {
      judgeMembership(assessment, properties.grantRole, ["grantRole"]);
    } else return NOT_APPLICABLE;
    return assessment.verdict;
  },
};

function judgeRole(assessment: Assessment, properties: ValueMap): void {
  for (const [attribute, why] of Object.entries(POWERS)) {
    const value = properties[attribute];
    if (isUnknown(value)) assessment.unknown([attribute]);
    else if (isTrue(value)) assessment.finding([attribute], `is true: ${why}`);
  }
  const { roles, assumeRole } = properties;
  judgeMembership(assessment, roles, ["roles"]);
  for (const [index, role] of itemsOf(roles)) judgeMembership(assessment, role, ["roles", index]);
  judgeMembership(assessment, assumeRole, ["assumeRole"]);
}

/** A role that this environment manages has no such power: it would be found. */
function judgeMembership(assessment: Assessment, role: Value | undefined, path: Path): void {
  if (isUnknown(role)) {
    if (!role.own) assessment.unknown(path);
  } else if (typeof role === "string" && POWERFUL.has(role)) {
    assessment.finding(path, `is ${role}, whose members reach every database of the cluster`);
  }
}
