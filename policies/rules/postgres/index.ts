/** Rules on PostgreSQL's roles, databases and privileges, and on what connects to them. */
import type { Rule } from "../../rule";
import { dedicatedRole } from "./dedicated-role";
import { noSuperuser } from "./no-superuser";

export const postgresRules: readonly Rule[] = [dedicatedRole, noSuperuser];
