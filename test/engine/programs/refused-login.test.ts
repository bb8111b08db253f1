/**
 * A server that does not let a deployment in: with a wrong password, or because all its connections are taken. The
 * message says which, no password is told, and once that is mended the next deployment completes what was begun.
 */
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { TrialSandbox } from "../../sandbox/trial-sandbox";
import { blocked, blockRoles } from "./blocking";
import { complaints, SandboxStack } from "./sandbox-stack";

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

it("says so when all connections are taken, before and in the middle, and completes it afterwards", async () => {
  const free = await blockRoles(sandbox);
  const { result } = stack.begin("up", PROGRAM);
  await blocked(sandbox);
  const giveBack = await takeAllConnections();
  try {
    // Who else took the connection that it had, kb or this test, would be a matter of chance.
    await free("rollback");
    const run = await result;
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("all its connections are taken: end some, or lower maxConnections");
    const next = await stack.run("up", PROGRAM);
    expect(next.code).toBe(1);
    expect(next.stderr).toContain("all its connections are taken");
  } finally {
    await giveBack();
    await free();
  }
  await stack.settle(PROGRAM);
  const { resources } = await stack.state();
  expect(resources.map(({ type, id }) => `${type} ${id}`)).toContain(
    "postgresql:index/database:Database shop",
  );
});
