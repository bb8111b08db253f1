/**
 * A deployment that is interrupted, or loses its server: what was under way comes to its end or is known to have
 * failed, the state is whole, and the next deployment completes it.
 */
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { TrialSandbox } from "../../sandbox/trial-sandbox";
import { processesWith } from "../processes";
import { blocked, blockRoles, pause } from "./blocking";
import { complaints, SandboxStack, steps, toldBy } from "./sandbox-stack";

const sandbox = new TrialSandbox();
const stack = new SandboxStack(sandbox, join(__dirname, "chain"));
let free = async (): Promise<void> => {};

beforeAll(() => sandbox.start());
afterEach(() => free());
afterAll(() => sandbox.remove());

const roles = (...names: string[]): string[] => ["--config", `trial:roles=${names.join(",")}`];

async function rolesOnServer(): Promise<unknown[]> {
  const rows = await sandbox.query("select rolname from pg_roles where rolname like 'r_' order by 1");
  return rows.map((row) => (row as { rolname: string }).rolname);
}

async function rolesInState(): Promise<string[]> {
  const { resources } = await stack.state();
  return resources.filter(({ type }) => type.endsWith(":Role")).map(({ urn }) => urn.slice(-2));
}

/** Starts a deployment, and comes back when its first role waits. */
async function heldUp(
  ...names: string[]
): Promise<ReturnType<SandboxStack["begin"]> & { said: () => string }> {
  free = await blockRoles(sandbox);
  const run = stack.begin("up", roles(...names));
  let said = "";
  run.child.stderr?.on("data", (text: string) => {
    said += text;
  });
  await blocked(sandbox);
  return { ...run, said: () => said };
}

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !holds(); await pause(20)) {
    if (Date.now() > deadline) throw new Error("waited too long");
  }
}

it("lets the step under way come to its end and begins no other when it is interrupted once", async () => {
  const { child, result, said } = await heldUp("r1", "r2");
  child.kill("SIGINT");
  await until(() => said().includes("cancelling: steps under way come to their end"));
  // npx hands the same Ctrl-C on a moment later.
  child.kill("SIGINT");
  await pause(1000);
  expect(child.exitCode).toBeNull();
  await free();
  const run = await result;
  expect(run.code).toBe(8);
  expect(toldBy(run).outcome).toBe("cancelled");
  expect(await rolesOnServer()).toEqual(["r1"]);
  expect(await rolesInState()).toEqual(["r1"]);
  const next = await stack.settle(roles("r1", "r2"));
  expect(steps(next)).toEqual(["create r2"]);
});

it("ends at once when it is interrupted twice, leaves no process, and the next deployment sees to the rest", async () => {
  const { child, result, said } = await heldUp("r1", "r2", "r3", "r4");
  expect(processesWith("KEYBUZZ_SANDBOX_DIR", sandbox.folder).length).toBeGreaterThan(1);
  child.kill("SIGINT");
  await until(() => said().includes("cancelling"));
  await pause(700);
  const second = performance.now();
  child.kill("SIGINT");
  expect(await result).toMatchObject({ code: 8, stdout: "" });
  expect(performance.now() - second).toBeLessThan(5000);
  // Other tests may run the same program meanwhile.
  expect(processesWith("KEYBUZZ_SANDBOX_DIR", sandbox.folder)).toEqual([]);
  await free();
  const next = await stack.run("up", roles("r1", "r2", "r3", "r4"));
  expect(next.code).toBe(0);
  expect(complaints(next)).toEqual([expect.stringContaining("recovered an interrupted update")]);
  expect(await rolesOnServer()).toEqual(["r1", "r2", "r3", "r4"]);
  await stack.expectNothingToDo(roles("r1", "r2", "r3", "r4"));
});

it("names the server that is killed in the middle, and goes on when it is there again", async () => {
  const { result } = await heldUp("r1", "r2", "r5", "r6");
  const { pid, port } = await sandbox.status();
  process.kill(pid ?? 0, "SIGKILL");
  const run = await result;
  expect(run.code).toBe(1);
  expect(run.stdout).toContain(`PostgreSQL at 127.0.0.1:${port} cannot be reached`);
  const stopped = await stack.run("up", roles("r1"));
  expect(stopped.code).toBe(1);
  expect(stopped.stderr).toContain("the sandbox's PostgreSQL is stopped; kb sandbox start starts it");
  await sandbox.start();
  expect(await rolesInState()).toEqual(["r1", "r2", "r3", "r4"]);
  const next = await stack.settle(roles("r1", "r2", "r5", "r6"));
  expect(steps(next).sort()).toEqual(["create r5", "create r6", "delete r3", "delete r4"]);
  expect(await rolesOnServer()).toEqual(["r1", "r2", "r5", "r6"]);
});
