/**
 * What one role holds on one object, and the way from there to what it shall hold. A privilege is compared with
 * what the server has, so only differences are sent.
 */
import type { PropertyMap } from "../../engine/provider/values";
import type { Plain } from "../table/plain";
import { isPublic } from "./names";
import { ALL, OBJECT_KINDS, type ObjectType } from "./privileges";
import type { Session } from "./session";

export interface Held {
  readonly privilege: string;
  readonly grantable: boolean;
  readonly grantor: string;
}

export interface Wanted {
  readonly privileges: readonly string[];
  readonly grantable: boolean;
}

/** What is to be done for one object. */
export interface Changes {
  readonly grant: readonly string[];
  readonly revoke: readonly Held[];
  /** Held, and to be kept without the right to pass it on. */
  readonly revokeOption: readonly Held[];
}

/** SQL that gathers, as JSON, what the grantee $1 (0 for PUBLIC) holds in the access list `acl`. */
export function heldIn(acl: string): string {
  return `(SELECT coalesce(json_agg(json_build_object('privilege', a.privilege_type, 'grantable', a.is_grantable,
             'grantor', g.rolname) ORDER BY a.privilege_type, g.rolname), '[]')
             FROM aclexplode(${acl}) a JOIN pg_roles g ON g.oid = a.grantor WHERE a.grantee = $1::oid)`;
}

/** Every privilege that this server knows on such an object. */
async function allPrivileges(session: Session, type: ObjectType): Promise<string[]> {
  const rows = await session.rows<{ privilege: string }>(
    // A column's default list is empty: its privileges are those that a table can have for columns.
    `SELECT a.privilege_type AS privilege FROM aclexplode(acldefault($1::"char", 10)) a
      WHERE a.grantee = 10 ORDER BY 1`,
    [OBJECT_KINDS[type].letter],
  );
  return rows.map(({ privilege }) => privilege);
}

/** What inputs want, with ALL written out. */
export async function wantedBy(session: Session, type: ObjectType, inputs: Plain): Promise<Wanted> {
  const listed = inputs.list("privileges");
  const privileges = listed.includes(ALL) ? await allPrivileges(session, type) : listed;
  return { privileges, grantable: inputs.flag("withGrantOption") };
}

export function changesFor(held: readonly Held[], wanted: Wanted): Changes {
  const isWanted = ({ privilege }: Held): boolean => wanted.privileges.includes(privilege);
  const has = (privilege: string): boolean =>
    held.some((one) => one.privilege === privilege && (one.grantable || !wanted.grantable));
  return {
    grant: wanted.privileges.filter((privilege) => !has(privilege)),
    revoke: held.filter((one) => !isWanted(one)),
    revokeOption: wanted.grantable ? [] : held.filter((one) => isWanted(one) && one.grantable),
  };
}

export function isDone({ grant, revoke, revokeOption }: Changes): boolean {
  return grant.length + revoke.length + revokeOption.length === 0;
}

/** The observed `privileges` and `withGrantOption`: ALL while the program says so and it holds, else what is held. */
export async function observedPrivileges(
  session: Session,
  type: ObjectType,
  held: readonly Held[],
  known: Plain | undefined,
): Promise<PropertyMap> {
  const privileges = [...new Set(held.map(({ privilege }) => privilege))].sort();
  if (known === undefined) {
    return { privileges, withGrantOption: held.length > 0 && held.every((one) => one.grantable) };
  }
  const wanted = await wantedBy(session, type, known);
  const listed = new Set(wanted.privileges);
  const same = listed.size === privileges.length && privileges.every((privilege) => listed.has(privilege));
  const option = wanted.grantable ? held.every((one) => one.grantable) : held.some((one) => one.grantable);
  return { privileges: same ? known.list("privileges") : privileges, withGrantOption: option };
}

/** Oid of the role that is granted something, 0 for PUBLIC; undefined when there is no such role. */
export async function granteeOid(session: Session, role: string): Promise<string | undefined> {
  if (isPublic(role)) return "0";
  const row = await session.row<{ oid: string }>("SELECT oid::text FROM pg_roles WHERE rolname = $1", [role]);
  return row?.oid;
}
