/** Grants on a real server: what is held is exactly what is listed, whoever granted it, also where nothing is spelt out. */
import { beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../engine/provider/values";
import { useServer } from "../../support/postgres";
import { Life, present } from "../../support/providers";

const context = useServer();
const database = "app";

async function grants(): Promise<Life> {
  return new Life(await context.server.provider(), "postgresql:index/grant:Grant");
}

/** Whether a role has a privilege, as the server itself says. */
async function has(what: string): Promise<boolean | undefined> {
  const [row] = await context.server.sql<{ has: boolean }>(`SELECT has_${what} AS has`, database);
  return row?.has;
}

beforeAll(async () => {
  const { server } = context;
  await server.sql(`CREATE ROLE reader; CREATE ROLE "app_owner"; CREATE ROLE other; CREATE ROLE app`);
  await server.sql(`CREATE DATABASE ${database} OWNER app_owner`);
  await server.sql(
    `CREATE SCHEMA data AUTHORIZATION app_owner; SET ROLE app_owner;
     CREATE TABLE data.t (a int, b int); CREATE TABLE data."T, 2" (a int); CREATE VIEW data.v AS SELECT 1 AS one;
     CREATE SEQUENCE data.s; CREATE FUNCTION data.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
     CREATE FUNCTION data.f(text, int[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
     CREATE PROCEDURE data.p(int) LANGUAGE sql AS 'SELECT 1'; RESET ROLE; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER fs FOREIGN DATA WRAPPER w`,
    database,
  );
});

/** Each kind of grant, another list of privileges for it, its id, and something that SQL can change about it. */
const kinds: [string, PropertyMap, string[], string, string][] = [
  [
    "a database",
    { objectType: "database", privileges: ["CONNECT"] },
    ["CREATE", "TEMPORARY"],
    "reader_app_database",
    "GRANT CREATE ON DATABASE app TO reader",
  ],
  [
    "a schema",
    { schema: "data", objectType: "schema", privileges: ["USAGE"] },
    ["ALL"],
    "reader_app_data_schema",
    "GRANT CREATE ON SCHEMA data TO reader",
  ],
  [
    "all tables",
    { schema: "data", objectType: "table", privileges: ["SELECT", "INSERT"] },
    ["ALL"],
    "reader_app_data_table",
    "REVOKE SELECT ON data.v FROM reader",
  ],
  [
    "named tables",
    { schema: "data", objectType: "table", objects: ["t", "T, 2"], privileges: ["SELECT"] },
    ["SELECT", "UPDATE"],
    "reader_app_data_table_T, 2_t",
    'GRANT DELETE ON data."T, 2" TO reader',
  ],
  [
    "all sequences",
    { schema: "data", objectType: "sequence", privileges: ["USAGE"] },
    ["ALL"],
    "reader_app_data_sequence",
    "REVOKE ALL ON data.s FROM reader",
  ],
  [
    "all functions",
    { schema: "data", objectType: "function", privileges: ["EXECUTE"] },
    [],
    "reader_app_data_function",
    "REVOKE ALL ON FUNCTION data.f(int) FROM reader",
  ],
  [
    "one function",
    { schema: "data", objectType: "function", objects: ["f(text, integer[])"], privileges: ["EXECUTE"] },
    [],
    "reader_app_data_function_f(text, integer[])",
    "REVOKE ALL ON FUNCTION data.f(text, int[]) FROM reader",
  ],
  [
    "procedures",
    { schema: "data", objectType: "procedure", privileges: ["EXECUTE"] },
    [],
    "reader_app_data_procedure",
    "REVOKE ALL ON PROCEDURE data.p FROM reader",
  ],
  [
    "routines",
    { schema: "data", objectType: "routine", privileges: ["EXECUTE"] },
    [],
    "reader_app_data_routine",
    "REVOKE ALL ON PROCEDURE data.p FROM reader",
  ],
  [
    "columns",
    { schema: "data", objectType: "column", objects: ["t"], columns: ["a", "b"], privileges: ["SELECT"] },
    ["UPDATE"],
    "reader_app_data_column_t_a_b",
    "REVOKE SELECT (a) ON data.t FROM reader",
  ],
  [
    "a wrapper",
    { objectType: "foreign_data_wrapper", objects: ["w"], privileges: ["USAGE"] },
    [],
    "reader_app_foreign_data_wrapper_w",
    "REVOKE ALL ON FOREIGN DATA WRAPPER w FROM reader",
  ],
  [
    "a foreign server",
    { objectType: "foreign_server", objects: ["fs"], privileges: ["ALL"] },
    [],
    "reader_app_foreign_server_fs",
    "REVOKE ALL ON FOREIGN SERVER fs FROM reader",
  ],
];

describe("a grant", () => {
  it.each(kinds)(
    "on %s is made, drifts, is mended, changed in place, imported and deleted",
    async (_kind, part, others, id, drift) => {
      const life = await grants();
      const given: PropertyMap = { role: "reader", database, ...part };
      const made = await life.create(given);
      // An interrupted create is just repeated.
      expect([made.id, await life.trace(given)]).toEqual([id, "nothing"]);
      expect(made.outputs).toEqual({ ...given, withGrantOption: false });
      expect((await life.diff(made, given)).changes).toBe("none");
      expect(await life.refresh(made)).toEqual(made);
      const imported = present(await life.import(id));
      const spelt = part.objectType === "foreign_server" ? { ...given, privileges: ["USAGE"] } : given;
      expect((await life.diff(imported, spelt)).detailedDiff).toEqual({});
      expect(imported.id).toBe(id);

      await context.server.sql(drift, database);
      const drifted = present(await life.refresh(made));
      expect((await life.diff(drifted, given)).diffs).toEqual(["privileges"]);
      const mended = await life.update(drifted, given);
      expect(await life.refresh(mended)).toEqual(made);

      const changed = { ...given, privileges: others };
      expect(await life.diff(mended, changed)).toMatchObject({ diffs: ["privileges"], replaces: [] });
      const updated = await life.update(mended, changed);
      expect(await life.refresh(updated)).toEqual(updated);
      await life.delete(updated);
      expect(
        await life.refresh({ ...updated, outputs: { ...updated.outputs, privileges: [] } }),
      ).toMatchObject({
        outputs: { privileges: [] },
      });
      await life.delete(updated);
    },
  );

  it.each(["role", "database", "schema", "objectType", "withGrantOption"])(
    "is replaced, and deleted first, for another %s",
    async (property) => {
      const life = await grants();
      const given = {
        role: "reader",
        database,
        schema: "data",
        objectType: "sequence",
        privileges: ["SELECT"],
      };
      const made = await life.create(given);
      const another = {
        role: "other",
        database: "postgres",
        schema: "public",
        objectType: "table",
        withGrantOption: true,
      };
      const diff = await life.diff(made, { ...given, [property]: another[property as keyof typeof another] });
      expect(diff).toMatchObject({ replaces: [property], deleteBeforeReplace: true });
      await life.delete(made);
    },
  );

  it("to PUBLIC with nothing in it takes away what a fresh database gives everyone, and sees it come back", async () => {
    const life = await grants();
    const given = { role: "public", database, objectType: "database", privileges: [] };
    expect(await has("database_privilege('reader', 'app', 'CONNECT')")).toBe(true);
    const made = await life.create(given);
    expect(await has("database_privilege('reader', 'app', 'CONNECT')")).toBe(false);
    await context.server.sql("DROP DATABASE IF EXISTS fresh");
    await context.server.sql("CREATE DATABASE fresh");
    const elsewhere = { ...made, outputs: { ...made.outputs, database: "fresh" } };
    const seen = present(await life.refresh(elsewhere));
    expect(seen.outputs.privileges).toEqual(["CONNECT", "TEMPORARY"]);
  });

  it("finds a function or procedure whichever way its types are spelt, and no other one", async () => {
    const life = await grants();
    await context.server.sql(
      `CREATE TYPE data.mood AS ENUM ('good'); SET ROLE app_owner;
       CREATE FUNCTION data."Spelt"(int, varchar, data.mood, OUT x int) LANGUAGE sql AS 'SELECT 1';
       CREATE PROCEDURE data.spelt(bigint, timestamptz[]) LANGUAGE sql AS 'SELECT 1'`,
      database,
    );
    const about = { role: "other", database, schema: "data", privileges: ["EXECUTE"] };
    const functions = { ...about, objectType: "function", objects: ["Spelt(int4, varchar,data.mood)"] };
    const procedures = { ...about, objectType: "procedure", objects: ["spelt(int8, timestamptz[])"] };
    const revoke = 'REVOKE ALL ON ROUTINE data."Spelt", data.spelt FROM PUBLIC';
    await context.server.sql(revoke, database);
    for (const [given, query] of [
      [functions, `function_privilege('other', 'data."Spelt"(int, varchar, data.mood)', 'EXECUTE')`],
      [procedures, "function_privilege('other', 'data.spelt(bigint, timestamptz[])', 'EXECUTE')"],
    ] as const) {
      const made = await life.create(given);
      expect(await has(query)).toBe(true);
      expect(await life.refresh(made)).toEqual(made);
      expect((await life.diff(made, given)).changes).toBe("none");
      await life.delete(made);
      expect(await has(query)).toBe(false);
    }
    for (const objects of [
      ["Spelt(int)"],
      ["spelt(int, varchar, data.mood)"],
      ["Spelt(nothing.known)"],
      ["Spelt("],
    ]) {
      await expect(life.create({ ...functions, objects })).rejects.toThrow("no function");
    }
  });

  it.each([
    ["Public", "{app_owner=arwdDxtm/app_owner,Public=r/app_owner}"],
    ["PUBLIC", "{app_owner=arwdDxtm/app_owner,=r/app_owner}"],
    ["public", "{app_owner=arwdDxtm/app_owner,=r/app_owner}"],
  ])("to %s goes to the role of that name or to everyone, as PostgreSQL means it", async (role, acl) => {
    const life = await grants();
    await context.server.sql('DROP ROLE IF EXISTS "Public"; CREATE ROLE "Public"');
    const about = { role, database, schema: "data", objectType: "table", objects: ["T, 2"] };
    const made = await life.create({ ...about, privileges: ["SELECT"] });
    const query = "SELECT relacl::text AS acl FROM pg_class WHERE relname = 'T, 2'";
    expect(await context.server.sql(query, database)).toEqual([{ acl }]);
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
  });

  it("takes away what another role granted, in that role's name", async () => {
    const life = await grants();
    await context.server.sql(
      `GRANT SELECT ON data.t TO other WITH GRANT OPTION; GRANT USAGE ON SCHEMA data TO other;
       SET ROLE other; GRANT SELECT ON data.t TO reader`,
      database,
    );
    const given = {
      role: "reader",
      database,
      schema: "data",
      objectType: "table",
      objects: ["t"],
      privileges: ["INSERT"],
    };
    const made = await life.create(given);
    expect(await has("table_privilege('reader', 'data.t', 'SELECT')")).toBe(false);
    expect(await life.refresh(made)).toEqual(made);
    await life.delete(made);
    await context.server.sql("REVOKE ALL ON data.t FROM other", database);
  });

  it("takes away what a role granted that may no longer use the schema, and leaves that role as it was", async () => {
    await context.server.sql(
      `CREATE ROLE granter LOGIN PASSWORD 'granter'; GRANT USAGE ON SCHEMA data TO granter;
       GRANT SELECT ON data.t TO granter WITH GRANT OPTION; SET ROLE granter; GRANT SELECT ON data.t TO reader;
       RESET ROLE; REVOKE USAGE ON SCHEMA data FROM granter; CREATE ROLE limited LOGIN PASSWORD 'limited';
       GRANT app_owner, granter TO limited`,
      database,
    );
    const about = { role: "reader", database, schema: "data", objectType: "table", objects: ["t"] };
    const limited = await context.server.provider({ username: "limited", password: "limited" });
    await expect(
      new Life(limited, "postgresql:index/grant:Grant").create({ ...about, privileges: [] }),
    ).rejects.toThrow(
      'SELECT on data.t was granted by role "granter", which has no USAGE on schema "data", so nothing can be revoked in its name: grant it that',
    );
    expect(await has("table_privilege('reader', 'data.t', 'SELECT')")).toBe(true);
    await (await grants()).create({ ...about, privileges: [] });
    expect(await has("table_privilege('reader', 'data.t', 'SELECT')")).toBe(false);
    expect(await has("schema_privilege('granter', 'data', 'USAGE')")).toBe(false);
    await context.server.sql("DROP OWNED BY granter; DROP ROLE limited, granter", database);
  });

  it("keeps column grants of the same role when its named table's privileges change", async () => {
    const life = await grants();
    const about = { role: "reader", database, schema: "data", objects: ["t"] };
    const columns = await life.create({
      ...about,
      objectType: "column",
      columns: ["a"],
      privileges: ["SELECT"],
    });
    const table = await life.create({ ...about, objectType: "table", privileges: ["INSERT"] });
    await life.delete(table);
    expect(await life.refresh(columns)).toEqual(columns);
    await life.delete(columns);
  });

  it("keeps column grants of the same privilege, whoever granted them, when it is taken from the whole table", async () => {
    const life = await grants();
    await context.server.sql(
      `GRANT SELECT, UPDATE ON data.t TO other WITH GRANT OPTION; GRANT USAGE ON SCHEMA data TO other;
       GRANT UPDATE (a) ON data.t TO reader WITH GRANT OPTION; SET ROLE other; GRANT SELECT (b) ON data.t TO reader;
       GRANT SELECT ON data.t TO reader; RESET ROLE; REVOKE USAGE ON SCHEMA data FROM other`,
      database,
    );
    const about = { role: "reader", database, schema: "data" };
    const onColumns = { ...about, objectType: "column", objects: ["t"], columns: ["a"] };
    const columns = await life.create({
      ...onColumns,
      privileges: ["SELECT", "UPDATE"],
      withGrantOption: true,
    });
    const onTables = { ...about, objectType: "table" };
    const tables = await life.create({ ...onTables, privileges: ["SELECT", "UPDATE"] });
    await life.update(tables, { ...onTables, privileges: [] });
    expect(await life.refresh(columns)).toEqual(columns);
    expect(await has("column_privilege('reader', 'data.t', 'b', 'SELECT')")).toBe(true);
    await life.delete(columns);
    await context.server.sql("REVOKE ALL ON data.t FROM other CASCADE", database);
  });

  it("with the grant option has it, sees it lost, and one without has it taken away", async () => {
    const life = await grants();
    const given = { role: "reader", database, schema: "data", objectType: "sequence", privileges: ["USAGE"] };
    const passing = await life.create({ ...given, withGrantOption: true });
    expect(await has("sequence_privilege('reader', 'data.s', 'USAGE WITH GRANT OPTION')")).toBe(true);
    await context.server.sql("REVOKE GRANT OPTION FOR USAGE ON SEQUENCE data.s FROM reader", database);
    const drifted = present(await life.refresh(passing));
    expect((await life.diff(drifted, { ...given, withGrantOption: true })).replaces).toEqual([
      "withGrantOption",
    ]);
    await context.server.sql("GRANT USAGE ON SEQUENCE data.s TO reader WITH GRANT OPTION", database);
    const made = await life.create(given);
    expect(await has("sequence_privilege('reader', 'data.s', 'USAGE WITH GRANT OPTION')")).toBe(false);
    await life.delete(made);
  });

  it("is gone with its role, schema or database, and deleted without an error then", async () => {
    const life = await grants();
    await context.server.sql("CREATE ROLE leaving");
    const given = { role: "leaving", database, objectType: "database", privileges: ["CONNECT"] };
    const made = await life.create(given);
    await context.server.sql("DROP OWNED BY leaving; DROP ROLE leaving");
    expect(await life.refresh(made)).toBeUndefined();
    await life.delete(made);
    const schema = await life.create({
      ...given,
      role: "reader",
      schema: "data",
      objectType: "schema",
      privileges: ["USAGE"],
    });
    for (const lost of [{ schema: "no such" }, { database: "no such" }]) {
      const missing = { ...schema, outputs: { ...schema.outputs, ...lost } };
      expect(await life.refresh(missing)).toBeUndefined();
      await life.delete(missing);
    }
    await expect(life.create({ ...given, role: "leaving" })).rejects.toThrow('role "leaving" is not there');
  });

  it("names an object that is not there, and refuses an id that can be read in two ways", async () => {
    const life = await grants();
    const given = { role: "reader", database, schema: "data", objectType: "table", privileges: ["SELECT"] };
    await expect(life.create({ ...given, objects: ["t", "u"] })).rejects.toThrow(
      /no table "u" in schema data of database app/,
    );
    await context.server.sql("CREATE DATABASE app_x");
    await context.server.sql("CREATE ROLE app_app");
    await context.server.sql("CREATE DATABASE x");
    await expect(life.import("app_app_x_database")).rejects.toThrow(/can be read in 2 ways/);
    expect(await life.import("nobody_app_database")).toBeUndefined();
  });

  it("is refused with every mistake at once", async () => {
    const life = await grants();
    const refused = async (given: PropertyMap): Promise<string[]> =>
      (await life.failures({ role: "reader", database, ...given })).map(({ property }) => property);
    expect(
      await refused({ objectType: "database", privileges: ["SELECT", "connect"], objects: ["x"] }),
    ).toEqual(["objects", "privileges", "privileges"]);
    expect(await refused({ objectType: "table", privileges: ["SELECT; DROP TABLE t"] })).toEqual([
      "schema",
      "privileges",
    ]);
    expect(await refused({ objectType: "column", schema: "s", privileges: ["ALL"] })).toEqual([
      "objects",
      "columns",
      "privileges",
    ]);
    expect(await refused({ objectType: "tables" })).toEqual(["objectType", "privileges"]);
    expect(
      await refused({
        role: "PUBLIC",
        objectType: "schema",
        schema: "s",
        privileges: [],
        withGrantOption: true,
      }),
    ).toEqual(["withGrantOption"]);
  });
});
