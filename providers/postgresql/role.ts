/**
 * postgresql:index/role:Role. Differs from the official provider where that one surprises:
 *
 * - Memberships: with `roles` given, even empty, the list is complete, and an update revokes what it does not
 *   hold. Without it, memberships are left alone, so a GrantRole beside the role stays.
 * - A password is sent as its SCRAM verifier, and one that was changed by other means is recognised, if the
 *   provider logs in as a superuser.
 * - A role that is still needed in another database is not half deleted: what needs it is named.
 */
import { ProviderError } from "../../engine/provider/errors";
import type { Plain } from "../table/plain";
import type { ResourceType } from "../table/resource-type";
import { asMemberOf } from "./as-member";
import { alreadyExists, isGone } from "./existing";
import { endMembership, grantMembership } from "./membership";
import { identifier, identifiers, literal, quoted } from "./names";
import { type ObservedRole, observePassword, observeRole } from "./role-catalogue";
import { NO_PASSWORD, ROLE_FLAGS, roleTable } from "./role-table";
import { verifierOf } from "./scram";
import type { Server } from "./server";
import type { Session } from "./session";

export const role: ResourceType<Server> = {
  noun: "role",
  table: roleTable,
  identify: (_server, inputs) => inputs.text("name"),

  async create(server, inputs) {
    const name = inputs.text("name");
    await server.change(place(name), async (session) => {
      if ((await observeRole(session, name)) !== undefined) {
        throw alreadyExists("role", "postgresql:index/role:Role", name, name);
      }
      const password = inputs.optionalText("password") ?? inputs.optionalText("passwordWo");
      await session.run(`CREATE ROLE ${identifier(name)} ${await passwordClause(password)}`);
      await sync(session, inputs, undefined);
    });
    return { id: name };
  },

  async read(server, id, known) {
    const name = known?.optionalText("name") ?? id;
    return server.read(place(name), async (session) => {
      const observed = await observeRole(session, name);
      if (observed === undefined) return undefined;
      const manages = known === undefined || known.has("roles");
      const comparesPassword = known?.optionalText("password") !== undefined;
      const password = !comparesPassword
        ? undefined
        : server.superuser
          ? await observePassword(session, name, known)
          : known.text("password");
      return {
        id: name,
        properties: {
          ...observed.properties,
          ...(manages && { roles: observed.memberships.map(({ group }) => group) }),
          ...(password !== undefined && { password }),
        },
      };
    });
  },

  async update(server, { id, old }, inputs) {
    const [before, name] = [old.optionalText("name") ?? id, inputs.text("name")];
    await server.change(place(before), async (session) => {
      if (before !== name) {
        if ((await observeRole(session, before)) === undefined) throw isGone("role", before);
        await session.run(`ALTER ROLE ${identifier(before)} RENAME TO ${identifier(name)}`);
      }
      await sync(session, inputs, old);
    });
  },

  async delete(server, { id, old }) {
    const name = old.optionalText("name") ?? id;
    await server.change(place(name), async (session) => {
      const observed = await observeRole(session, name);
      if (observed === undefined) return;
      if (!old.flag("skipDropRole")) await refuseIfNeededElsewhere(session, name, observed);
      if (!old.flag("skipReassignOwned")) {
        await asMemberOf(session, [name], async () => {
          await session.run(`REASSIGN OWNED BY ${identifier(name)} TO CURRENT_USER`);
          await session.run(`DROP OWNED BY ${identifier(name)}`);
        });
      }
      if (!old.flag("skipDropRole")) await session.run(`DROP ROLE ${identifier(name)}`);
    });
  },
};

function place(name: string): { subject: string } {
  return { subject: `role ${quoted(name)}` };
}

/** Brings every aspect of a role to what the inputs say; only what differs from the server is sent. */
async function sync(session: Session, inputs: Plain, old: Plain | undefined): Promise<void> {
  const name = inputs.text("name");
  const observed = await observeRole(session, name);
  if (observed === undefined) throw isGone("role", name);
  await syncAttributes(session, inputs, observed);
  if (old !== undefined) await syncPassword(session, inputs, old);
  await syncSettings(session, inputs, observed);
  await syncMemberships(session, inputs, old, observed);
}

async function syncAttributes(session: Session, inputs: Plain, { properties }: ObservedRole): Promise<void> {
  const flags = Object.entries(ROLE_FLAGS).flatMap(([property, { on, off }]) => {
    const wanted = inputs.flag(property);
    return wanted === properties[property] ? [] : [wanted ? on : off];
  });
  const limit = inputs.integer("connectionLimit");
  const until = inputs.optionalText("validUntil") ?? "infinity";
  const same = roleTable.fields.validUntil?.normalise;
  const clauses = [
    ...flags,
    ...(limit === properties.connectionLimit ? [] : [`CONNECTION LIMIT ${limit}`]),
    ...(same?.(until) === same?.(properties.validUntil ?? "")
      ? []
      : [`VALID UNTIL ${literal(until.toUpperCase() === "NULL" ? "infinity" : until)}`]),
  ];
  if (clauses.length > 0) {
    await session.run(`ALTER ROLE ${identifier(inputs.text("name"))} WITH ${clauses.join(" ")}`);
  }
}

/** A password that the program no longer gives stays, as with the official provider. */
async function syncPassword(session: Session, inputs: Plain, old: Plain): Promise<void> {
  const name = inputs.text("name");
  const renamed = old.optionalText("name") !== name;
  const password = inputs.optionalText("password");
  const changed = password !== old.optionalText("password") || renamed;
  const sent = inputs.optionalText("passwordWoVersion") !== old.optionalText("passwordWoVersion");
  const next =
    password !== undefined && changed ? password : sent ? inputs.optionalText("passwordWo") : undefined;
  if (next === undefined) return;
  await session.run(`ALTER ROLE ${identifier(name)} ${await passwordClause(next)}`);
}

async function passwordClause(password: string | undefined): Promise<string> {
  if (password === undefined) return "";
  return password === NO_PASSWORD ? "PASSWORD NULL" : `PASSWORD ${literal(await verifierOf(password))}`;
}

async function syncSettings(session: Session, inputs: Plain, { properties }: ObservedRole): Promise<void> {
  const alter = `ALTER ROLE ${identifier(inputs.text("name"))}`;
  const setTo = async (setting: string, property: string, value: string | undefined): Promise<void> => {
    const wanted = inputs.properties[property];
    if (same(wanted, properties[property])) return;
    await session.run(
      value === undefined ? `${alter} RESET ${setting}` : `${alter} SET ${setting} TO ${value}`,
    );
  };
  const paths = inputs.list("searchPaths");
  const milliseconds = (property: string): string | undefined => {
    const value = inputs.integer(property);
    return value === 0 ? undefined : `${value}`;
  };
  const assumed = inputs.optionalText("assumeRole");
  await setTo("search_path", "searchPaths", paths.length > 0 ? identifiers(paths) : undefined);
  await setTo("statement_timeout", "statementTimeout", milliseconds("statementTimeout"));
  const idle = "idleInTransactionSessionTimeout";
  await setTo("idle_in_transaction_session_timeout", idle, milliseconds(idle));
  await setTo("role", "assumeRole", assumed && literal(assumed));
}

/** Whether two plain values agree; absent, 0 and empty lists mean the same. */
function same(a: unknown, b: unknown): boolean {
  const settle = (value: unknown): string => JSON.stringify(value || []).replace(/^0$/, "[]");
  return settle(a) === settle(b);
}

async function syncMemberships(
  session: Session,
  inputs: Plain,
  old: Plain | undefined,
  { memberships }: ObservedRole,
): Promise<void> {
  const name = inputs.text("name");
  const wanted = inputs.list("roles");
  // Without a list of its own, it ends what an earlier list made, and touches nothing else.
  const mine = inputs.has("roles")
    ? memberships
    : memberships.filter(({ group }) => old?.list("roles").includes(group));
  for (const membership of mine) {
    if (!wanted.includes(membership.group)) await endMembership(session, name, membership);
  }
  const held = new Set(memberships.map(({ group }) => group));
  for (const group of wanted) {
    if (!held.has(group)) await grantMembership(session, name, group);
  }
}

/** Objects of other databases cannot be given away from here, and DROP ROLE would fail on them. */
async function refuseIfNeededElsewhere(session: Session, name: string, { oid }: ObservedRole): Promise<void> {
  const needs = await session.rows<{ database: string; owned: number; granted: number }>(
    `SELECT d.datname AS database, count(*) FILTER (WHERE s.deptype = 'o')::int AS owned,
            count(*) FILTER (WHERE s.deptype <> 'o')::int AS granted
       FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
      WHERE s.refclassid = 'pg_authid'::regclass AND s.refobjid = $1::oid AND d.datname <> current_database()
      GROUP BY d.datname ORDER BY d.datname`,
    [oid],
  );
  if (needs.length === 0) return;
  const where = needs.map(
    ({ database, owned, granted }) =>
      `${quoted(database)}: it owns ${owned} objects and stands in the privileges or policies of ${granted}`,
  );
  throw new ProviderError(
    `role ${quoted(name)} cannot be dropped while other databases need it; nothing was changed. In database ${where.join("; in database ")}. Delete its Grants, DefaultPrivileges and objects first, or run REASSIGN OWNED BY ${identifier(name)} TO another role and DROP OWNED BY ${identifier(name)} there`,
  );
}
