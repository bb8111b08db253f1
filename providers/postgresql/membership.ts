/**
 * Who is a member of which role. From version 16 on there is one membership for each grantor; to end one, all of
 * them must go, each in the name of its grantor.
 */
import { identifier } from "./names";
import type { Session } from "./session";

export interface Membership {
  /** The role that is granted. */
  readonly group: string;
  readonly admin: boolean;
  /** Whoever granted it; empty before version 16, where it does not matter. */
  readonly grantors: readonly string[];
}

/** What a role is a member of, by name. */
export async function membershipsOf(session: Session, member: string): Promise<Membership[]> {
  return session.rows<Membership>(
    `SELECT g.rolname AS "group", bool_or(m.admin_option) AS admin,
            CASE WHEN current_setting('server_version_num')::int >= 160000
                 THEN array_agg(o.rolname::text ORDER BY o.rolname) ELSE '{}' END AS grantors
       FROM pg_auth_members m
       JOIN pg_roles g ON g.oid = m.roleid
       JOIN pg_roles r ON r.oid = m.member
       JOIN pg_roles o ON o.oid = m.grantor
      WHERE r.rolname = $1 GROUP BY g.rolname ORDER BY g.rolname`,
    [member],
  );
}

export async function endMembership(
  session: Session,
  member: string,
  { group, grantors }: Membership,
): Promise<void> {
  const revoke = `REVOKE ${identifier(group)} FROM ${identifier(member)}`;
  if (grantors.length === 0) await session.run(revoke);
  for (const grantor of grantors) await session.run(`${revoke} GRANTED BY ${identifier(grantor)}`);
}
