/**
 * Who is a member of which role. From version 16 on there is one membership for each grantor; to end one, all of
 * them must go, each in the name of its grantor.
 *
 * From then on, too, whoever makes a role without being a superuser gets the right to pass it on, from the role
 * that made the server and without any use of the new role. That is how it may change what it made; it is no
 * membership that anyone declares, so it is neither seen nor ended here.
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

/** Whether a row `m` is the right of a role's maker. Before version 16 there are no such columns, so it is none. */
const IS_MAKERS = `(m.grantor = 10 AND
  to_jsonb(m) @> '{"admin_option": true, "inherit_option": false, "set_option": false}')`;

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
      WHERE r.rolname = $1 AND NOT ${IS_MAKERS} GROUP BY g.rolname ORDER BY g.rolname`,
    [member],
  );
}

/** Whether a role may pass the other one on since it made it. */
export async function isMaker(session: Session, member: string, group: string): Promise<boolean> {
  const row = await session.row(
    `SELECT FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member
      WHERE r.rolname = $1 AND g.rolname = $2 AND ${IS_MAKERS}`,
    [member, group],
  );
  return row !== undefined;
}

/** @param admin whether the member may pass the role on; whoever made it may do so anyway */
export async function grantMembership(
  session: Session,
  member: string,
  group: string,
  admin = false,
): Promise<void> {
  const grant = `GRANT ${identifier(group)} TO ${identifier(member)}`;
  if (!(await isMaker(session, member, group))) {
    return session.run(admin ? `${grant} WITH ADMIN OPTION` : grant);
  }
  // A superuser's grant would go into the maker's row, and end with it: this one gets a row of its own.
  const row = await session.row<{ may: boolean }>(
    "SELECT pg_has_role(current_user, $1::name, 'USAGE') AS may",
    [member],
  );
  await session.run(row?.may ? `${grant} GRANTED BY ${identifier(member)}` : grant);
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
