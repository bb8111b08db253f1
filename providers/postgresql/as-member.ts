/**
 * Lets a login that is no superuser do what only the owner of something may: it becomes a member of that role for
 * the time of some statements of one transaction, which needs the admin option. The membership is taken back, and one
 * that was there before is as it was, when the transaction ends in whichever way: no other session ever sees it, and a
 * lost connection leaves nothing behind.
 */
import { identifier } from "./names";
import type { Session } from "./session";

/** The role that stands for whoever owns the database; it owns schema public, and can have no members. */
const DATABASE_OWNER = "pg_database_owner";

interface Needed {
  readonly role: string;
  /** Whether memberships have options of their own, as from version 16 on. */
  readonly hasOptions: boolean;
}

interface Options {
  readonly grantor: string;
  readonly inherit: boolean;
  readonly set: boolean;
}

/**
 * Runs `work`, inside of a transaction, with what these roles may do. A role that the login may not join is left out:
 * then the server says what is missing, if anything is.
 */
export async function asMemberOf<Result>(
  session: Session,
  roles: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const undo: string[] = [];
  for (const needed of await memberships(session, roles)) undo.unshift(await join(session, needed));
  const result = await work();
  // When the work fails, the rollback undoes it. An error here must be one: the transaction is lost with it.
  await session.run(...undo);
  return result;
}

/** Whether the login can act for this role in no other way than by becoming a member for a moment. */
export async function mustJoin(session: Session, role: string): Promise<boolean> {
  return (await memberships(session, [role])).length > 0;
}

/** The owner of this database, for whoever may not create schemas in it otherwise. */
export async function ownerForCreating(session: Session): Promise<string[]> {
  const rows = await session.rows<{ owner: string }>(
    `SELECT pg_get_userbyid(datdba) AS owner FROM pg_database
      WHERE datname = current_database() AND NOT has_database_privilege(oid, 'CREATE')`,
  );
  return rows.map(({ owner }) => owner);
}

/**
 * Those that are missing and can be had, in the same order for everyone, so that two transactions do not wait for
 * each other. Acting for a role takes two things: its privileges, and, to give it something, that one may be set to it.
 */
async function memberships(session: Session, roles: readonly string[]): Promise<Needed[]> {
  return session.rows<Needed>(
    `SELECT r.rolname AS role, "hasOptions"
       FROM (SELECT current_setting('server_version_num')::int >= 160000 AS "hasOptions") v, pg_roles me, pg_roles r
      WHERE me.rolname = current_user AND NOT me.rolsuper
        AND r.rolname IN (SELECT CASE WHEN name = '${DATABASE_OWNER}' THEN pg_get_userbyid(d.datdba) ELSE name END
                            FROM unnest($1::name[]) name, pg_database d WHERE d.datname = current_database())
        AND NOT (pg_has_role(r.oid, CASE WHEN "hasOptions" THEN 'USAGE' ELSE 'MEMBER' END)
                 AND pg_has_role(r.oid, CASE WHEN "hasOptions" THEN 'SET' ELSE 'MEMBER' END))
        AND (pg_has_role(r.oid, 'MEMBER WITH ADMIN OPTION')
             OR NOT "hasOptions" AND me.rolcreaterole AND NOT r.rolsuper)
      ORDER BY r.rolname`,
    [roles],
  );
}

/** @returns the statement that undoes it */
async function join(session: Session, { role, hasOptions }: Needed): Promise<string> {
  const [grant, revoke] = [
    `GRANT ${identifier(role)} TO CURRENT_USER`,
    `REVOKE ${identifier(role)} FROM CURRENT_USER`,
  ];
  if (!hasOptions) {
    await session.run(grant);
    return revoke;
  }
  const before = await optionsOf(session, role);
  await session.run(`${grant} WITH INHERIT TRUE, SET TRUE`);
  // The server chose in whose name it is granted, and no other row has both options, or it would not be needed.
  const made = (await optionsOf(session, role)).find(({ inherit, set }) => inherit && set);
  if (made === undefined) throw new Error(`the membership in ${role} was not made`);
  const grantor = `GRANTED BY ${identifier(made.grantor)}`;
  const previous = before.find((options) => options.grantor === made.grantor);
  return previous === undefined
    ? `${revoke} ${grantor}`
    : `${grant} WITH INHERIT ${previous.inherit}, SET ${previous.set} ${grantor}`;
}

/** The login's own memberships in a role, one for each grantor. */
async function optionsOf(session: Session, role: string): Promise<Options[]> {
  return session.rows<Options>(
    `SELECT pg_get_userbyid(m.grantor) AS grantor, m.inherit_option AS inherit, m.set_option AS set
       FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid JOIN pg_roles me ON me.oid = m.member
      WHERE r.rolname = $1 AND me.rolname = current_user`,
    [role],
  );
}
