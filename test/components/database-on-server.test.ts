/**
 * Two environments' databases on one real server: who may do what is asked of the server itself, by logging in with
 * the passwords that the stacks hand out.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complaints, steps } from "../engine/programs/sandbox-stack";
import { TrialSandbox } from "../sandbox/trial-sandbox";
import { databaseStack, LOGIN_KINDS, type LoginKind, loginsOf, type ServerLogin } from "./server-logins";

const sandbox = new TrialSandbox();
const stacks = { dev: databaseStack(sandbox, "dev"), prod: databaseStack(sandbox, "prod") };
type Name = keyof typeof stacks;
const ENVIRONMENTS: readonly Name[] = ["dev", "prod"];
let logins: Record<Name, Record<LoginKind, ServerLogin>>;

beforeAll(async () => {
  await sandbox.start();
  for (const name of ENVIRONMENTS) {
    const run = await stacks[name].run("up");
    expect({ code: run.code, complaints: complaints(run) }).toEqual({ code: 0, complaints: [] });
  }
  logins = { dev: await loginsOf(stacks.dev), prod: await loginsOf(stacks.prod) };
});
afterAll(() => sandbox.remove());

/** Runs statements as a login of DEV in DEV's database. */
function as(kind: LoginKind, statement: string): Promise<unknown[]> {
  return sandbox.query(statement, { database: "shop_dev", ...logins.dev[kind] });
}

describe("the migration login", () => {
  it("creates and alters, and what it creates belongs to the owner", async () => {
    await as(
      "migration",
      `create table items (id serial primary key, name text);
       create table reports.totals (sum int);
       create function reports.one() returns int language sql return 1;
       alter table items add column price int;
       create index on items using gin (name public.gin_trgm_ops)`,
    );
    expect(
      await as(
        "migration",
        "select tableowner::text as owner from pg_tables where tablename in ('items', 'totals')",
      ),
    ).toEqual([{ owner: "shop_dev_owner" }, { owner: "shop_dev_owner" }]);
  });
});

describe("the application's login", () => {
  it("reads and writes data in tables that were made after the deployment", async () => {
    const rows = await as(
      "application",
      `insert into items (name) values ('a'), ('b');
       update items set price = 2 where name = 'b';
       delete from items where name = 'a';
       insert into reports.totals values (reports.one());
       select name, price, sum from items, reports.totals`,
    );
    expect(rows).toEqual([{ name: "b", price: 2, sum: 1 }]);
  });

  it.each([
    "create table mine (a int)",
    "create table reports.mine (a int)",
    "create temporary table mine (a int)",
    "create schema mine",
    "create extension hstore",
    "alter table items add column b int",
    "drop table items",
    "truncate items",
    "create index on items (price)",
    "create function one() returns int language sql return 1",
    "set role shop_dev_owner",
    "alter role shop_dev_read login",
    "create role mine",
  ])("may not: %s", async (statement) => {
    await expect(as("application", statement)).rejects.toThrow(/permission denied|must be owner/);
  });
});

describe("the reader's login", () => {
  it("reads what the owner has, also what is new", async () => {
    await as("migration", "create table later (a int); insert into later values (1)");
    expect(await as("reader", "select a, name from later, items")).toEqual([{ a: 1, name: "b" }]);
  });

  it.each([
    "insert into items (name) values ('c')",
    "update items set price = 1",
    "delete from items",
    "truncate items",
    "select nextval('items_id_seq')",
    "select reports.one()",
    "create table mine (a int)",
    "create temporary table mine (a int)",
    "set role shop_dev_rw",
    "set role shop_dev_owner",
  ])("may not: %s", async (statement) => {
    await expect(as("reader", statement)).rejects.toThrow("permission denied");
  });
});

describe("every login", () => {
  it.each(ENVIRONMENTS.flatMap((name) => LOGIN_KINDS.map((kind) => [kind, name] as const)))(
    "%s of %s gets into its own database and is refused by the other environment's",
    async (kind, name) => {
      const login = logins[name][kind];
      const other = name === "dev" ? "prod" : "dev";
      expect(await sandbox.query("select 1 as one", { database: `shop_${name}`, ...login })).toEqual([
        { one: 1 },
      ]);
      await expect(sandbox.query("select 1", { database: `shop_${other}`, ...login })).rejects.toThrow(
        `permission denied for database "shop_${other}"`,
      );
    },
  );

  it("has a password of its own, and the roles without login are refused", async () => {
    const passwords = ENVIRONMENTS.flatMap((name) => LOGIN_KINDS.map((kind) => logins[name][kind].password));
    expect(new Set(passwords).size).toBe(6);
    for (const user of ["owner", "rw", "ro", "app_b"].map((suffix) => `shop_dev_${suffix}`)) {
      await expect(
        sandbox.query("select 1", { database: "shop_dev", user, password: logins.dev.application.password }),
      ).rejects.toThrow("password authentication failed");
    }
  });
});

it("covers tables that somebody else made in its schemas once a refresh has seen them, and leaves them theirs", async () => {
  await sandbox.query("create role stranger");
  await sandbox.query(
    `create table reports.strange (a int); insert into reports.strange values (7);
     alter table reports.strange owner to stranger`,
    { database: "shop_dev" },
  );
  const read = () => as("application", "select a from reports.strange");
  await expect(read()).rejects.toThrow("permission denied for table strange");
  await stacks.dev.expectNothingToDo();
  const refreshed = await stacks.dev.run("refresh");
  expect(steps(refreshed).sort()).toEqual([
    "update shop-grant-ro-table-reports",
    "update shop-grant-rw-table-reports",
  ]);
  await stacks.dev.settle();
  expect(await read()).toEqual([{ a: 7 }]);
  await expect(as("migration", "alter table reports.strange add column b int")).rejects.toThrow(
    "must be owner",
  );
  expect(await as("application", "select name from items")).toEqual([{ name: "b" }]);
});

describe("production's database", () => {
  it("has nothing to do in a second deployment, and is not replaced for another locale", async () => {
    await stacks.prod.expectNothingToDo();
    const run = await stacks.prod.run("up", ["--config", "trial:locale=C"]);
    expect({ code: run.code, steps: steps(run) }).toEqual({ code: 0, steps: ["update shop"] });
  });

  it("is not destroyed: what is protected is named, and every login goes on working", async () => {
    const before = (await stacks.prod.state()).resources.length;
    const run = await stacks.prod.run("destroy");
    expect({ code: run.code, steps: steps(run) }).toEqual({ code: 1, steps: [] });
    const said = complaints(run).join("\n");
    for (const name of [
      "database",
      "schema-public",
      "extension-pg_trgm",
      "owner",
      "app-a",
      "migrate",
      "read",
    ]) {
      expect(said).toContain(`::shop-${name}" cannot be deleted because it is protected`);
    }
    expect((await stacks.prod.state()).resources).toHaveLength(before);
    const { application, migration, reader } = logins.prod;
    const at = { database: "shop_prod" };
    await sandbox.query("create table orders (a int)", { ...at, ...migration });
    await sandbox.query("insert into orders values (1)", { ...at, ...application });
    expect(await sandbox.query("select a from orders", { ...at, ...reader })).toEqual([{ a: 1 }]);
  });
});

it("goes with everything in it when DEV is destroyed, and what is PROD's or somebody else's stays", async () => {
  const run = await stacks.dev.run("destroy");
  expect({ code: run.code, complaints: complaints(run) }).toEqual({ code: 0, complaints: [] });
  const left = await sandbox.query(
    `select datname as name from pg_database where datname like 'shop%'
      union all select rolname from pg_roles where rolname like 'shop_dev%' or rolname = 'stranger'`,
  );
  expect(left).toEqual([{ name: "shop_prod" }, { name: "stranger" }]);
});
