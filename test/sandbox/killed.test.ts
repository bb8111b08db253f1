/** Nothing that is killed, taken or left behind keeps a sandbox from being started again with its data. */
import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { startKb } from "../support/kb";
import { TrialSandbox } from "./trial-sandbox";

let trial: TrialSandbox;

beforeEach(() => {
  trial = new TrialSandbox();
});
afterEach(() => trial.remove());

it("has its data after kill -9 of the server", async () => {
  const before = await trial.start();
  await trial.query("create table kept (value text); insert into kept values ('here')");
  const { pid } = await trial.status();
  process.kill(pid ?? 0, "SIGKILL");
  expect(await trial.start()).toEqual(before);
  expect(await trial.query("select value from kept")).toEqual([{ value: "here" }]);
  expect(await trial.status()).not.toMatchObject({ pid });
});

it("is not mistaken for another process that has the number of the killed server now", async () => {
  await trial.start();
  await trial.kb("stop");
  const { port } = trial.description.servers.postgresql;
  const data = join(trial.folder, "postgresql-data");
  const lines = [process.pid, data, 1, port, "", "127.0.0.1", "1 1", "ready"];
  writeFileSync(join(data, "postmaster.pid"), `${lines.join("\n")}\n`);
  expect(await trial.status()).toMatchObject({ state: "stopped" });
  expect(await trial.kb("stop")).toMatchObject({ stdout: "The sandbox does not run.\n" });
  await trial.start();
  expect(await trial.status()).toMatchObject({ state: "running" });
});

it("takes another port when its own is taken meanwhile, and says so", async () => {
  const before = await trial.start();
  await trial.kb("stop");
  const other = createServer((socket) => socket.destroy());
  const { port } = before.servers.postgresql;
  await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
  onTestFinished(() => void other.close());
  expect(await trial.status()).toMatchObject({ state: "stopped" });
  const after = await trial.start();
  expect(after.servers.postgresql.port).not.toBe(port);
  expect(after).toMatchObject({ marker: before.marker });
  expect(await trial.query("select 1 as one")).toEqual([{ one: 1 }]);
});

it("is started by one of two commands at once, and both end well", async () => {
  const [one, two] = await Promise.all([trial.kb("start"), trial.kb("start")]);
  expect([one.code, two.code]).toEqual([0, 0]);
  expect(one.stdout).toBe(two.stdout);
  expect(trial.servers).toHaveLength(1);
  expect(one.stderr + two.stderr).toContain("Waiting for another command that works on the sandbox");
});

it("is whole after kill -9 of the command that starts it, at any moment", async () => {
  let killed = 0;
  // A start takes a second or two: the programs are copied, the data made, the server started.
  for (let milliseconds = 150; milliseconds < 4000; milliseconds += 230) {
    const { child, result } = startKb(["sandbox", "start", "--folder", trial.folder]);
    const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
    const { code } = await result;
    clearTimeout(timer);
    if (code === 0) break;
    killed += 1;
    // Whatever was made so far is what the next one begins with; a server that runs is stopped.
    await trial.kb("stop");
  }
  expect(killed).toBeGreaterThan(2);
  await trial.start();
  expect(trial.servers).toHaveLength(1);
  expect(await trial.query("select 1 as one")).toEqual([{ one: 1 }]);
});

it("finds the server that a killed command has just begun to start", async () => {
  for (const wait of [0, 10, 30, 100]) {
    const { child, result } = startKb(["sandbox", "start", "--folder", trial.folder]);
    child.stderr?.on("data", (text: string) => {
      if (text.includes("Starting")) setTimeout(() => child.kill("SIGKILL"), wait);
    });
    await result;
    await trial.start();
    expect(trial.servers).toHaveLength(1);
    expect(await trial.status()).toMatchObject({ state: "running" });
    await trial.kb("stop");
  }
});

it("is whole after it was interrupted, which ends with 8", async () => {
  const { child, result } = startKb(["sandbox", "start", "--folder", trial.folder]);
  child.stderr?.on("data", (text: string) => {
    if (text.includes("Making the data")) child.kill("SIGINT");
  });
  expect(await result).toMatchObject({
    code: 8,
    stdout: "",
    stderr: expect.stringContaining("error: cancelled\n"),
  });
  expect(trial.servers).toEqual([]);
  await trial.start();
});

it("says why the server does not start, with the end of its log and without its password", async () => {
  await trial.start();
  await trial.kb("stop");
  const { password } = trial.description.servers.postgresql;
  const settings = join(trial.folder, "postgresql-data", "postgresql.conf");
  appendFileSync(settings, `work_mem = '${password}'\n`);
  const { code, stderr } = await trial.kb("start");
  expect(code).toBe(1);
  expect(stderr).toContain("PostgreSQL could not be started: exit code 1; the end of ");
  expect(stderr).toContain('invalid value for parameter "work_mem": "[secret]"');
  expect(stderr).not.toContain(password);
  expect(trial.servers).toEqual([]);
});

it("refuses a server that does not say its marker, and stops it", async () => {
  await trial.start();
  await trial.kb("stop");
  const settings = join(trial.folder, "postgresql-data", "postgresql.conf");
  appendFileSync(settings, "keybuzz.sandbox = 'another'\n");
  const { code, stderr } = await trial.kb("start");
  expect(code).toBe(1);
  expect(stderr).toContain("does not say the marker of the sandbox in");
  expect(trial.servers).toEqual([]);
});

it("refuses data whose password is lost, and says what removes it", async () => {
  await trial.start();
  await trial.kb("stop");
  rmSync(join(trial.folder, "sandbox.json"));
  expect((await trial.kb("start")).stderr).toContain("kb sandbox reset --yes removes that data");
  expect(await trial.kb("reset", "--yes")).toMatchObject({ code: 0 });
  await trial.start();
});
