/**
 * postgresql:index/extension:Extension. One that exists already is refused, where the official provider takes it over
 * in silence: dropping it would take what others built on it. A drop is refused by the server while anything depends
 * on the extension, unless `dropCascade` is set.
 */
import type { Plain } from "../table/plain";
import type { Found, ResourceType } from "../table/resource-type";
import { asMemberOf, ownerForCreating } from "./as-member";
import { findByDottedId } from "./dotted-id";
import { alreadyExists, ifDatabaseExists, isGone } from "./existing";
import { identifier, literal, quoted, refuseName } from "./names";
import type { Place, Server } from "./server";
import type { Session } from "./session";

const onlyHere = { type: "flag", default: false, unobserved: true } as const;

export const extension: ResourceType<Server> = {
  noun: "extension",
  table: {
    fields: {
      name: { type: "text", replaces: true, refuse: refuseName },
      database: { type: "text", computed: true, replaces: true, refuse: refuseName },
      schema: { type: "text", computed: true, refuse: refuseName },
      version: { type: "text", computed: true },
      createCascade: onlyHere,
      dropCascade: onlyHere,
    },
    defaultsStandIn: "inputs",
    deleteBeforeReplace: "named",
  },
  identify: (server, inputs) => `${databaseOf(server, inputs)}.${inputs.text("name")}`,

  async create(server, inputs) {
    const name = inputs.text("name");
    const database = databaseOf(server, inputs);
    await server.change(place(database, name), async (session) => {
      if ((await observe(session, name)) !== undefined) {
        throw alreadyExists("extension", "postgresql:index/extension:Extension", name, `${database}.${name}`);
      }
      // Where it goes without a schema of its own: our sessions have no search path for that.
      await session.run('SET LOCAL search_path TO "$user", public');
      // A trusted one takes no more than the right to create something in the database.
      await asMemberOf(session, await ownerForCreating(session), () => session.run(creation(inputs)));
    });
    return { id: `${database}.${name}` };
  },

  async read(server, id, known) {
    if (known === undefined) {
      return findByDottedId(server, "extension", id, (database, name) => readAt(server, database, name));
    }
    return readAt(server, databaseOf(server, known), known.text("name"));
  },

  async update(server, { old }, inputs) {
    const name = inputs.text("name");
    await server.change(place(databaseOf(server, old), name), async (session) => {
      const observed = await observe(session, name);
      if (observed === undefined) throw isGone("extension", name);
      const alter = `ALTER EXTENSION ${identifier(name)}`;
      const [version, schema] = [inputs.optionalText("version"), inputs.optionalText("schema")];
      const statements = [
        schema !== undefined && schema !== observed.schema && `${alter} SET SCHEMA ${identifier(schema)}`,
        version !== undefined && version !== observed.version && `${alter} UPDATE TO ${literal(version)}`,
      ].filter((statement) => statement !== false);
      if (statements.length === 0) return;
      const roles = [observed.owner, ...(await ownerForCreating(session))];
      await asMemberOf(session, roles, () => session.run(...statements));
    });
  },

  async delete(server, { old }) {
    const [database, name] = [databaseOf(server, old), old.text("name")];
    const how = old.flag("dropCascade") ? "CASCADE" : "RESTRICT";
    await ifDatabaseExists(() =>
      server.change(place(database, name), async (session) => {
        const observed = await observe(session, name);
        if (observed === undefined) return;
        await asMemberOf(session, [observed.owner], () =>
          session.run(`DROP EXTENSION ${identifier(name)} ${how}`),
        );
      }),
    );
  },
};

function place(database: string, name: string): Place {
  return { subject: `extension ${quoted(name)} of database ${quoted(database)}`, database };
}

function databaseOf(server: Server, properties: Plain): string {
  return properties.optionalText("database") ?? server.mainDatabase;
}

function creation(inputs: Plain): string {
  const [schema, version] = [inputs.optionalText("schema"), inputs.optionalText("version")];
  return [
    `CREATE EXTENSION ${identifier(inputs.text("name"))}`,
    schema !== undefined && `SCHEMA ${identifier(schema)}`,
    version !== undefined && `VERSION ${literal(version)}`,
    inputs.flag("createCascade") && "CASCADE",
  ]
    .filter((clause) => clause !== false)
    .join(" ");
}

function readAt(server: Server, database: string, name: string): Promise<Found | undefined> {
  return ifDatabaseExists(() =>
    server.read(place(database, name), async (session) => {
      const observed = await observe(session, name);
      if (observed === undefined) return undefined;
      const { schema, version } = observed;
      return { id: `${database}.${name}`, properties: { schema, version, name, database } };
    }),
  );
}

interface Observed {
  readonly schema: string;
  readonly version: string;
  readonly owner: string;
}

async function observe(session: Session, name: string): Promise<Observed | undefined> {
  return session.row<Observed>(
    `SELECT n.nspname AS schema, e.extversion AS version, pg_get_userbyid(e.extowner) AS owner
       FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = $1`,
    [name],
  );
}
