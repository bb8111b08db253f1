/** Schemas and extensions on a real server; the schema that every database has is adopted, an extension is not. */
import { beforeAll, describe, expect, it } from "vitest";
import { useServer } from "../../support/postgres";
import { Life, present } from "../../support/providers";

const context = useServer();

beforeAll(async () => {
  await context.server.sql("CREATE ROLE first; CREATE ROLE second");
  await context.server.sql('CREATE DATABASE "a.pp"');
  await context.server.sql('CREATE DATABASE "a"');
});

async function resources(type: string): Promise<Life> {
  return new Life(await context.server.provider(), `postgresql:index/${type}`);
}

describe("a schema", () => {
  const given = { name: "da.ta", database: "a.pp", owner: "first" };

  it("is made, changed and renamed in place, drifts, is imported and dropped", async () => {
    const life = await resources("schema:Schema");
    const made = await life.create(given);
    expect([made.id, await life.trace(given)]).toEqual(["a.pp.da.ta", "nothing"]);
    expect((await life.diff(made, given)).changes).toBe("none");
    expect(await life.refresh(made)).toEqual(made);
    const imported = present(await life.import(made.id));
    expect((await life.diff(imported, given)).changes).toBe("none");
    await context.server.sql('ALTER SCHEMA "da.ta" OWNER TO second', "a.pp");
    const drifted = present(await life.refresh(made));
    expect((await life.diff(drifted, given)).diffs).toEqual(["owner"]);
    const renamed = await life.update(drifted, { ...given, name: "renamed" });
    expect(await life.refresh(renamed)).toMatchObject({ id: "a.pp.renamed", outputs: { owner: "first" } });
    await life.delete(renamed);
    expect(await life.refresh(renamed)).toBeUndefined();
    await life.delete(renamed);
    await expect(life.update(made, given)).rejects.toThrow('schema "da.ta" is gone');
  });

  it("that every database has is adopted with the declared owner, unless the program says it must be new", async () => {
    const life = await resources("schema:Schema");
    const publicSchema = { name: "public", database: "a.pp", owner: "first" };
    const made = await life.create(publicSchema);
    expect(made.outputs).toMatchObject({ owner: "first" });
    expect((await life.diff(made, publicSchema)).changes).toBe("none");
    await expect(life.create({ ...publicSchema, ifNotExists: false })).rejects.toThrow(
      /"public" exists already.*a\.pp\.public/,
    );
  });

  it("is found again after an interrupted create when it must be new, and is no one else's then", async () => {
    const life = await resources("schema:Schema");
    const mustBeNew = { ...given, name: "new.one", ifNotExists: false };
    expect(await life.trace(mustBeNew)).toBe("a.pp.new.one");
    const made = await life.create(mustBeNew);
    expect(present(await life.import("a.pp.new.one")).outputs).toMatchObject({ owner: "first" });
    await life.delete(made);
  });

  it("stands in the provider's database when the program names none, and is replaced for another one", async () => {
    const life = await resources("schema:Schema");
    const made = await life.create({ name: "here" });
    expect(made).toMatchObject({ id: "postgres.here", outputs: { database: "postgres", owner: "postgres" } });
    expect((await life.diff(made, { name: "here" })).changes).toBe("none");
    const empty = { name: "here", database: "", owner: "" };
    expect((await life.diff(made, empty)).changes).toBe("none");
    expect(await life.refresh(await life.update(made, empty))).toEqual(made);
    const diff = await life.diff(made, { name: "here", database: "a" });
    expect(diff).toMatchObject({ replaces: ["database"], deleteBeforeReplace: true });
    await life.delete(made);
  });

  it("with something in it is not dropped unless that is asked for", async () => {
    const life = await resources("schema:Schema");
    const made = await life.create(given);
    await context.server.sql('CREATE TABLE "da.ta".t ()', "a.pp");
    await expect(life.delete(made)).rejects.toThrow(/cannot drop schema/);
    await life.delete(await life.update(made, { ...given, dropCascade: true }));
    expect(await life.refresh(made)).toBeUndefined();
  });

  it("is gone with its database, and refused under a name of PostgreSQL's own", async () => {
    const life = await resources("schema:Schema");
    const made = await life.create({ name: "lost", database: "a" });
    const lost = { ...made, outputs: { ...made.outputs, database: "no such" } };
    expect(await life.refresh(lost)).toBeUndefined();
    await life.delete(lost);
    expect(await life.import("no such.schema")).toBeUndefined();
    const failures = await life.failures({ name: "pg_mine", policies: [] });
    expect(failures.map(({ property }) => property)).toEqual(["name", "policies"]);
  });
});

describe("an extension", () => {
  const given = { name: "hstore", database: "a.pp", schema: "public", version: "1.7" };

  it("is made, updated and moved in place, drifts, is imported and dropped", async () => {
    const life = await resources("extension:Extension");
    const made = await life.create(given);
    expect([made.id, await life.trace(given)]).toEqual(["a.pp.hstore", "a.pp.hstore"]);
    expect((await life.diff(made, given)).changes).toBe("none");
    expect(await life.refresh(made)).toEqual(made);
    expect((await life.diff(present(await life.import(made.id)), given)).changes).toBe("none");
    await context.server.sql("CREATE SCHEMA elsewhere; ALTER EXTENSION hstore SET SCHEMA elsewhere", "a.pp");
    const drifted = present(await life.refresh(made));
    expect((await life.diff(drifted, given)).diffs).toEqual(["schema"]);
    const updated = await life.update(drifted, { ...given, version: "1.8" });
    expect(updated.outputs).toMatchObject({ schema: "public", version: "1.8" });
    expect(await life.refresh(updated)).toEqual(updated);
    await life.delete(updated);
    expect(await life.refresh(updated)).toBeUndefined();
    await life.delete(updated);
    await expect(life.update(made, given)).rejects.toThrow('extension "hstore" is gone');
  });

  it("lands in the default schema without one of its own, brings what it needs if asked, and is not taken over", async () => {
    const life = await resources("extension:Extension");
    const cube = { name: "earthdistance", database: "a" };
    await expect(life.create(cube)).rejects.toThrow(/required extension "cube" is not installed/);
    const made = await life.create({ ...cube, createCascade: true });
    expect(made.outputs).toMatchObject({ schema: "public", createCascade: true });
    expect((await life.diff(made, { ...cube, createCascade: true })).changes).toBe("none");
    await expect(life.create({ name: "cube", database: "a" })).rejects.toThrow(
      /"cube" exists already.*a\.cube/,
    );
    const needed = present(await life.import("a.cube"));
    await expect(life.delete(needed)).rejects.toThrow(/other objects depend on it/);
    await life.delete(await life.update(needed, { name: "cube", database: "a", dropCascade: true }));
    expect(await life.refresh(made)).toBeUndefined();
  });

  it("is replaced, and deleted first, for another name or database", async () => {
    const life = await resources("extension:Extension");
    const made = await life.create(given);
    const diff = await life.diff(made, { ...given, name: "ltree", database: "a" });
    expect(diff).toMatchObject({ replaces: ["name", "database"], deleteBeforeReplace: true });
    await life.delete(made);
  });
});
