/** Databases on a real server: made, changed in place or replaced, found drifted, imported and dropped. */
import { describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../engine/provider/values";
import { useServer } from "../../support/postgres";
import { Life, present } from "../../support/providers";

const context = useServer();

async function databases(): Promise<Life> {
  return new Life(await context.server.provider(), "postgresql:index/database:Database");
}

describe("a database", () => {
  it("is made with all it is given, found unchanged, and dropped under the sessions in it", async () => {
    await context.server.sql('CREATE ROLE "the owner"');
    const life = await databases();
    const given = {
      name: "made it",
      owner: "the owner",
      encoding: "UTF8",
      lcCollate: "C.UTF-8",
      lcCtype: "C.UTF-8",
      template: "template0",
      connectionLimit: 5,
      isTemplate: true,
    };
    const made = await life.create(given);
    expect(made.id).toBe("made it");
    expect(made.outputs).toMatchObject({ ...given, tablespaceName: "pg_default", allowConnections: true });
    expect(await life.diff(made, given)).toMatchObject({ changes: "none" });
    expect(await life.refresh(made)).toEqual(made);
    const session = await context.server.session("made it");
    await life.delete(made);
    await expect(session.query("SELECT 1")).rejects.toThrow();
    expect(await life.refresh(made)).toBeUndefined();
    await life.delete(made);
  });

  it.each([
    ["connectionLimit", 9],
    ["allowConnections", false],
    ["isTemplate", true],
    ["owner", "pg_monitor"],
  ])("has its %s changed in place, without ending sessions", async (property, value) => {
    const life = await databases();
    const given: PropertyMap = { name: "changing" };
    const made = await life.create(given);
    const session = await context.server.session("changing");
    const changed = { ...given, [property]: value };
    expect(await life.diff(made, changed)).toMatchObject({ diffs: [property], replaces: [] });
    const updated = await life.update(made, changed);
    expect(updated.outputs[property]).toBe(value);
    expect(await life.refresh(updated)).toEqual(updated);
    await session.query("SELECT 1");
    await life.delete(updated);
  });

  it("is renamed in place and found by its new name", async () => {
    const life = await databases();
    const made = await life.create({ name: "before" });
    const renamed = await life.update(made, { name: "after", connectionLimit: 3 });
    expect(await life.refresh(renamed)).toMatchObject({
      id: "after",
      outputs: { name: "after", connectionLimit: 3 },
    });
    await life.delete(renamed);
    expect(await context.server.sql("SELECT FROM pg_database WHERE datname IN ('before', 'after')")).toEqual(
      [],
    );
  });

  it("gives its objects to a new owner when that is asked for, but not if other databases would go too", async () => {
    await context.server.sql("CREATE ROLE first; CREATE ROLE second");
    const life = await databases();
    const given = { name: "handed", owner: "first", alterObjectOwnership: true };
    const made = await life.create(given);
    await context.server.sql("CREATE TABLE t (); ALTER TABLE t OWNER TO first", "handed");
    await context.server.sql("CREATE DATABASE other OWNER first");
    await expect(life.update(made, { ...given, owner: "second" })).rejects.toThrow(
      /would also take other from it/,
    );
    await context.server.sql("DROP DATABASE other");
    const updated = await life.update(made, { ...given, owner: "second" });
    const owner = "SELECT tableowner AS owner FROM pg_tables WHERE tablename = 't'";
    expect(await context.server.sql(owner, "handed")).toEqual([{ owner: "second" }]);
    await life.delete(updated);
  });

  it.each([
    ["encoding", "SQL_ASCII"],
    ["lcCollate", "POSIX"],
    ["lcCtype", "C"],
    ["template", "template1"],
  ])("is replaced, and deleted first, for another %s", async (property, value) => {
    const life = await databases();
    const given = {
      name: "replaced",
      encoding: "UTF8",
      lcCollate: "C.UTF-8",
      lcCtype: "C.UTF-8",
      template: "template0",
    };
    const made = await life.create(given);
    const diff = await life.diff(made, { ...given, [property]: value });
    expect(diff).toMatchObject({ replaces: [property], deleteBeforeReplace: true });
    expect(diff.detailedDiff?.[property]?.kind).toBe("update-replace");
    await life.delete(made);
  });

  it("is not replaced for another spelling of its encoding and locale, nor for what the server chooses", async () => {
    const life = await databases();
    const made = await life.create({ name: "spelt", encoding: "utf-8", lcCollate: "C.UTF-8" });
    expect(await life.refresh(made)).toEqual(made);
    const other = {
      name: "spelt",
      encoding: "Unicode",
      lcCollate: "C.utf8",
      lcCtype: "DEFAULT",
      owner: "DEFAULT",
    };
    expect((await life.diff(made, other)).changes).toBe("none");
    await life.delete(made);
  });

  it("that exists already is refused; then it is imported and differs in nothing", async () => {
    await context.server.sql("CREATE DATABASE found CONNECTION LIMIT 4");
    const life = await databases();
    await expect(life.create({ name: "found" })).rejects.toThrow(
      /import postgresql:index\/database:Database <name> found/,
    );
    const imported = present(await life.import("found"));
    expect(imported.inputs).toMatchObject({
      name: "found",
      owner: "postgres",
      encoding: "UTF8",
      connectionLimit: 4,
    });
    const { __defaults: _, ...given } = imported.inputs;
    expect((await life.diff(imported, given)).changes).toBe("none");
    expect((await life.diff(imported, { name: "found", connectionLimit: 4 })).changes).toBe("none");
    expect(await life.import("nothing")).toBeUndefined();
  });

  it("shows what was changed by SQL, and is given it back", async () => {
    const life = await databases();
    const given = { name: "drifting", owner: "pg_monitor" };
    const made = await life.create(given);
    await context.server.sql("ALTER DATABASE drifting CONNECTION LIMIT 2");
    await context.server.sql("ALTER DATABASE drifting OWNER TO pg_read_all_data");
    const drifted = present(await life.refresh(made));
    expect((await life.diff(drifted, given)).diffs).toEqual(["owner", "connectionLimit"]);
    const mended = await life.update(drifted, given);
    expect((await life.diff(present(await life.refresh(mended)), given)).changes).toBe("none");
    await life.delete(mended);
    await expect(life.update(mended, given)).rejects.toThrow('database "drifting" is gone');
  });

  it("that lets nobody in says so, and what to do, when something in it is refreshed or deleted", async () => {
    const provider = await context.server.provider();
    const life = new Life(provider, "postgresql:index/database:Database");
    const schemas = new Life(provider, "postgresql:index/schema:Schema");
    const made = await life.create({ name: "closed" });
    const inside = await schemas.create({ name: "inside", database: "closed" });
    const closed = await life.update(made, { name: "closed", allowConnections: false });
    const advice =
      /schema "inside" of database "closed": .*not currently accepting connections.*allowConnections: false lets nobody look into it: set that to true/;
    await expect(schemas.refresh(inside)).rejects.toThrow(advice);
    await expect(schemas.delete(inside)).rejects.toThrow(advice);
    const open = await life.update(closed, { name: "closed" });
    await schemas.delete(present(await schemas.refresh(inside)));
    await life.delete(open);
  });

  it("copies a template that this provider was connected to a moment ago", async () => {
    const provider = await context.server.provider();
    const life = new Life(provider, "postgresql:index/database:Database");
    const template = await life.create({ name: "copied" });
    const schemas = new Life(provider, "postgresql:index/schema:Schema");
    await schemas.create({ name: "inside", database: "copied" });
    const made = await life.create({ name: "copy", template: "copied" });
    expect(await schemas.import("copy.inside")).toMatchObject({ id: "copy.inside" });
    await life.delete(made);
    await life.delete(template);
  });
});
