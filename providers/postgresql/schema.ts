/**
 * postgresql:index/schema:Schema. A schema that exists already is adopted, and given the owner that is declared: so
 * `public`, which every database has from the start, can be declared like any other. With `ifNotExists: false`, which
 * the official provider ignores, it is refused instead. A drop is refused by the server while anything is in the
 * schema, unless `dropCascade` is set.
 */
import type { PropertyMap } from "../../engine/provider/values";
import type { Plain } from "../table/plain";
import type { Found, Known, ResourceType } from "../table/resource-type";
import { asMemberOf, ownerForCreating } from "./as-member";
import { findByDottedId } from "./dotted-id";
import { alreadyExists, ifDatabaseExists, isGone } from "./existing";
import { chosenByServer, identifier, quoted, refuseName } from "./names";
import type { Place, Server } from "./server";
import type { Session } from "./session";

const onlyHere = { type: "flag", unobserved: true } as const;

export const schema: ResourceType<Server> = {
  noun: "schema",
  // One that must be new is refused by another create, as if it were somebody else's.
  repeatable: (inputs) => inputs.flag("ifNotExists"),
  table: {
    fields: {
      name: {
        type: "text",
        refuse: (value) =>
          String(value).startsWith("pg_")
            ? "must not begin with pg_: PostgreSQL keeps these names"
            : refuseName(value),
      },
      database: { type: "text", computed: true, replaces: true, refuse: refuseName },
      owner: { type: "text", computed: true, normalise: chosenByServer, refuse: refuseName },
      ifNotExists: { ...onlyHere, default: true },
      dropCascade: { ...onlyHere, default: false },
    },
    refused: { policies: "use a postgresql.Grant with objectType schema" },
    defaultsStandIn: "inputs",
    deleteBeforeReplace: "named",
  },
  identify: (server, inputs) => `${databaseOf(server, inputs)}.${inputs.text("name")}`,

  async create(server, inputs) {
    const name = inputs.text("name");
    const database = databaseOf(server, inputs);
    await server.change(place(database, name), async (session) => {
      const owner = ownerOf(inputs);
      const existing = await observe(session, name);
      if (existing !== undefined) {
        if (!inputs.flag("ifNotExists")) {
          throw alreadyExists("schema", "postgresql:index/schema:Schema", name, `${database}.${name}`);
        }
        return alter(session, name, existing, { owner, name });
      }
      const authorization = owner === undefined ? "" : ` AUTHORIZATION ${identifier(owner)}`;
      const roles = [...(owner === undefined ? [] : [owner]), ...(await ownerForCreating(session))];
      await asMemberOf(session, roles, () =>
        session.run(`CREATE SCHEMA ${identifier(name)}${authorization}`),
      );
    });
    return { id: `${database}.${name}` };
  },

  async read(server, id, known) {
    if (known === undefined) {
      return findByDottedId(server, "schema", id, (database, name) => readAt(server, database, name));
    }
    return readAt(server, databaseOf(server, known), known.text("name"));
  },

  async update(server, known, inputs) {
    const { database, name: before } = whereIs(server, known);
    await server.change(place(database, before), async (session) => {
      const observed = await observe(session, before);
      if (observed === undefined) throw isGone("schema", before);
      await alter(session, before, observed, { owner: ownerOf(inputs), name: inputs.text("name") });
    });
  },

  async delete(server, known) {
    const { database, name } = whereIs(server, known);
    await ifDatabaseExists(() =>
      server.change(place(database, name), async (session) => {
        const observed = await observe(session, name);
        if (observed === undefined) return;
        const how = known.old.flag("dropCascade") ? "CASCADE" : "RESTRICT";
        await asMemberOf(session, [String(observed.owner)], () =>
          session.run(`DROP SCHEMA ${identifier(name)} ${how}`),
        );
      }),
    );
  },
};

function place(database: string, name: string): Place {
  return { subject: `schema ${quoted(name)} of database ${quoted(database)}`, database };
}

function databaseOf(server: Server, properties: Plain): string {
  return properties.optionalText("database") ?? server.mainDatabase;
}

function whereIs(server: Server, { old }: Known): { database: string; name: string } {
  return { database: databaseOf(server, old), name: old.text("name") };
}

function ownerOf(inputs: Plain): string | undefined {
  const owner = inputs.optionalText("owner");
  return owner === "DEFAULT" ? undefined : owner;
}

function readAt(server: Server, database: string, name: string): Promise<Found | undefined> {
  return ifDatabaseExists(() =>
    server.read(place(database, name), async (session) => {
      const observed = await observe(session, name);
      return observed && { id: `${database}.${name}`, properties: { ...observed, name, database } };
    }),
  );
}

async function observe(session: Session, name: string): Promise<PropertyMap | undefined> {
  return session.row<PropertyMap>(
    "SELECT r.rolname AS owner FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE n.nspname = $1",
    [name],
  );
}

/** Gives a schema its owner and its name; both need the right to create schemas too. */
async function alter(
  session: Session,
  before: string,
  observed: PropertyMap,
  { owner = String(observed.owner), name }: { readonly owner: string | undefined; readonly name: string },
): Promise<void> {
  const statements = [
    owner !== observed.owner && `ALTER SCHEMA ${identifier(before)} OWNER TO ${identifier(owner)}`,
    name !== before && `ALTER SCHEMA ${identifier(before)} RENAME TO ${identifier(name)}`,
  ].filter((statement) => statement !== false);
  if (statements.length === 0) return;
  const roles = [String(observed.owner), owner, ...(await ownerForCreating(session))];
  await asMemberOf(session, roles, () => session.run(...statements));
}
