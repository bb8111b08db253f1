/**
 * A server that does not let a deployment in: with a wrong password, or because all connections are taken, its own or
 * those of a database. The message says which, no password is told, and once that is mended the next deployment
 * completes what was begun.
 */
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TrialSandbox } from "../../sandbox/trial-sandbox";
import { complaints, nameOf, SandboxStack, steps } from "./sandbox-stack";

const sandbox = new TrialSandbox();
const stack = new SandboxStack(sandbox, join(__dirname, "chain"));

beforeAll(async () => {
  await sandbox.start();
  await sandbox.query("alter system set max_connections = 15");
  await sandbox.kb("stop");
  await sandbox.start();
});
afterAll(() => sandbox.remove());

const PROGRAM = ["--config", "trial:roles=one", "--config", "trial:database=shop"];

/** Names of the resources that the state has, without the stack and the engine's own providers. */
async function names(): Promise<string[]> {
  const { resources } = await stack.state();
  const own = resources.filter(
    ({ urn }) => !urn.includes("pulumi:pulumi:Stack::") && !urn.includes("::default"),
  );
  return own.map(({ urn }) => nameOf(urn)).sort();
}

/** Takes every connection that there is, and goes on taking those that become free; the result gives them back. */
async function takeAllConnections(): Promise<() => Promise<void>> {
  const taken: Client[] = [];
  const takeAll = async (): Promise<void> => {
    for (;;) {
      const client = new Client({ ...sandbox.description.servers.postgresql, ssl: false });
      client.on("error", () => {});
      try {
        await client.connect();
      } catch {
        return;
      }
      taken.push(client);
    }
  };
  await takeAll();
  let latest = Promise.resolve();
  const timer = setInterval(() => {
    latest = latest.then(takeAll);
  }, 50);
  return async () => {
    clearInterval(timer);
    await latest;
    await Promise.all(taken.map((client) => client.end()));
  };
}

it("refuses a wrong password of a provider by naming its role, and does not tell it", async () => {
  const { port } = sandbox.description.servers.postgresql;
  const wrong = ["--config", `trial:port=${port}`, "--config", "trial:password=canary-of-a-password"];
  const run = await stack.run("up", [...PROGRAM, ...wrong]);
  expect(run.code).toBe(1);
  expect(complaints(run)).toEqual([
    `the provider postgresql: PostgreSQL at 127.0.0.1:${port} refuses the password of role "postgres": give the provider the right one`,
  ]);
  expect(run.stdout + run.stderr).not.toContain("canary-of-a-password");
});

it("says so when the sandbox's own password was changed", async () => {
  const { password } = sandbox.description.servers.postgresql;
  await sandbox.query("alter role postgres password 'another'");
  const run = await stack.run("up", PROGRAM);
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("its password was changed; kb sandbox start waits for it, and says which");
  expect((await sandbox.kb("start")).stderr).toContain('password authentication failed for user "postgres"');
  await sandbox.query(`alter role postgres password '${password}'`, { password: "another" });
});

it("says so when the database that it made has no connection for its login, and completes it afterwards", async () => {
  await sandbox.query("create role visitor login createrole createdb password 'secret'");
  const { port } = sandbox.description.servers.postgresql;
  const asVisitor = ["--config", "trial:username=visitor", "--config", "trial:password=secret"];
  const program = [...PROGRAM, ...asVisitor, "--config", `trial:port=${port}`];
  const run = await stack.run("up", [...program, "--config", "trial:connections=0"]);
  expect(run.code).toBe(1);
  expect(complaints(run)).toEqual([
    expect.stringMatching(
      /^schema "part" .*: PostgreSQL at .* too many connections for database "shop" .*: its connection limit is reached: raise it, end some/,
    ),
  ]);
  expect(await names()).toEqual(["database", "elsewhere", "one"]);
  const next = await stack.settle(program);
  expect(steps(next)).toEqual(["update database", "create schema"]);
});

it("says so when all connections are taken, and goes on when they are given back", async () => {
  const giveBack = await takeAllConnections();
  try {
    const run = await stack.run("up", PROGRAM);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("all its connections are taken");
    expect((await sandbox.kb("start")).stderr).toContain("sorry, too many clients already");
  } finally {
    await giveBack();
  }
  await stack.settle(PROGRAM);
});
