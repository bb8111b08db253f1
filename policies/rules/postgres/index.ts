/** Rules on PostgreSQL's roles, databases and privileges, and on what connects to them. */
import type { Rule } from "../../rule";
import { boundedConnections } from "./bounded-connections";
import { dedicatedDatabase } from "./dedicated-database";
import { dedicatedRole } from "./dedicated-role";
import { noGrantOption } from "./no-grant-option";
import { noPublicConnect } from "./no-public-connect";
import { noSuperuser } from "./no-superuser";
import { ownerCannotLogin } from "./owner-cannot-login";
import { writeAddress } from "./write-address";

export const postgresRules: readonly Rule[] = [
  dedicatedDatabase,
  dedicatedRole,
  writeAddress,
  noSuperuser,
  noGrantOption,
  ownerCannotLogin,
  noPublicConnect,
  boundedConnections,
];
