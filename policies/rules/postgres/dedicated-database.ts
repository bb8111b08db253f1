/** Nothing of an environment connects to, owns or grants on a database that is not its own. */
import { combined } from "../../combined";
import type { Estate } from "../../estate";
import { judgeReferences } from "../../foreign";
import { postgresConnections } from "../../postgres/cluster";
import type { NamedDatabase } from "../../postgres/connections";
import type { Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { pathText } from "../../value";

export const dedicatedDatabase: ResourceRule = {
  id: "postgres/dedicated-database",
  title:
    "Databases, grants, connection Secrets and DATABASE_URL name databases of their own environment alone",
  why:
    "PROD used DEV's database keybuzz: DEV's test data was shown to customers, and DEV's tests wrote to what customers " +
    "had entered.",
  prevents: ["F1"],
  fix: "Name a database of this environment: keybuzz:postgres.databases.<key>.name in its file.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) =>
    combined(judgeReferences(resource, estate, ["database"]), judgeStrangers(resource, estate)),
};

/** Databases of the server itself, where the provider may connect to and copy from. */
const MAINTENANCE: readonly string[] = ["postgres", "template0", "template1"];

/** A database that nobody is known to own, where the environment's own are known. */
function judgeStrangers(resource: Resource, estate: Estate): Verdict {
  const { owners, environment } = estate;
  if (!owners.claims("database")) return NOT_APPLICABLE;
  const assessment = new Assessment();
  const told = new Set<string>();
  for (const { name, path, quotable } of [
    ...typedNames(resource),
    ...postgresConnections(resource, estate).databases,
  ]) {
    const key = `${pathText(path)} ${name}`;
    if (owners.ownerOf("database", name) !== undefined || told.has(key)) continue;
    told.add(key);
    assessment.finding(
      path,
      `names the database ${quotable ? name : "[not shown]"}, which is none of ${environment}`,
    );
  }
  const { verdict } = assessment;
  return verdict.outcome === "findings" ? verdict : NOT_APPLICABLE;
}

/** Properties of the provider and its resources that name a database. */
function typedNames({ type, properties }: Resource): NamedDatabase[] {
  const named = (property: string, allowed: readonly string[] = []): NamedDatabase[] => {
    const name = properties[property];
    return typeof name === "string" && name !== "" && !allowed.includes(name)
      ? [{ name, path: [property], quotable: true }]
      : [];
  };
  if (type === "postgresql:index/database:Database")
    return [...named("name"), ...named("template", MAINTENANCE)];
  if (type === "pulumi:providers:postgresql") return named("database", MAINTENANCE);
  return type.startsWith("postgresql:") ? named("database") : [];
}
