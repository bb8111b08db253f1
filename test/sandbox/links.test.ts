/** A sandbox that is reached by another path is the same sandbox: nothing of its live server is taken away. */
import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { sandboxTarget } from "../../cli/sandbox/target";
import { writeDescription } from "../../sandbox/description";
import { dataFolder } from "../../sandbox/postgresql/cluster";
import { forgetDead, serverProcess } from "../../sandbox/postgresql/process";
import * as sandboxModule from "../../sandbox/sandbox";
import { kb } from "../support/kb";
import { TrialSandbox } from "./trial-sandbox";

const trial = new TrialSandbox();
beforeAll(async () => {
  await trial.start();
});
afterAll(() => trial.remove());

/** A link to the trial's folder. */
function link(): string {
  const folder = mkdtempSync(join(tmpdir(), "kb-link-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(trial.folder, join(folder, "link"));
  return join(folder, "link");
}

it("is known and started by a link as by its folder", async () => {
  const linked = link();
  const { pid } = await trial.status();
  const told = await kb(["sandbox", "status", "--json", "--folder", linked]);
  expect(told.stdout).toBe((await trial.kb("status", "--json")).stdout);
  expect(await kb(["sandbox", "start", "--folder", linked])).toMatchObject({ code: 0, stderr: "" });
  expect(await trial.status()).toMatchObject({ state: "running", pid });
});

it("keeps the file of a server that runs, whatever path leads to its data", async () => {
  const { pid } = await trial.status();
  const file = join(dataFolder(trial.folder), "postmaster.pid");
  const linked = dataFolder(link());
  expect(serverProcess(linked)?.pid).toBe(pid);
  forgetDead(linked);
  expect(existsSync(file)).toBe(true);
  // The number of a server of other data, which only looks like one of this.
  const other = mkdtempSync(join(tmpdir(), "kb-data-"));
  onTestFinished(() => rmSync(other, { recursive: true, force: true }));
  writeFileSync(join(other, "postmaster.pid"), `${pid}\n${other}\n`);
  expect(serverProcess(other)).toBeUndefined();
  forgetDead(other);
  expect(existsSync(join(other, "postmaster.pid"))).toBe(true);
});

it("is deployed to at the port where it runs, also when the start was killed before it wrote that down", async () => {
  const { port } = await trial.status();
  const { description } = trial;
  const postgresql = { ...description.servers.postgresql, port: 1 };
  writeDescription({ ...description, servers: { postgresql } });
  const target = await sandboxTarget(sandboxModule, trial.folder);
  expect(target.servers.postgresql).toEqual({ ...postgresql, port });
});

it("is deleted by a link with its server, and with a passphrase that was never put in place", async () => {
  const left = join(trial.folder, "passphrase.4711");
  writeFileSync(left, "secret\n");
  const deleted = await kb(["sandbox", "reset", "--yes", "--folder", link()]);
  expect(deleted).toMatchObject({ code: 0, stdout: "The sandbox is deleted.\n" });
  expect(trial.servers).toEqual([]);
  expect(existsSync(left)).toBe(false);
});

it("is stopped in a folder that was renamed while it ran", async () => {
  await trial.start();
  const moved = `${trial.folder}-moved`;
  renameSync(trial.folder, moved);
  try {
    const stopped = await kb(["sandbox", "stop", "--folder", moved]);
    expect(stopped).toMatchObject({ code: 0, stdout: "The sandbox is stopped.\n" });
  } finally {
    renameSync(moved, trial.folder);
  }
});
