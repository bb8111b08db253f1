/**
 * What somebody did to a stack's objects by SQL: a refresh takes it into the state and changes nothing on the server,
 * and the next deployment brings the server back to what is declared.
 */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TrialSandbox } from "../../sandbox/trial-sandbox";
import { complaints, type Run, SandboxStack, steps } from "./sandbox-stack";

const sandbox = new TrialSandbox();
const stack = new SandboxStack(sandbox, join(__dirname, "life"));
/** What somebody does by SQL, in which database, and what a refresh makes of it. */
const DRIFT = [
  ["update login", "postgres", "alter role shop_login connection limit 99"],
  ["update owner", "postgres", "alter role shop_owner createdb"],
  ["update database", "postgres", "alter database shop connection limit 3"],
  ["update connect", "postgres", "grant temporary on database shop to shop_readers"],
  ["update usage", "shop", "grant create on schema sales to shop_readers"],
  ["update sales", "shop", "alter schema sales owner to postgres"],
  ["delete member", "postgres", "revoke shop_readers from shop_login"],
  ["delete trigrams", "shop", "drop extension pg_trgm"],
  [
    "delete defaults",
    "shop",
    "alter default privileges for role shop_owner in schema sales revoke all on tables from shop_readers",
  ],
] as const;

beforeAll(async () => {
  await sandbox.start();
  expect((await stack.run("up")).code).toBe(0);
});
afterAll(() => sandbox.remove());

/** Everything that a deployment could change of the objects, as the catalogues have it. */
async function catalogues(): Promise<unknown[]> {
  return [
    await sandbox.query("select * from pg_authid where rolname like 'shop%' order by oid"),
    await sandbox.query("select datname, datconnlimit, datacl::text, datdba from pg_database order by oid"),
    await sandbox.query("select roleid, member, admin_option from pg_auth_members order by 1, 2"),
    await sandbox.query("select nspname, nspowner, nspacl::text from pg_namespace order by oid", {
      database: "shop",
    }),
    await sandbox.query("select defaclrole, defaclacl::text from pg_default_acl order by oid", {
      database: "shop",
    }),
    await sandbox.query("select extname from pg_extension order by oid", { database: "shop" }),
  ];
}

function expectWell(run: Run): void {
  expect({ code: run.code, complaints: complaints(run) }).toEqual({ code: 0, complaints: [] });
}

it("has nothing to tell of an untouched server", async () => {
  const run = await stack.run("refresh", ["--expect-no-changes"]);
  expect({ code: run.code, steps: steps(run) }).toEqual({ code: 0, steps: [] });
});

it("tells each difference, touches nothing, and the next deployment mends all", async () => {
  for (const [, database, text] of DRIFT) await sandbox.query(text, { database });
  const before = await catalogues();
  const shown = await stack.run("refresh", ["--preview", "--expect-no-changes"]);
  expect(shown.code).toBe(7);
  const run = await stack.run("refresh");
  expectWell(run);
  const expected = DRIFT.map(([step]) => step).sort();
  expect(steps(run).sort()).toEqual(expected);
  expect(steps(shown).sort()).toEqual(expected);
  expect(await catalogues()).toEqual(before);
  expect((await stack.resource("login")).outputs).toMatchObject({ connectionLimit: 99 });
  const mended = await stack.settle();
  expect(steps(mended).sort()).toEqual(expected.map((step) => step.replace("delete", "create")));
  expect(await stack.run("refresh", ["--expect-no-changes"])).toMatchObject({ code: 0 });
});

it("sees a password that somebody else set, and puts the declared one back", async () => {
  await sandbox.query("alter role shop_login password 'another'");
  const run = await stack.run("refresh");
  expect(steps(run)).toEqual(["update login"]);
  expect(run.stdout).not.toContain("another");
  await stack.run("up");
  const { password } = await stack.outputs();
  const login = { user: "shop_login", password: String(password), database: "shop" };
  expect(await sandbox.query("select 1 as one", login)).toEqual([{ one: 1 }]);
});
