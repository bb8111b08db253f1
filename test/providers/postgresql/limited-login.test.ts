/** A provider whose login is no superuser, only allowed to create roles and databases: the deployer of one environment. */
import { beforeAll, expect, it } from "vitest";
import { secret } from "../../../engine/provider/values";
import { useServer } from "../../support/postgres";
import { Life, type Made } from "../../support/providers";

const context = useServer();

beforeAll(async () => {
  await context.server.sql("CREATE ROLE deployer LOGIN CREATEROLE CREATEDB PASSWORD 'deployer'");
});

it("makes, changes and drops everything, and keeps no membership that it took for a moment", async () => {
  const provider = await context.server.provider({
    username: "deployer",
    password: "deployer",
    superuser: "false",
  });
  const made: [Life, Made][] = [];
  const create = async (type: string, given: Parameters<Life["create"]>[0]): Promise<Made> => {
    const life = new Life(provider, `postgresql:index/${type}`);
    const state = await life.create(given);
    expect((await life.diff(state, given)).changes).toBe("none");
    expect(await life.refresh(state)).toEqual(state);
    made.push([life, state]);
    return state;
  };
  await create("role:Role", { name: "d_owner" });
  await create("role:Role", { name: "d_rw" });
  await create("role:Role", {
    name: "d_app",
    login: true,
    password: secret("pw"),
    roles: ["d_rw"],
    connectionLimit: 3,
  });
  await create("database:Database", { name: "d", owner: "d_owner", connectionLimit: 9 });
  await create("schema:Schema", { name: "data", database: "d", owner: "d_owner" });
  const about = { database: "d", schema: "data" };
  await create("grant:Grant", { role: "public", database: "d", objectType: "database", privileges: [] });
  await create("grant:Grant", {
    role: "d_rw",
    database: "d",
    objectType: "database",
    privileges: ["CONNECT"],
  });
  await create("grant:Grant", { ...about, role: "d_rw", objectType: "schema", privileges: ["USAGE"] });
  await create("defaultPrivileges:DefaultPrivileges", {
    ...about,
    role: "d_rw",
    owner: "d_owner",
    objectType: "table",
    privileges: ["SELECT"],
  });

  const temporary = `SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
    JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = 'deployer' AND (m.inherit_option OR m.set_option)`;
  expect(await context.server.sql(temporary)).toEqual([]);
  for (const [life, state] of made.reverse()) await life.delete(state);
  expect(await context.server.sql("SELECT FROM pg_roles WHERE rolname LIKE 'd\\_%'")).toEqual([]);
});

it("is told what it may not do, and changes nothing then", async () => {
  const provider = await context.server.provider({
    username: "deployer",
    password: "deployer",
    superuser: "false",
  });
  const roles = new Life(provider, "postgresql:index/role:Role");
  await expect(roles.create({ name: "mighty", superuser: true })).rejects.toThrow(
    /role "mighty": PostgreSQL at .* permission denied.*connect as the owner, or as a superuser/,
  );
  expect(await context.server.sql("SELECT FROM pg_roles WHERE rolname = 'mighty'")).toEqual([]);
  const grants = new Life(provider, "postgresql:index/grant:Grant");
  const given = { role: "pg_monitor", database: "postgres", objectType: "database", privileges: ["CREATE"] };
  await expect(grants.create(given)).rejects.toThrow(
    /privileges of "pg_monitor" did not change on "postgres" of owner "postgres": connect as the owner, or as a superuser/,
  );
});
