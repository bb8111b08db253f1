/** Roles have no power beyond their own database. */
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown } from "../../value";

/** Attributes that reach beyond a database, as the provider names them. */
const POWERS = {
  superuser: "SUPERUSER reads and changes every database",
  createRole: "CREATEROLE makes roles and, before PostgreSQL 16, changes all of them",
  createDatabase: "CREATEDB makes databases that nobody declared",
  replication: "REPLICATION reads everything that is written, in every database",
  bypassRowLevelSecurity: "BYPASSRLS ignores row level security",
} as const;

export const noSuperuser: ResourceRule = {
  id: "postgres/no-superuser",
  title: "No role has attributes that reach beyond its database",
  why: "One PostgreSQL cluster serves both environments: a superuser of one is a superuser of the other.",
  prevents: ["F1"],
  fix: "Leave the attribute out; what needs it is done by an administrator's own login.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties }) => {
    if (type !== "postgresql:index/role:Role") return NOT_APPLICABLE;
    const assessment = new Assessment();
    for (const [attribute, why] of Object.entries(POWERS)) {
      const value = properties[attribute];
      if (isUnknown(value)) assessment.unknown([attribute]);
      else if (value === true || value === "true") assessment.finding([attribute], `is true: ${why}`);
    }
    return assessment.verdict;
  },
};
