/** The cases of the rules on PostgreSQL. */
import type { RuleCases } from "../../cases";
import { cases as dedicatedRole } from "./dedicated-role.cases";
import { cases as noSuperuser } from "./no-superuser.cases";

export const postgresCases: readonly RuleCases[] = [dedicatedRole, noSuperuser];
