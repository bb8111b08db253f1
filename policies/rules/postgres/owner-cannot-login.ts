/** Nobody logs in as the role that owns a database. */
import { isMissing, isTrue } from "../../literals";
import type { Resource, Stack } from "../../resource";
import { COMPLIANT, type StackRule, type StackVerdict, type Verdict } from "../../rule";
import { isUnknown, type Value } from "../../value";

const DATABASE = "postgresql:index/database:Database";
const ROLE = "postgresql:index/role:Role";
/** Resources that name an owner, and whether it must be named: a schema may be another one's that exists. */
const OWNED: ReadonlySet<string> = new Set([
  DATABASE,
  "postgresql:index/schema:Schema",
  "postgresql:index/defaultPrivileges:DefaultPrivileges",
  "postgresql:index/defaultPrivileg:DefaultPrivileg",
]);

export const ownerCannotLogin: StackRule = {
  id: "postgres/owner-cannot-login",
  title: "The role that owns a database, its schemas or their default privileges cannot log in",
  why:
    "PROD's application logged in as the user that its database was made for: a login that owns a database can drop " +
    "it, give it away, and change every table, and its password lies wherever the application runs.",
  prevents: ["F1"],
  fix: "Own with a role of its own that has login: false; applications and migrations log in as members of other roles.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "stack",
  check: (stack) => {
    const roles = stack.resources.filter(({ type }) => type === ROLE);
    const owned = stack.resources.filter(({ type }) => OWNED.has(type));
    return [
      ...owned.flatMap((resource) => ownedVerdict(resource, roles)),
      ...roles
        .filter((role) => owns(role, stack))
        .map((role) => ({ urn: role.urn, verdict: roleVerdict(role) })),
    ];
  },
};

/** Whether it can be told who owns it. */
function ownedVerdict(
  { urn, type, properties: { owner } }: Resource,
  roles: readonly Resource[],
): StackVerdict[] {
  if (isMissing(owner)) {
    if (type !== DATABASE) return [];
    const message =
      "is left out, so the login that deploys owns the database; name a role that cannot log in";
    return [{ urn, verdict: { outcome: "findings", findings: [{ property: "owner", message }] } }];
  }
  const isDeclared = roles.some(({ properties: { name } }) => name === owner);
  const verdict: Verdict =
    isUnknown(owner) || !isDeclared ? { outcome: "undetermined", properties: ["owner"] } : COMPLIANT;
  return [{ urn, verdict }];
}

function owns({ properties: { name } }: Resource, { resources }: Stack): boolean {
  return resources.some(({ type, properties }) => OWNED.has(type) && isSame(properties.owner, name));
}

function isSame(owner: Value | undefined, name: Value | undefined): boolean {
  return typeof owner === "string" && owner === name;
}

/** Left out, the provider and PostgreSQL take false. */
function roleVerdict({ properties: { name, login } }: Resource): Verdict {
  if (isUnknown(login)) return { outcome: "undetermined", properties: ["login"] };
  if (!isTrue(login)) return COMPLIANT;
  const message = `is true, though ${String(name)} owns a database, a schema or what is made in one`;
  return { outcome: "findings", findings: [{ property: "login", message }] };
}
