/**
 * postgresql:index/database:Database. Encoding, locale and template are given once: another one replaces the
 * database, another spelling of the same does not. A drop ends the sessions in it.
 */
import { ProviderError } from "../../engine/provider/errors";
import type { PropertyMap } from "../../engine/provider/values";
import type { Plain } from "../table/plain";
import type { ResourceType } from "../table/resource-type";
import type { Field } from "../table/table";
import { asMemberOf, mustJoin } from "./as-member";
import { asOwnerOf, giveDatabase } from "./database-owner";
import { alreadyExists, isGone } from "./existing";
import { chosenByServer, identifier, literal, quoted, refuseName } from "./names";
import type { Server } from "./server";
import type { Session } from "./session";
import { encoding, locale } from "./spellings";

/** The official provider's, not PostgreSQL's, default. */
const TEMPLATE = "template0";
const ENCODING = "UTF8";
/** Oid of the role that initdb made. */
const BOOTSTRAP = 10;

const chosen: Field = { type: "text", computed: true, normalise: chosenByServer, refuse: refuseName };

export const database: ResourceType<Server> = {
  noun: "database",
  table: {
    fields: {
      name: { type: "text", refuse: refuseName },
      owner: chosen,
      template: { ...chosen, replaces: true },
      encoding: {
        type: "text",
        computed: true,
        replaces: true,
        normalise: encoding,
        refuse: (value) =>
          /^[A-Za-z]/.test(String(value)) || value === ""
            ? undefined
            : `must be the name of an encoding such as UTF8, not ${JSON.stringify(value)}`,
      },
      lcCollate: { type: "text", computed: true, replaces: true, normalise: locale },
      lcCtype: { type: "text", computed: true, replaces: true, normalise: locale },
      tablespaceName: chosen,
      connectionLimit: {
        type: "integer",
        default: -1,
        refuse: (value) =>
          typeof value === "number" && value >= -1
            ? undefined
            : `must be -1, no limit, or more, not ${value}`,
      },
      allowConnections: { type: "flag", default: true },
      isTemplate: { type: "flag", computed: true },
      alterObjectOwnership: { type: "flag", default: false, unobserved: true },
    },
    defaultsStandIn: "inputs",
    deleteBeforeReplace: "named",
  },
  identify: (_server, inputs) => inputs.text("name"),

  async create(server, inputs) {
    const name = inputs.text("name");
    const template = given(inputs, "template") ?? TEMPLATE;
    const owner = given(inputs, "owner");
    await server.leave(template);
    const isGiven = await server.command(place(name), async (session) => {
      if ((await observe(session, name)) !== undefined) {
        throw alreadyExists("database", "postgresql:index/database:Database", name, name);
      }
      const later = owner !== undefined && (await mustJoin(session, owner));
      const clauses = creation(inputs, template, later ? undefined : owner);
      await session.run(`CREATE DATABASE ${identifier(name)} ${clauses}`);
      return !later;
    });
    if (owner === undefined || isGiven) return { id: name };
    try {
      await giveDatabase(server, place(name), name, owner);
      return { id: name };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      return { id: name, unfinished: `it was made, but not given to ${quoted(owner)}: ${error.message}` };
    }
  },

  async read(server, id, known) {
    const name = known?.optionalText("name") ?? id;
    return server.read(place(name), async (session) => {
      const observed = await observe(session, name);
      if (observed === undefined) return undefined;
      // A database does not know what it was copied from.
      const template = known?.optionalText("template") ?? TEMPLATE;
      return { id: name, properties: { ...observed, name, template } };
    });
  },

  async update(server, { id, old }, inputs) {
    const before = old.optionalText("name") ?? id;
    const owner = given(inputs, "owner");
    const observed = await server.read(place(before), (session) => observe(session, before));
    if (observed === undefined) throw isGone("database", before);
    if (owner !== undefined && owner !== observed.owner && inputs.flag("alterObjectOwnership")) {
      await reassignObjects(server, before, String(observed.owner), owner);
    }
    await server.leave(before);
    await moveTablespace(server, before, given(inputs, "tablespaceName"), observed);
    // Last, since a name that changed without the rest would no longer be found.
    await server.change(place(before), (session) => sync(session, before, inputs, observed));
  },

  async delete(server, { id, old }) {
    const name = old.optionalText("name") ?? id;
    await server.leave(name);
    await asOwnerOf(server, place(name), name, { ends: true, work: (session) => drop(session, name) });
  },
};

function place(name: string): { subject: string } {
  return { subject: `database ${quoted(name)}` };
}

/** What the program chose; undefined where it leaves that to the server. */
function given(inputs: Plain, property: string): string | undefined {
  const value = inputs.optionalText(property);
  return value === "DEFAULT" ? undefined : value;
}

function creation(inputs: Plain, template: string, owner: string | undefined): string {
  const tablespace = given(inputs, "tablespaceName");
  const [collate, ctype] = [given(inputs, "lcCollate"), given(inputs, "lcCtype")];
  const ownEncoding = inputs.optionalText("encoding") ?? ENCODING;
  return [
    owner !== undefined && `OWNER ${identifier(owner)}`,
    `TEMPLATE ${identifier(template)}`,
    ownEncoding !== "DEFAULT" && `ENCODING ${literal(ownEncoding)}`,
    collate !== undefined && `LC_COLLATE ${literal(collate)}`,
    ctype !== undefined && `LC_CTYPE ${literal(ctype)}`,
    tablespace !== undefined && `TABLESPACE ${identifier(tablespace)}`,
    `ALLOW_CONNECTIONS ${inputs.flag("allowConnections")}`,
    `CONNECTION LIMIT ${inputs.integer("connectionLimit")}`,
    `IS_TEMPLATE ${inputs.flag("isTemplate")}`,
  ]
    .filter((clause) => clause !== false)
    .join(" ");
}

/** The observed properties; undefined when there is no such database. */
async function observe(session: Session, name: string): Promise<PropertyMap | undefined> {
  return session.row<PropertyMap>(
    `SELECT r.rolname AS owner, pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS "lcCollate",
            d.datctype AS "lcCtype", t.spcname AS "tablespaceName", d.datconnlimit AS "connectionLimit",
            d.datallowconn AS "allowConnections", d.datistemplate AS "isTemplate"
       FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba JOIN pg_tablespace t ON t.oid = d.dattablespace
      WHERE d.datname = $1`,
    [name],
  );
}

/** Inside the database. REASSIGN OWNED also takes databases and tablespaces, so it is refused where there are others. */
async function reassignObjects(server: Server, name: string, from: string, to: string): Promise<void> {
  await server.change({ ...place(name), database: name }, async (session) => {
    const row = await session.row<{ bootstrap: boolean; others: string[] }>(
      `SELECT r.oid = ${BOOTSTRAP} AS bootstrap,
              array(SELECT datname::text FROM pg_database WHERE datdba = r.oid AND datname <> current_database()
                    UNION ALL SELECT 'tablespace ' || spcname FROM pg_tablespace WHERE spcowner = r.oid) AS others
         FROM pg_roles r WHERE r.rolname = $1`,
      [from],
    );
    if (row === undefined) return;
    const why = row.bootstrap
      ? "that role made the server, and its objects stay its own"
      : row.others.length > 0 && `that would also take ${row.others.join(", ")} from it`;
    if (why) {
      throw new ProviderError(
        `database ${quoted(name)}: objects of ${quoted(from)} cannot be given to ${quoted(to)}: ${why}; set alterObjectOwnership: false and give them one by one`,
      );
    }
    await asMemberOf(session, [from, to], () =>
      session.run(`REASSIGN OWNED BY ${identifier(from)} TO ${identifier(to)}`),
    );
  });
}

/** Cannot stand in a transaction. */
async function moveTablespace(
  server: Server,
  name: string,
  to: string | undefined,
  observed: PropertyMap,
): Promise<void> {
  if (to === undefined || to === observed.tablespaceName) return;
  const move = `ALTER DATABASE ${identifier(name)} SET TABLESPACE ${identifier(to)}`;
  await asOwnerOf(server, place(name), name, { ends: false, work: (session) => session.run(move) });
}

async function drop(session: Session, name: string): Promise<void> {
  const observed = await observe(session, name);
  if (observed === undefined) return;
  const statement = `DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`;
  if (observed.isTemplate !== true) return session.run(statement);
  const alter = `ALTER DATABASE ${identifier(name)} IS_TEMPLATE`;
  await session.run(`${alter} false`);
  await session.run(statement).catch(async (error: unknown) => {
    await session.run(`${alter} true`).catch(() => {});
    throw error;
  });
}

async function sync(session: Session, before: string, inputs: Plain, observed: PropertyMap): Promise<void> {
  const name = inputs.text("name");
  const owner = given(inputs, "owner");
  const options = [
    { option: "CONNECTION LIMIT", property: "connectionLimit", wanted: inputs.integer("connectionLimit") },
    { option: "ALLOW_CONNECTIONS", property: "allowConnections", wanted: inputs.flag("allowConnections") },
    // Left out, it is the server's choice.
    ...(inputs.has("isTemplate")
      ? [{ option: "IS_TEMPLATE", property: "isTemplate", wanted: inputs.flag("isTemplate") }]
      : []),
  ];
  await asMemberOf(session, [String(observed.owner), ...(owner === undefined ? [] : [owner])], async () => {
    for (const { option, property, wanted } of options) {
      if (observed[property] !== wanted) {
        await session.run(`ALTER DATABASE ${identifier(before)} WITH ${option} ${wanted}`);
      }
    }
    if (owner !== undefined && owner !== observed.owner) {
      await session.run(`ALTER DATABASE ${identifier(before)} OWNER TO ${identifier(owner)}`);
    }
    if (name !== before) {
      await session.run(`ALTER DATABASE ${identifier(before)} RENAME TO ${identifier(name)}`);
    }
  });
}
