/**
 * Another server behind the sandbox's own port, as at the end of a tunnel to PROD, takes the sandbox's password and
 * is refused all the same: nothing is asked of it but what it is, whatever the command, and also when it comes to
 * stand there in the middle of a run.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { dataFolder } from "../../../sandbox/postgresql/cluster";
import { TrialSandbox } from "../../sandbox/trial-sandbox";
import { MARKER, TestServer } from "../../support/postgres";
import { Tunnel } from "../../support/tunnel";
import { blocked, blockRoles } from "./blocking";
import { complaints, SandboxStack } from "./sandbox-stack";

const sandbox = new TrialSandbox();
const stack = new SandboxStack(sandbox, join(__dirname, "chain"));
let tunnel: Tunnel;
/** One says nothing of itself; the other is somebody else's sandbox. */
let unmarked: TestServer;
let others: TestServer;
let real: number;

const roles = (...names: string[]): string[] => ["--config", `trial:roles=${names.join(",")}`];
/** The password is right everywhere: the mark alone can keep anybody out. */
const password = (): string => sandbox.description.servers.postgresql.password;

beforeAll(async () => {
  [unmarked, others] = await Promise.all([
    TestServer.start(["-c", "keybuzz.sandbox="]),
    TestServer.start(),
    sandbox.start(),
  ]);
  real = sandbox.description.servers.postgresql.port;
  for (const server of [unmarked, others]) {
    // Dropping or changing them would show.
    await server.sql("create role one");
    await server.sql("create database shop");
    await server.sql(`alter role postgres password '${password()}'`);
  }
  tunnel = await Tunnel.to(real);
  // What the server says of itself is where commands look for it.
  const file = join(dataFolder(sandbox.folder), "postmaster.pid");
  writeFileSync(file, readFileSync(file, "utf8").replace(`\n${real}\n`, `\n${tunnel.port}\n`));
  expect((await stack.run("up", roles("one", "two"))).code).toBe(0);
});
afterAll(async () => {
  tunnel?.close();
  await Promise.all([unmarked?.dispose(), others?.dispose(), sandbox.remove()]);
});
/** The server is the right one when the command begins, and another one from then on. */
beforeEach(() => tunnel.lead(unmarked.port, real));

/** Everything on a server that the commands could have changed. */
function contents(server: TestServer): Promise<unknown[]> {
  return server.sql(
    `select (select json_agg(r) from (select * from pg_authid order by oid) r) as roles,
            (select json_agg(d) from (select * from pg_database order by oid) d) as databases,
            (select sum(tup_inserted + tup_updated + tup_deleted) from pg_stat_database) as written`,
    "postgres",
    { user: "postgres", password: password() },
  );
}

/** Nothing was said to the server but the question what it is. */
function expectOnlyAsked(): void {
  expect(tunnel.heard.length).toBeGreaterThan(0);
  expect(tunnel.heard.filter((sql) => !sql.startsWith("SELECT current_setting($1, true) AS marker"))).toEqual(
    [],
  );
}

it.each([
  ["create", "up", roles("one", "two", "three")],
  ["delete", "up", roles("one")],
  ["read", "up", [...roles("one", "two"), "--config", "trial:read=postgres"]],
  ["refresh", "refresh", []],
  ["destroy", "destroy", []],
] as const)("refuses a server without a mark to a %s", async (_, command, options) => {
  const [before, state] = [await contents(unmarked), await stack.state()];
  const run = await stack.run(command, options);
  expect(run.code).toBe(1);
  expect(complaints(run).join("\n")).toContain(
    `PostgreSQL at 127.0.0.1:${tunnel.port} is not this sandbox: it has no sandbox's mark, and this one's is ${sandbox.description.marker}`,
  );
  expectOnlyAsked();
  expect(await contents(unmarked)).toEqual(before);
  const { resources } = await stack.state();
  expect(resources.map(({ urn }) => urn)).toEqual(state.resources.map(({ urn }) => urn));
});

it("refuses another sandbox, by its mark, also to a provider that the program leads there itself", async () => {
  tunnel.lead(others.port, real);
  const before = await contents(others);
  const to = ["--config", `trial:port=${tunnel.port}`, "--config", `trial:password=${password()}`];
  const run = await stack.run("up", [...roles("four"), ...to]);
  expect(run.code).toBe(1);
  expect(complaints(run).join("\n")).toContain(
    `PostgreSQL at 127.0.0.1:${tunnel.port} is not this sandbox: its mark is ${MARKER}`,
  );
  expect(run.stdout + run.stderr).not.toContain(password());
  expectOnlyAsked();
  expect(await contents(others)).toEqual(before);
});

it("refuses a server that takes the sandbox's place in the middle of a run", async () => {
  tunnel.lead(real);
  const free = await blockRoles(sandbox, real);
  const before = await contents(unmarked);
  const { result } = stack.begin("up", [...roles("one", "two", "five"), "--config", "trial:database=shop"]);
  await blocked(sandbox, real);
  tunnel.lead(unmarked.port);
  await free();
  const run = await result;
  expect(run.code).toBe(1);
  expect(run.stdout).toContain("is not the one that was there before");
  expectOnlyAsked();
  expect(await contents(unmarked)).toEqual(before);
  tunnel.lead(real);
  await stack.settle(roles("one", "two", "five"));
});
