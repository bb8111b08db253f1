/** Memberships and default privileges on a real server: rows that only a name identifies, and that are replaced with care. */
import { beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../engine/provider/values";
import { useServer } from "../../support/postgres";
import { Life, type Made, present } from "../../support/providers";

const context = useServer();

beforeAll(async () => {
  await context.server.sql(
    "CREATE ROLE member; CREATE ROLE group_a; CREATE ROLE owner_a; CREATE ROLE reader",
  );
  await context.server.sql("CREATE DATABASE app OWNER owner_a");
  await context.server.sql("CREATE SCHEMA data AUTHORIZATION owner_a", "app");
});

async function resources(type: string): Promise<Life> {
  return new Life(await context.server.provider(), `postgresql:index/${type}`);
}

/** Replaces as the engine does it for deleteBeforeReplace. */
async function replace(life: Life, made: Made, given: PropertyMap): Promise<Made> {
  expect(await life.diff(made, given)).toMatchObject({ deleteBeforeReplace: true });
  await life.delete(made);
  return life.create(given);
}

describe("a GrantRole", () => {
  const given = { role: "member", grantRole: "group_a" };

  it("is made, imported by an id of names with underscores, and is gone when the row is", async () => {
    const life = await resources("grantRole:GrantRole");
    const made = await life.create(given);
    expect([made.id, await life.trace(given)]).toEqual(["member_group_a_false", "nothing"]);
    expect((await life.diff(made, given)).changes).toBe("none");
    expect(await life.refresh(made)).toEqual(made);
    expect(await life.import("member_group_a_false")).toEqual(made);
    await context.server.sql("REVOKE group_a FROM member");
    expect(await life.refresh(made)).toBeUndefined();
    await life.delete(made);
  });

  it("has its admin option replaced without losing the membership, and shows one that SQL gave", async () => {
    const life = await resources("grantRole:GrantRole");
    const made = await life.create(given);
    const admin = await replace(life, made, { ...given, withAdminOption: true });
    expect(await life.refresh(admin)).toMatchObject({ outputs: { withAdminOption: true } });
    const plain = await replace(life, admin, given);
    await context.server.sql("GRANT group_a TO member WITH ADMIN OPTION");
    const drifted = present(await life.refresh(plain));
    expect((await life.diff(drifted, given)).replaces).toEqual(["withAdminOption"]);
    await life.delete(drifted);
    expect(await life.refresh(drifted)).toBeUndefined();
  });

  it("that another role granted is ended all the same", async () => {
    const life = await resources("grantRole:GrantRole");
    await context.server.sql(
      "CREATE ROLE go_between; GRANT group_a TO go_between WITH ADMIN OPTION; GRANT group_a TO member GRANTED BY go_between",
    );
    await life.delete(present(await life.import("member_group_a_false")));
    expect(await life.import("member_group_a_false")).toBeUndefined();
  });

  it("of a role that is not there is an error that names it", async () => {
    const life = await resources("grantRole:GrantRole");
    await expect(life.create({ ...given, grantRole: "nobody" })).rejects.toThrow(
      /membership of "member" in "nobody": .*role "nobody" does not exist.*create it first/,
    );
    expect((await life.failures({ role: "x", grantRole: "x" })).map(({ property }) => property)).toEqual([
      "grantRole",
    ]);
  });
});

describe("DefaultPrivileges", () => {
  const about = { role: "reader", database: "app", owner: "owner_a" };

  it.each([
    [
      "tables of a schema",
      { schema: "data", objectType: "table", privileges: ["SELECT", "INSERT"] },
      "reader_app_data_owner_a_table",
    ],
    [
      "sequences everywhere",
      { objectType: "sequence", privileges: ["USAGE", "SELECT"] },
      "reader_app_noschema_owner_a_sequence",
    ],
    [
      "functions",
      { schema: "data", objectType: "function", privileges: ["EXECUTE"] },
      "reader_app_data_owner_a_function",
    ],
    ["types", { objectType: "type", privileges: ["USAGE"] }, "reader_app_noschema_owner_a_type"],
    ["schemas", { objectType: "schema", privileges: ["ALL"] }, "reader_app_noschema_owner_a_schema"],
  ])("on %s are made, changed in place, imported, found gone and made again", async (_kind, part, id) => {
    const life = await resources("defaultPrivileges:DefaultPrivileges");
    const given = { ...about, ...part };
    const made = await life.create(given);
    // An interrupted create is just repeated.
    expect([made.id, await life.trace(given)]).toEqual([id, "nothing"]);
    expect((await life.diff(made, given)).changes).toBe("none");
    expect(await life.refresh(made)).toEqual(made);
    // An import lists what ALL stands for.
    const spelt = part.objectType === "schema" ? { ...given, privileges: ["CREATE", "USAGE"] } : given;
    expect((await life.diff(present(await life.import(id)), spelt)).changes).toBe("none");
    const none = await life.update(made, { ...given, privileges: [] });
    expect(await life.refresh(none)).toMatchObject({ outputs: { privileges: [] } });
    // The row that is wanted is not there.
    expect(await life.refresh(made)).toBeUndefined();
    const again = await life.create(given);
    await life.delete(again);
    expect(await life.refresh(again)).toBeUndefined();
    await life.delete(again);
  });

  it("apply to what the owner creates later", async () => {
    const life = await resources("defaultPrivileges:DefaultPrivileges");
    const made = await life.create({ ...about, schema: "data", objectType: "table", privileges: ["SELECT"] });
    await context.server.sql("SET ROLE owner_a; CREATE TABLE data.later ()", "app");
    const query = "SELECT has_table_privilege('reader', 'data.later', 'SELECT') AS may";
    expect(await context.server.sql(query, "app")).toEqual([{ may: true }]);
    await life.delete(made);
  });

  it("take from PUBLIC what PostgreSQL gives by itself, and see it given back", async () => {
    const life = await resources("defaultPrivileges:DefaultPrivileges");
    const given = { ...about, role: "public", objectType: "function", privileges: [] };
    const made = await life.create(given);
    expect(await life.refresh(made)).toEqual(made);
    await context.server.sql(
      "ALTER DEFAULT PRIVILEGES FOR ROLE owner_a GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
      "app",
    );
    const drifted = present(await life.refresh(made));
    expect(drifted.outputs.privileges).toEqual(["EXECUTE"]);
    expect((await life.diff(drifted, given)).diffs).toEqual(["privileges"]);
    const mended = await life.update(drifted, given);
    await context.server.sql(
      "SET ROLE owner_a; CREATE FUNCTION data.closed() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "app",
    );
    const query = "SELECT has_function_privilege('member', 'data.closed()', 'EXECUTE') AS may";
    expect(await context.server.sql(query, "app")).toEqual([{ may: false }]);
    await life.delete(mended);
  });

  it("have their grant option replaced without losing the privileges", async () => {
    const life = await resources("defaultPrivileges:DefaultPrivileges");
    const given = { ...about, objectType: "sequence", privileges: ["USAGE"] };
    const made = await life.create(given);
    const passing = await replace(life, made, { ...given, withGrantOption: true });
    expect(await life.refresh(passing)).toEqual(passing);
    const plain = await replace(life, passing, given);
    expect(await life.refresh(plain)).toEqual(plain);
    await life.delete(plain);
  });

  it("under the older name of their type are the same", async () => {
    const life = await resources("defaultPrivileg:DefaultPrivileg");
    const made = await life.create({ ...about, objectType: "sequence", privileges: ["USAGE"] });
    await life.delete(present(await life.refresh(made)));
  });

  it("are refused with every mistake at once, and name what is not there", async () => {
    const life = await resources("defaultPrivileges:DefaultPrivileges");
    const wrong = { ...about, owner: "public", schema: "s", objectType: "schema", privileges: ["SELECT"] };
    expect((await life.failures(wrong)).map(({ property }) => property)).toEqual([
      "owner",
      "schema",
      "privileges",
    ]);
    const given = { ...about, objectType: "table", privileges: ["SELECT"] };
    await expect(life.create({ ...given, owner: "nobody" })).rejects.toThrow('role "nobody" is not there');
    await expect(life.create({ ...given, schema: "nowhere" })).rejects.toThrow(
      'schema "nowhere" is not there',
    );
    await expect(life.create({ ...given, database: "nowhere" })).rejects.toThrow(/"nowhere" does not exist/);
  });
});
