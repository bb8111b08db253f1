/** Nothing of an environment logs in as, owns for, or grants to a role of another one. */
import { judgeReferences } from "../../foreign";
import type { ResourceRule } from "../../rule";

export const dedicatedRole: ResourceRule = {
  id: "postgres/dedicated-role",
  title: "Roles, grants, connection Secrets and DATABASE_URL name roles of their own environment alone",
  why:
    "PROD logged in as keybuzz_api_dev: whatever DEV's role may do, PROD's customers' data was open to, and a " +
    "password that leaked in DEV was PROD's password.",
  prevents: ["F1"],
  fix: "Name a role of this environment: keybuzz:postgres.databases.<key>.name in its file decides all role names.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => judgeReferences(resource, estate, ["role"]),
};
