/**
 * Statements about what a role granted: only that role itself can revoke it, or somebody in its name. Where that is
 * not possible, the message says who granted what, and what is missing.
 */
import { ProviderError } from "../../engine/provider/errors";
import { identifier, quoted } from "./names";
import { codeOf } from "./problem";
import type { Session } from "./session";

/** What is granted, for messages: `SELECT on "t"`; and the schema in which it stands, if it stands in one. */
export interface Granted {
  readonly what: string;
  readonly schema: string | undefined;
}

/** @param grantor undefined for the owner, in whose name the provider's login acts anyway */
export async function inNameOf(
  session: Session,
  grantor: string | undefined,
  { what, schema }: Granted,
  statements: readonly string[],
): Promise<void> {
  if (grantor === undefined) return session.run(...statements);
  const granted = `${what} was granted by role ${quoted(grantor)}`;
  const locked = schema !== undefined && !(await mayUse(session, grantor, schema)) ? schema : undefined;
  if (locked !== undefined && !(await isSuperuser(session))) {
    throw new ProviderError(
      `${granted}, which has no USAGE on schema ${quoted(locked)}, so nothing can be revoked in its name: grant it that for the time being, or connect as a superuser`,
    );
  }
  const usage = (verb: string, way: string): string | undefined =>
    locked && `${verb} USAGE ON SCHEMA ${identifier(locked)} ${way} ${identifier(grantor)}`;
  try {
    // Inside of the transaction, so nobody else ever sees that the role may use the schema.
    await session.run(
      usage("GRANT", "TO"),
      `SET LOCAL ROLE ${identifier(grantor)}`,
      ...statements,
      "RESET ROLE",
      usage("REVOKE", "FROM"),
    );
  } catch (error) {
    if (codeOf(error) !== "42501") throw error;
    throw new ProviderError(
      `${granted}, and the provider's login may not act as that role: revoke it as ${quoted(grantor)}, or connect as a superuser`,
    );
  }
}

async function mayUse(session: Session, role: string, schema: string): Promise<boolean> {
  const row = await session.row<{ may: boolean }>(
    "SELECT has_schema_privilege($1::name, $2::text, 'USAGE') AS may",
    [role, schema],
  );
  return row?.may === true;
}

async function isSuperuser(session: Session): Promise<boolean> {
  const row = await session.row("SELECT FROM pg_roles WHERE rolname = current_user AND rolsuper");
  return row !== undefined;
}
