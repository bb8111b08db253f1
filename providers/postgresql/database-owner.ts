/**
 * Who owns a database, where that is another role than a login that is no superuser. Some statements cannot stand in
 * a transaction, and a membership outside of one would be seen and used by others, and stay after a lost connection.
 * So the login owns the database itself meanwhile: it takes it over in one transaction, and gives it back in another.
 */
import { ConstantBackoff, handleWhen, noop, retry } from "cockatiel";
import { ProviderError } from "../../engine/provider/errors";
import { asMemberOf, mustJoin } from "./as-member";
import { identifier, quoted } from "./names";
import { codeOf } from "./problem";
import type { Place, Server } from "./server";
import type { Session } from "./session";

/** Sessions that were told to end need a moment for it. */
const ENDING = { maxAttempts: 20, backoff: new ConstantBackoff(100) };

interface Privilege {
  readonly privilege: string;
  readonly grantable: boolean;
}

interface Taken {
  readonly owner: string;
  /** What the login held before. */
  readonly held: readonly Privilege[];
}

/** Gives a database of the login to another role. */
export async function giveDatabase(server: Server, place: Place, name: string, owner: string): Promise<void> {
  await server.change(place, (session) => give(session, name, { owner, held: [] }));
}

/**
 * Runs a statement that cannot stand in a transaction as the owner of a database, which may be gone afterwards. The
 * sessions of roles that the owner may end are ended before, if `ends` says so.
 */
export async function asOwnerOf(
  server: Server,
  place: Place,
  name: string,
  { ends, work }: { readonly ends: boolean; readonly work: (session: Session) => Promise<void> },
): Promise<void> {
  const taken = await server.change(place, (session) => takeOver(session, name, ends));
  if (taken === undefined) return server.command(place, work);
  // Sessions that were told to end may still be there.
  const patience = ends ? retry(handleWhen(isRefused), ENDING) : noop;
  const failure = await failureOf(server.command(place, (session) => patience.execute(() => work(session))));
  const loss = await failureOf(giveBack(server, place, name, taken));
  if (loss === undefined && failure === undefined) return;
  if (loss === undefined) throw failure;
  const [reason, instead] = [failure ?? loss, `${quoted(server.user)} instead of ${quoted(taken.owner)}`];
  throw new ProviderError(
    `${reason.message}; database ${quoted(name)} may belong to ${instead} now: run this again, or give it back with ALTER DATABASE`,
  );
}

/** @returns what is to be given back; undefined where there was no need, or no such database */
async function takeOver(session: Session, name: string, ends: boolean): Promise<Taken | undefined> {
  const owner = await ownerOf(session, name);
  if (owner === undefined || !(await mustJoin(session, owner))) return undefined;
  // What the login held by a grant becomes the owner's when it gives the database back.
  const held = await session.rows<Privilege>(
    `SELECT a.privilege_type AS privilege, a.is_grantable AS grantable
       FROM pg_database d, aclexplode(d.datacl) a JOIN pg_roles me ON me.oid = a.grantee
      WHERE d.datname = $1 AND me.rolname = current_user`,
    [name],
  );
  await asMemberOf(session, [owner], async () => {
    await session.run(`ALTER DATABASE ${identifier(name)} OWNER TO CURRENT_USER`);
    if (!ends) return;
    // DROP DATABASE WITH (FORCE) may end only what the login itself may.
    await session.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = $1 AND pid <> pg_backend_pid() AND pg_has_role(usesysid, 'USAGE')`,
      [name],
    );
  });
  return { owner, held };
}

async function giveBack(server: Server, place: Place, name: string, taken: Taken): Promise<void> {
  await server.change(place, async (session) => {
    if ((await ownerOf(session, name)) !== undefined) await give(session, name, taken);
  });
}

async function give(session: Session, name: string, { owner, held }: Taken): Promise<void> {
  const grants = held.map(({ privilege, grantable }) => {
    const option = grantable ? " WITH GRANT OPTION" : "";
    return `GRANT ${privilege} ON DATABASE ${identifier(name)} TO CURRENT_USER${option}`;
  });
  await asMemberOf(session, [owner], () =>
    session.run(`ALTER DATABASE ${identifier(name)} OWNER TO ${identifier(owner)}`, ...grants),
  );
}

async function ownerOf(session: Session, name: string): Promise<string | undefined> {
  const row = await session.row<{ owner: string }>(
    "SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = $1",
    [name],
  );
  return row?.owner;
}

/** Permission to end a session is missing. */
function isRefused(error: unknown): boolean {
  return codeOf(error) === "42501";
}

async function failureOf(work: Promise<void>): Promise<Error | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error as Error;
  }
}
