/**
 * postgresql:index/defaultPrivileges:DefaultPrivileges. What one role, or PUBLIC, will hold on objects that an owner
 * creates later, in one schema or everywhere in a database: exactly the privileges listed.
 *
 * Without a schema they replace what PostgreSQL gives by itself (PUBLIC may execute functions), so that counts as
 * held while nothing else is said. A replacement deletes first; see GrantRole for the reason.
 */
import { isUnknown, type PropertyMap } from "../../engine/provider/values";
import { Plain } from "../table/plain";
import type { ResourceType } from "../table/resource-type";
import { changesFor, granteeOid, type Held, heldIn, observedPrivileges, type Wanted, wantedBy } from "./acl";
import { asMemberOf } from "./as-member";
import { ifDatabaseExists, isNotThere } from "./existing";
import { databaseNames, onlyReading, roleNames, schemaNames, splits } from "./joined-id";
import { grantee, identifier, isPublic, quoted, refuseName } from "./names";
import { OBJECT_KINDS, type ObjectType, refusePrivileges } from "./privileges";
import type { Place, Server } from "./server";
import type { Session } from "./session";

/** By objectType: the letter in pg_default_acl. */
const LETTERS: Readonly<Record<string, string>> = {
  table: "r",
  sequence: "S",
  function: "f",
  routine: "f",
  type: "T",
  schema: "n",
};
const NO_SCHEMA = "noschema";

export const defaultPrivileges: ResourceType<Server> = {
  noun: "default privileges",
  repeatable: () => true,
  table: {
    fields: {
      role: { type: "text", required: true, replaces: true, refuse: refuseName },
      database: { type: "text", required: true, replaces: true, refuse: refuseName },
      owner: { type: "text", required: true, replaces: true, refuse: refuseName },
      schema: { type: "text", replaces: true, refuse: refuseName },
      objectType: {
        type: "text",
        required: true,
        replaces: true,
        refuse: (value) =>
          Object.hasOwn(LETTERS, String(value))
            ? undefined
            : `must be one of ${Object.keys(LETTERS).join(", ")}, not ${JSON.stringify(value)}`,
      },
      privileges: { type: "set", required: true },
      withGrantOption: { type: "flag", default: false, replaces: true },
    },
    defaultsStandIn: "inputs",
    deleteBeforeReplace: "always",
    refuse: (inputs) => [...refuseShape(inputs), ...refusePrivileges(inputs)],
  },
  identify: (_server, inputs) => idOf(inputs),

  async create(server, inputs) {
    await apply(server, inputs, "set");
    return { id: idOf(inputs) };
  },

  async read(server, id, known) {
    const about = known ?? (await readId(server, id));
    if (about === undefined) return undefined;
    return ifDatabaseExists(() =>
      server.read(place(about), async (session) => {
        const seen = await observe(session, about);
        if (seen === undefined) return undefined;
        const { held, isSet } = seen;
        // As officially: while something is wanted and nothing held, the resource is gone.
        const isThere = known === undefined ? isSet : known.list("privileges").length === 0;
        if (held.length === 0 && !isThere) return undefined;
        const observed = await observedPrivileges(session, typeOf(about), held, known);
        return { id: idOf(about), properties: { ...about.properties, ...observed } };
      }),
    );
  },

  async update(server, _known, inputs) {
    await apply(server, inputs, "set");
  },

  async delete(server, { old }) {
    await ifDatabaseExists(() => apply(server, old, "remove"));
  },
};

function place(about: Plain): Place {
  const [owner, role] = [quoted(about.text("owner")), quoted(about.text("role"))];
  const what = `default privileges of ${role} on ${about.text("objectType")}s of ${owner}`;
  return { subject: `${what} in database ${about.text("database")}`, database: about.text("database") };
}

function idOf(about: Plain): string {
  const schema = about.optionalText("schema") ?? NO_SCHEMA;
  return [
    about.text("role"),
    about.text("database"),
    schema,
    about.text("owner"),
    about.text("objectType"),
  ].join("_");
}

/** PostgreSQL knows functions and procedures together here. */
function typeOf(about: Plain): ObjectType {
  return about.text("objectType") as ObjectType;
}

/** What the role holds by default, and whether anyone said so; undefined when role, owner or schema is not there. */
async function observe(
  session: Session,
  about: Plain,
): Promise<{ held: readonly Held[]; isSet: boolean } | undefined> {
  const schema = about.optionalText("schema") ?? null;
  const [role, owner] = [
    await granteeOid(session, about.text("role")),
    await granteeOid(session, about.text("owner")),
  ];
  if (role === undefined || owner === undefined) return undefined;
  const builtIn = `acldefault('${OBJECT_KINDS[typeOf(about)].letter}', $2::oid)`;
  const row = await session.row<{ there: boolean; held: Held[]; isSet: boolean }>(
    `SELECT $4::text IS NULL OR n.oid IS NOT NULL AS there,
            ${heldIn(`coalesce(d.defaclacl, CASE WHEN $4::text IS NULL THEN ${builtIn} END)`)} AS held, d.oid IS NOT NULL AS "isSet"
       FROM (SELECT 1) one
       LEFT JOIN pg_namespace n ON n.nspname = $4
       LEFT JOIN pg_default_acl d
         ON d.defaclrole = $2::oid AND d.defaclobjtype = $3::"char" AND d.defaclnamespace = coalesce(n.oid, 0)`,
    [role, owner, LETTERS[typeOf(about)], schema],
  );
  return row?.there ? row : undefined;
}

async function apply(server: Server, about: Plain, action: "set" | "remove"): Promise<void> {
  const owner = about.text("owner");
  await server.change(place(about), async (session) => {
    const seen = await observe(session, about);
    if (seen === undefined) {
      if (action === "remove") return;
      throw await missingPart(session, about);
    }
    const nothing: Wanted = { privileges: [], grantable: false };
    const wanted = action === "set" ? await wantedBy(session, typeOf(about), about) : nothing;
    await asMemberOf(session, [owner], () =>
      session.run(...statements(about, changesFor(seen.held, wanted), wanted)),
    );
  });
}

function statements(about: Plain, changes: ReturnType<typeof changesFor>, wanted: Wanted): string[] {
  const schema = about.optionalText("schema");
  const where = schema === undefined ? "" : ` IN SCHEMA ${identifier(schema)}`;
  const alter = `ALTER DEFAULT PRIVILEGES FOR ROLE ${identifier(about.text("owner"))}${where}`;
  const on = `ON ${OBJECT_KINDS[typeOf(about)].keyword}S`;
  const role = grantee(about.text("role"));
  const words = (held: readonly Held[]): string => held.map(({ privilege }) => privilege).join(", ");
  const { revoke, revokeOption, grant } = changes;
  return [
    revoke.length > 0 && `${alter} REVOKE ${words(revoke)} ${on} FROM ${role}`,
    revokeOption.length > 0 && `${alter} REVOKE GRANT OPTION FOR ${words(revokeOption)} ${on} FROM ${role}`,
    grant.length > 0 &&
      `${alter} GRANT ${grant.join(", ")} ${on} TO ${role}${wanted.grantable ? " WITH GRANT OPTION" : ""}`,
  ].filter((statement) => statement !== false);
}

async function missingPart(session: Session, about: Plain): Promise<Error> {
  for (const part of ["role", "owner"]) {
    const name = about.text(part);
    if ((await granteeOid(session, name)) === undefined) return isNotThere("role", name);
  }
  return isNotThere("schema", about.text("schema"));
}

async function readId(server: Server, id: string): Promise<Plain | undefined> {
  const subject = `default privileges ${quoted(id)}`;
  const { roles, starts } = await server.read({ subject }, async (session) => {
    const [roles, databases] = [await roleNames(session), await databaseNames(session)];
    const starts = splits(id, roles).flatMap(({ name: role, rest }) =>
      splits(rest, databases).map(({ name: database, rest }) => ({ role, database, rest })),
    );
    return { roles, starts };
  });
  const readings: PropertyMap[] = [];
  for (const { role, database, rest } of starts) {
    const schemas = await server.read({ subject, database }, schemaNames);
    for (const { name: schema, rest: end } of splits(rest, [NO_SCHEMA, ...schemas])) {
      for (const { name: owner, rest: objectType } of splits(end, roles)) {
        if (!Object.hasOwn(LETTERS, objectType)) continue;
        readings.push({ role, database, owner, objectType, ...(schema !== NO_SCHEMA && { schema }) });
      }
    }
  }
  const only = onlyReading(id, "default privileges", readings);
  return only && new Plain(only);
}

function refuseShape({ role, owner, objectType, schema, withGrantOption }: PropertyMap) {
  const isEveryone = (name: unknown): boolean =>
    typeof name === "string" && !isUnknown(name) && isPublic(name);
  return [
    ...(isEveryone(owner) ? [{ property: "owner", reason: "must be a role: PUBLIC owns nothing" }] : []),
    ...(objectType === "schema" && (schema ?? "") !== ""
      ? [{ property: "schema", reason: "must be left out for schemas, which stand in none" }]
      : []),
    ...(isEveryone(role) && withGrantOption === true
      ? [{ property: "withGrantOption", reason: "must be false: PUBLIC cannot pass privileges on" }]
      : []),
  ];
}
