/**
 * What a login that is no superuser does for the roles it has made: it acts as their member for one transaction, and
 * leaves every membership as it was.
 */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../engine/provider/values";
import { useServer } from "../../support/postgres";
import { Life, type Made, present } from "../../support/providers";

const context = useServer();
const LOGIN = { user: "deployer", password: "deployer" };
/** For each test its own roles and databases. */
let count = 0;
let own = "";
let other = "";
let app = "";

async function resources(type: string, username = LOGIN.user): Promise<Life> {
  const settings = { username, password: LOGIN.password, superuser: "false" };
  return new Life(await context.server.provider(settings), `postgresql:index/${type}`);
}

async function create(type: string, given: PropertyMap, username?: string): Promise<Made> {
  return (await resources(type, username)).create(given);
}

/** The rows by which a login is a member of a role, with their options. */
function memberships(role: string, login = LOGIN.user): Promise<unknown[]> {
  return context.server.sql(
    `SELECT m.admin_option AS admin, m.inherit_option AS inherit, m.set_option AS set, g.rolname AS grantor
       FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.grantor
      WHERE m.member = '${login}'::regrole AND m.roleid = '${role}'::regrole ORDER BY g.rolname`,
  );
}

async function ownerOf(database: string): Promise<unknown> {
  const [row] = await context.server.sql<{ owner: string }>(
    `SELECT pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname = '${database}'`,
  );
  return row?.owner;
}

beforeAll(async () => {
  await context.server.sql("CREATE ROLE deployer LOGIN CREATEROLE CREATEDB PASSWORD 'deployer'");
});

beforeEach(async () => {
  count += 1;
  [own, other, app] = [`own_${count}`, `other_${count}`, `app_${count}`];
  await create("role:Role", { name: own });
  await create("role:Role", { name: other });
});

describe("in a database of another role, a login that made that role", () => {
  beforeEach(async () => {
    await create("database:Database", { name: app, owner: own });
    expect(await ownerOf(app)).toBe(own);
  });

  it("takes everything on schema public from everyone", async () => {
    const given = { role: "public", database: app, schema: "public", objectType: "schema", privileges: [] };
    await create("grant:Grant", given);
    const [row] = await context.server.sql<{ may: boolean }>(
      `SELECT has_schema_privilege('${other}', 'public', 'USAGE') AS may`,
      app,
    );
    expect(row?.may).toBe(false);
  });

  it("adopts schema public, and gives it to whoever is declared", async () => {
    for (const owner of [own, other]) {
      const made = await create("schema:Schema", { name: "public", database: app, owner });
      expect(made.outputs.owner).toBe(owner);
    }
  });

  it("makes schemas without an owner, of its owner and of another one, and renames and drops them", async () => {
    const schemas = await resources("schema:Schema");
    for (const owner of [{}, { owner: own }, { owner: other }]) {
      const made = await schemas.create({ name: "before", database: app, ...owner });
      const renamed = await schemas.update(made, { name: "after", database: app, ...owner });
      expect(await schemas.refresh({ ...renamed, id: `${app}.after` })).toMatchObject({
        outputs: { name: "after", owner: LOGIN.user, ...owner },
      });
      await schemas.delete(renamed);
    }
  });

  it("makes a trusted extension, brings it to a newer version and drops it", async () => {
    const extensions = await resources("extension:Extension");
    await create("schema:Schema", { name: "tools", database: app, owner: own });
    const given = { name: "hstore", database: app, schema: "tools" };
    const made = await extensions.create({ ...given, version: "1.4" });
    const newer = await extensions.update(made, { ...given, version: "1.8" });
    expect(newer.outputs).toMatchObject({ schema: "tools", version: "1.8" });
    await extensions.delete(newer);
    expect(await extensions.refresh(newer)).toBeUndefined();
  });

  it("grants on all tables while nothing is to be changed on one of a superuser", async () => {
    await create("schema:Schema", { name: "data", database: app, owner: own });
    await context.server.sql(
      `CREATE TABLE data.theirs (); GRANT SELECT ON data.theirs TO ${other}; SET ROLE ${own}; CREATE TABLE data.ours ()`,
      app,
    );
    const given = { role: other, database: app, schema: "data", objectType: "table" };
    const made = await create("grant:Grant", { ...given, privileges: ["SELECT"] });
    const [row] = await context.server.sql<{ may: boolean }>(
      `SELECT has_table_privilege('${other}', 'data.ours', 'SELECT') AS may`,
      app,
    );
    expect(row?.may).toBe(true);
    const more = (await resources("grant:Grant")).update(made, {
      ...given,
      privileges: ["SELECT", "INSERT"],
    });
    await expect(more).rejects.toThrow(/permission denied for table theirs.*connect as the owner/);
  });

  it("drops it under the sessions of its owner", async () => {
    await context.server.sql(`ALTER ROLE ${own} LOGIN PASSWORD 'own'`);
    const session = await context.server.session(app, { user: own, password: "own" });
    const databases = await resources("database:Database");
    await databases.delete(present(await databases.import(app)));
    expect(await ownerOf(app)).toBeUndefined();
    await expect(session.query("SELECT 1")).rejects.toThrow();
  });

  it("moves it to another tablespace, with everyone's privileges as they were", async () => {
    const privileges = `SELECT a::text AS privilege FROM pg_database, unnest(datacl) a WHERE datname = '${app}' ORDER BY 1`;
    await context.server.sql(
      `SET ROLE ${own}; REVOKE ALL ON DATABASE ${app} FROM public; GRANT CONNECT ON DATABASE ${app} TO deployer, ${other}`,
    );
    const before = await context.server.sql(privileges);
    expect(before).toHaveLength(3);
    const superuser = await context.server.session();
    await superuser.query("SET allow_in_place_tablespaces = on");
    await superuser.query("CREATE TABLESPACE fast LOCATION ''");
    await superuser.query("GRANT CREATE ON TABLESPACE fast TO deployer");
    const databases = await resources("database:Database");
    const made = present(await databases.import(app));
    const moved = await databases.update(made, { name: app, owner: own, tablespaceName: "fast" });
    expect(moved.outputs).toMatchObject({ owner: own, tablespaceName: "fast" });
    expect(await context.server.sql(privileges)).toEqual(before);
  });

  it("leaves it to its owner when it cannot drop or move it", async () => {
    const databases = await resources("database:Database");
    const made = present(await databases.import(app));
    await context.server.session(app);
    await expect(databases.delete(made)).rejects.toThrow(/permission denied to terminate process/);
    expect(await ownerOf(app)).toBe(own);
    const moved = { name: app, owner: own, tablespaceName: "nowhere" };
    await expect(databases.update(made, moved)).rejects.toThrow(/tablespace "nowhere" does not exist/);
    expect(await ownerOf(app)).toBe(own);
  });
});

describe("the memberships of a login", () => {
  it.each(["set", "inherit", "set, inherit"])(
    "that it gets with createrole_self_grant = %s stay as they are",
    async (selfGrant) => {
      const login = `self_${count}`;
      await context.server.sql(
        `CREATE ROLE ${login} LOGIN CREATEROLE CREATEDB PASSWORD 'deployer'; ALTER ROLE ${login} SET createrole_self_grant = '${selfGrant}'`,
      );
      await create("role:Role", { name: `made_${count}` }, login);
      const before = await memberships(`made_${count}`, login);
      expect(before).toHaveLength(2);
      await create("database:Database", { name: app, owner: `made_${count}` }, login);
      await create("schema:Schema", { name: "s", database: app, owner: `made_${count}` }, login);
      expect(await memberships(`made_${count}`, login)).toEqual(before);
    },
  );

  it("that it was given by itself, or by a role that may pass them on, stay as they are", async () => {
    const [group, lent] = [`group_${count}`, `lent_${count}`];
    await context.server.sql(`GRANT ${own} TO deployer WITH INHERIT FALSE, SET TRUE`, "postgres", LOGIN);
    await context.server.sql(
      `CREATE ROLE ${group}; CREATE ROLE ${lent}; GRANT ${lent} TO ${group} WITH ADMIN OPTION; GRANT ${group} TO deployer;
       GRANT ${lent} TO deployer WITH INHERIT TRUE, SET FALSE GRANTED BY ${group}`,
    );
    const before = [await memberships(own), await memberships(lent)];
    await create("database:Database", { name: app, owner: own });
    await create("database:Database", { name: `${app}_lent`, owner: lent });
    expect([await memberships(own), await memberships(lent)]).toEqual(before);
  });

  it("are none after a connection that was lost while a database was made", async () => {
    const before = await memberships(own);
    const holder = await context.server.session();
    await holder.query("BEGIN; LOCK TABLE pg_database IN SHARE MODE");
    const creating = create("database:Database", { name: app, owner: own }).catch((error: Error) => error);
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE usename = 'deployer' AND query LIKE 'CREATE DATABASE%' AND wait_event_type = 'Lock'`;
    const wait = { timeout: 20_000 };
    await expect.poll(async () => (await context.server.sql(cut)).length, wait).toBeGreaterThan(0);
    expect(await creating).toMatchObject({ name: "UncertainError" });
    expect(await memberships(own)).toEqual(before);
  });
});

describe("one role whose databases are worked on at once", () => {
  it("serves all of it, in one process and in several", async () => {
    await create("database:Database", { name: app, owner: own });
    const before = await memberships(own);
    const errors: string[] = [];
    const repeat = async (life: Life, times: number, given: (turn: number) => PropertyMap): Promise<void> => {
      for (let turn = 0; turn < times; turn += 1) {
        await life
          .create(given(turn))
          .then((made) => life.delete(made))
          .catch((error: Error) => errors.push(error.message));
      }
    };
    const settings = { username: LOGIN.user, password: LOGIN.password, superuser: "false" };
    const providers = [await context.server.provider(settings), await context.server.provider(settings)];
    await Promise.all(
      providers.flatMap((provider, process) => {
        const [databases, schemas] = [
          new Life(provider, "postgresql:index/database:Database"),
          new Life(provider, "postgresql:index/schema:Schema"),
        ];
        return [
          repeat(databases, 5, (turn) => ({ name: `${app}_${process}_${turn}`, owner: own })),
          repeat(schemas, 40, (turn) => ({ name: `s_${process}_${turn}`, database: app, owner: own })),
          repeat(schemas, 40, (turn) => ({ name: `t_${process}_${turn}`, database: app })),
        ];
      }),
    );
    expect(errors).toEqual([]);
    expect(await memberships(own)).toEqual(before);
  });
});

describe("a database that was made and could not be given to its owner", () => {
  it("keeps its id in the state, and is given to it by the next update", async () => {
    const settings = { username: LOGIN.user, password: LOGIN.password, superuser: "false" };
    const provider = await context.server.provider(settings);
    const life = new Life(provider, "postgresql:index/database:Database");
    const given = { name: app, owner: own };
    const holder = await context.server.session();
    await holder.query("BEGIN; SELECT pg_advisory_xact_lock(27490, 1)");
    const request = { ...life.subject, inputs: await life.check(given), timeout: 5, preview: false };
    const error: unknown = await provider.create(request).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: "InitFailedError", state: { id: app } });
    expect(await ownerOf(app)).toBe(LOGIN.user);
    await holder.query("ROLLBACK");
    await life.update({ id: app, inputs: request.inputs, outputs: { ...given } }, given);
    expect(await ownerOf(app)).toBe(own);
  });
});
