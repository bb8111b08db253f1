/** No database and no login can take all connections of the cluster. */
import { isMissing, isTrue, numberOf } from "../../literals";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown } from "../../value";

export const boundedConnections: ResourceRule = {
  id: "postgres/bounded-connections",
  title: "Databases and logins have a connection limit",
  why: "DEV and PROD share the cluster's connections: without limits, a leak in a DEV workload leaves PROD's API none.",
  prevents: ["F1"],
  fix: "Set connectionLimit: keybuzz:postgres.databases.<key>.connectionLimits in the environment's file.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: ({ type, properties: { login, connectionLimit } }) => {
    const isRole = type === "postgresql:index/role:Role";
    if (!isRole && type !== "postgresql:index/database:Database") return NOT_APPLICABLE;
    if (isRole && !isUnknown(login) && !isTrue(login)) return NOT_APPLICABLE;
    const assessment = new Assessment();
    const limit = numberOf(connectionLimit);
    if (isUnknown(connectionLimit)) assessment.unknown(["connectionLimit"]);
    else if (limit !== undefined && limit > 0) return assessment.verdict;
    // A role that cannot log in needs no limit.
    else if (isRole && isUnknown(login)) assessment.unknown(["login"]);
    else if (isMissing(connectionLimit))
      assessment.finding(["connectionLimit"], "is left out, and then unlimited");
    else if (limit === 0)
      assessment.finding(["connectionLimit"], "is 0, so nobody can connect; give a number from 1");
    else assessment.finding(["connectionLimit"], "is unlimited or no number; give a number from 1");
    return assessment.verdict;
  },
};
