/** The cases of the rules on PostgreSQL. */
import type { RuleCases } from "../../cases";
import { cases as boundedConnections } from "./bounded-connections.cases";
import { cases as dedicatedDatabase } from "./dedicated-database.cases";
import { cases as dedicatedRole } from "./dedicated-role.cases";
import { cases as noGrantOption } from "./no-grant-option.cases";
import { cases as noPublicConnect } from "./no-public-connect.cases";
import { cases as noSuperuser } from "./no-superuser.cases";
import { cases as ownerCannotLogin } from "./owner-cannot-login.cases";
import { cases as writeAddress } from "./write-address.cases";

export const postgresCases: readonly RuleCases[] = [
  boundedConnections,
  dedicatedDatabase,
  dedicatedRole,
  noGrantOption,
  noPublicConnect,
  noSuperuser,
  ownerCannotLogin,
  writeAddress,
];
