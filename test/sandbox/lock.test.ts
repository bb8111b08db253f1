/** One command at a time has a sandbox, nobody but its user can keep it from another, and who waits can be interrupted. */
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { SandboxCancelled, SandboxError } from "../../sandbox/errors";
import { locked, lockFile } from "../../sandbox/lock";
import { temporaryFolder } from "../engine/support/temporary";

const quiet = { signal: new AbortController().signal, onWait: (): void => {} };
const MODULE = join(__dirname, "../../sandbox/lock.ts");

/** A process that has the lock until it is killed; fulfilled once it has it. */
async function holder(folder: string): Promise<{ kill(): Promise<unknown> }> {
  const program = `require(${JSON.stringify(MODULE)}).locked(${JSON.stringify(folder)},
    { signal: new AbortController().signal, onWait: () => {} },
    () => { process.stdout.write("has it"); return new Promise((done) => setTimeout(done, 60_000)); })`;
  const child = spawn(process.execPath, ["--require", "tsx/cjs", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((done) => child.once("exit", done));
  await new Promise((done) => child.stdout.once("data", done));
  return {
    kill: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

it("lets the second wait, say so, and work when the first is done", async () => {
  const folder = temporaryFolder();
  const told: string[] = [];
  let second: Promise<unknown> = Promise.resolve();
  await locked(folder, quiet, async () => {
    await new Promise<void>((waits) => {
      second = locked(folder, { ...quiet, onWait: waits }, async () => told.push("second"));
    });
    await new Promise((done) => setTimeout(done, 300));
    told.push("first");
  });
  await second;
  expect(told).toEqual(["first", "second"]);
});

it("is gone with the process that has it, however that ends", async () => {
  const folder = temporaryFolder();
  const other = await holder(folder);
  const told: string[] = [];
  const waiting = locked(
    folder,
    { ...quiet, onWait: () => void other.kill().then(() => told.push("killed")) },
    async () => told.push("worked"),
  );
  await waiting;
  expect(told).toContain("worked");
});

it("is given back after work that fails, and the failure is told", async () => {
  const folder = temporaryFolder();
  const failing = locked(folder, quiet, () => Promise.reject(new SandboxError("no")));
  await expect(failing).rejects.toThrow("no");
  let waited = false;
  await locked(folder, { ...quiet, onWait: () => (waited = true) }, async () => {});
  expect(waited).toBe(false);
});

it("lets whoever waits give up", async () => {
  const folder = temporaryFolder();
  const other = await holder(folder);
  const interrupt = new AbortController();
  const waiting = locked(
    folder,
    { signal: interrupt.signal, onWait: () => interrupt.abort() },
    async () => {},
  );
  await expect(waiting).rejects.toThrow(SandboxCancelled);
  await other.kill();
});

it("is on a file that its user alone can open", async () => {
  const folder = temporaryFolder();
  await locked(folder, quiet, async () => {});
  expect(statSync(lockFile(folder)).mode & 0o777).toBe(0o600);
});
