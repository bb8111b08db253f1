/** A role as the catalogue has it. */
import { ProviderError } from "../../engine/provider/errors";
import type { PropertyMap } from "../../engine/provider/values";
import type { Plain } from "../table/plain";
import { type Membership, membershipsOf } from "./membership";
import { codeOf } from "./problem";
import { millisecondsOf, searchPathsOf, settingsOf } from "./role-settings";
import { ROLE_FLAGS } from "./role-table";
import { isStoredForm } from "./scram";
import type { Session } from "./session";

export interface ObservedRole {
  readonly oid: string;
  /** Plain properties, but for password and memberships. */
  readonly properties: PropertyMap;
  readonly memberships: readonly Membership[];
}

type FlagColumns = Record<(typeof ROLE_FLAGS)[keyof typeof ROLE_FLAGS]["column"], boolean>;

interface RoleRow extends FlagColumns {
  readonly oid: string;
  readonly rolconnlimit: number;
  readonly valid_until: string | null;
  readonly rolconfig: string[] | null;
}

/** Undefined when there is no such role. */
export async function observeRole(session: Session, name: string): Promise<ObservedRole | undefined> {
  const row = await session.row<RoleRow>(
    `SELECT oid::text, rolsuper, rolcreatedb, rolcreaterole, rolinherit, rolcanlogin, rolreplication, rolbypassrls,
            rolconnlimit, rolvaliduntil::text AS valid_until, rolconfig
       FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  if (row === undefined) return undefined;
  const settings = settingsOf(row.rolconfig);
  const flags = Object.entries(ROLE_FLAGS).map(([property, { column }]) => [property, row[column]]);
  const assumeRole = settings.get("role");
  const searchPath = settings.get("search_path");
  const properties: PropertyMap = {
    name,
    ...Object.fromEntries(flags),
    connectionLimit: row.rolconnlimit,
    encryptedPassword: true,
    validUntil: row.valid_until ?? "infinity",
    statementTimeout: millisecondsOf(settings.get("statement_timeout")),
    idleInTransactionSessionTimeout: millisecondsOf(settings.get("idle_in_transaction_session_timeout")),
    ...(assumeRole !== undefined && { assumeRole }),
    ...(searchPath !== undefined && { searchPaths: searchPathsOf(searchPath) }),
  };
  return { oid: row.oid, properties, memberships: await membershipsOf(session, name) };
}

/**
 * The password of a role: the known one while the server keeps that, else the form that it keeps, which differs
 * from whatever a program says; undefined when it has none. Reading it takes a superuser.
 */
export async function observePassword(
  session: Session,
  name: string,
  known: Plain,
): Promise<string | undefined> {
  const row = await session
    .row<{ stored: string | null }>("SELECT rolpassword AS stored FROM pg_authid WHERE rolname = $1", [name])
    .catch((error: unknown) => {
      if (codeOf(error) !== "42501") throw error;
      throw new ProviderError(
        `role ${JSON.stringify(name)}: the provider's login is no superuser, so it cannot compare passwords: set superuser: false on the provider, or log in as one`,
      );
    });
  const stored = row?.stored ?? undefined;
  const password = known.optionalText("password");
  if (stored === undefined || password === undefined) return stored;
  return (await isStoredForm(stored, password, name)) ? password : stored;
}
