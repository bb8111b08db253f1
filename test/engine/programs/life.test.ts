/**
 * The whole life of a stack on a real server, by the kb command: what is declared is made, changed, replaced, taken
 * over and deleted. After every stage a further deployment has nothing to do.
 */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TrialSandbox } from "../../sandbox/trial-sandbox";
import { complaints, SandboxStack, steps } from "./sandbox-stack";

const sandbox = new TrialSandbox();
const stack = new SandboxStack(sandbox, join(__dirname, "life"));

beforeAll(() => sandbox.start());
afterAll(() => sandbox.remove());

const at = (stage: string): string[] => ["--config", `trial:stage=${stage}`];
const sql = (text: string, database = "shop") => sandbox.query(text, { database });

/** What is on the server of the stack, in a few words. */
async function onServer(): Promise<unknown> {
  const [row] = await sandbox.query(
    `select (select string_agg(rolname, ' ' order by rolname) from pg_roles where rolname like 'shop%') as roles,
            (select string_agg(datname || ' ' || datcollate, ',') from pg_database where datname = 'shop') as databases`,
  );
  return row;
}

it("makes what is declared, and the password in the state is the one that works", async () => {
  const run = await stack.settle(at("made"));
  expect(run.told.changeSummary).toEqual({ create: 13 });
  expect(await onServer()).toEqual({
    roles: "shop_login shop_owner shop_readers",
    databases: "shop C.UTF-8",
  });
  const { password, number } = await stack.outputs();
  expect(number).toMatch(/^[0-9a-f]{16}$/);
  const login = { user: "shop_login", password: String(password), database: "shop" };
  expect(await sandbox.query("select current_user::text as who, similarity('a', 'a') as one", login)).toEqual(
    [{ who: "shop_login", one: 1 }],
  );
  expect(run.stdout + run.stderr).not.toContain(String(password));
});

it("changes in place what can stay, and a preview that expects no changes ends with 7 and changes nothing", async () => {
  await sql("create table sales.kept as select 1 as one");
  const before = await onServer();
  const shown = await stack.run("preview", [...at("changed"), "--expect-no-changes"]);
  expect(shown.code).toBe(7);
  expect(await onServer()).toEqual(before);
  const run = await stack.settle(at("changed"));
  // A membership has its role's name for an id.
  expect(steps(run).sort()).toEqual([
    "create-replacement member",
    "delete-replaced member",
    "replace member",
    "update connect",
    "update database",
    "update defaults",
    "update login",
  ]);
  expect(steps(shown).sort()).toEqual(steps(run).sort());
  expect(await onServer()).toEqual({ roles: "shop_owner shop_readers shop_web", databases: "shop C.UTF-8" });
  const { password } = await stack.outputs();
  expect(await sql("table sales.kept")).toEqual([{ one: 1 }]);
  const login = { user: "shop_web", password: String(password), database: "shop" };
  expect(await sandbox.query("show statement_timeout", login)).toEqual([{ statement_timeout: "9s" }]);
});

it("replaces what cannot stay: a database and a grant by deleting first, a password by creating first", async () => {
  const { password: before } = await stack.outputs();
  const run = await stack.settle(at("replaced"));
  const done = steps(run);
  const order = (...names: string[]): number[] => names.map((name) => done.indexOf(name));
  for (const pair of [
    order("delete-replaced database", "create-replacement database"),
    order("delete-replaced connect", "create-replacement connect"),
    order("create-replacement secret", "delete-replaced secret"),
  ]) {
    expect(Math.min(...pair)).toBeGreaterThanOrEqual(0);
    expect(pair).toEqual([...pair].sort((a, b) => a - b));
  }
  expect(await onServer()).toEqual({ roles: "shop_owner shop_readers shop_web", databases: "shop C" });
  expect(await sql("select to_regclass('sales.kept') as gone")).toEqual([{ gone: null }]);
  const { password } = await stack.outputs();
  expect(password).not.toBe(before);
  const login = { user: "shop_web", database: "shop" };
  await expect(sandbox.query("select 1", { ...login, password: String(before) })).rejects.toThrow("password");
  expect(await sandbox.query("select 1 as one", { ...login, password: String(password) })).toHaveLength(1);
});

it("takes over what it is asked to import, and refuses what else exists, with the way to import it", async () => {
  await sandbox.query("create role old_hand login");
  await sandbox.query("create database archive template template0");
  await sandbox.query("create role strangers_role connection limit 3");
  await sandbox.query("create database strangers_database");
  const run = await stack.run("up", [...at("claimed"), "--continue-on-error"]);
  expect(run.code).toBe(1);
  expect(steps(run).sort()).toEqual([
    "create mine (failed)",
    "create mine-too (failed)",
    "import archive",
    "import found",
  ]);
  const said = complaints(run);
  for (const [noun, name] of [
    ["role", "strangers_role"],
    ["database", "strangers_database"],
  ]) {
    expect(said).toContainEqual(
      expect.stringMatching(`${noun}.* "${name}" exists already.* import: "${name}"`),
    );
  }
  expect(await sandbox.query("select rolconnlimit from pg_roles where rolname = 'strangers_role'")).toEqual([
    { rolconnlimit: 3 },
  ]);
  await stack.expectNothingToDo(at("taken"));
  expect(await stack.resource("found")).toMatchObject({ id: "old_hand" });
});

it("deletes all that it made or took over, and nothing else", async () => {
  const run = await stack.run("destroy");
  expect(complaints(run)).toEqual([]);
  expect(run.code).toBe(0);
  expect((await stack.state()).resources).toEqual([]);
  expect(
    await sandbox.query(
      `select rolname as name from pg_roles where rolname !~ '^pg_' and rolname <> 'postgres'
        union all select datname from pg_database where datname not in ('postgres', 'template0', 'template1')`,
    ),
  ).toEqual([{ name: "strangers_role" }, { name: "strangers_database" }]);
});
