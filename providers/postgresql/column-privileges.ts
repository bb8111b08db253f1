/**
 * What a role holds on columns while its privileges on whole tables change: PostgreSQL's REVOKE on a table also takes
 * the same privileges on its columns, and their grant options, from whoever revokes. They are a Grant of their own.
 */
import { inNameOf } from "./grantor";
import { grantee } from "./names";
import type { Session } from "./session";

/** Who holds something, and on which tables. */
export interface Holder {
  readonly role: string;
  /** Oid of that role, 0 for PUBLIC. */
  readonly oid: string;
  readonly schema: string | undefined;
  /** As SQL names the tables. */
  readonly tables: readonly string[];
}

interface ColumnPrivilege {
  readonly table: string;
  /** Quoted. */
  readonly column: string;
  readonly privilege: string;
  readonly grantable: boolean;
  /** Null for the owner. */
  readonly grantor: string | null;
}

/** Revokes, and gives back what that took on columns. */
export async function keepingColumns(
  session: Session,
  holder: Holder,
  revoke: () => Promise<void>,
): Promise<void> {
  const before = await columnPrivileges(session, holder);
  await revoke();
  if (before.length === 0) return;
  const left = new Set((await columnPrivileges(session, holder)).map((held) => JSON.stringify(held)));
  for (const held of before) {
    if (left.has(JSON.stringify(held))) continue;
    const { table, column, privilege, grantable, grantor } = held;
    const option = grantable ? " WITH GRANT OPTION" : "";
    const grant = `GRANT ${privilege} (${column}) ON TABLE ${table} TO ${grantee(holder.role)}${option}`;
    const about = { what: `${privilege} (${column}) on ${table}`, schema: holder.schema };
    await inNameOf(session, grantor ?? undefined, about, [grant]);
  }
}

function columnPrivileges(session: Session, { oid, tables }: Holder): Promise<ColumnPrivilege[]> {
  return session.rows<ColumnPrivilege>(
    `SELECT t.name AS "table", quote_ident(a.attname) AS "column", x.privilege_type AS privilege,
            x.is_grantable AS grantable, CASE WHEN x.grantor <> c.relowner THEN g.rolname END AS grantor
       FROM unnest($2::text[]) t(name)
       JOIN pg_class c ON c.oid = t.name::regclass
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      CROSS JOIN aclexplode(a.attacl) x
       JOIN pg_roles g ON g.oid = x.grantor
      WHERE x.grantee = $1::oid
      ORDER BY 1, a.attnum, 3`,
    [oid, tables],
  );
}
