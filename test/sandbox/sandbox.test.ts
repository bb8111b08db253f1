/** A sandbox as its users see it: a real server that is reached as it says, tells what it is, and keeps its secret. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MARKER_SETTING } from "../../providers/postgresql/settings";
import type { SandboxDescription } from "../../sandbox/description";
import { processesOf } from "../engine/processes";
import type { KbResult } from "../support/kb";
import { TrialSandbox } from "./trial-sandbox";

const trial = new TrialSandbox();
let started: KbResult;
let sandbox: SandboxDescription;

beforeAll(async () => {
  started = await trial.kb("start");
  expect(started).toMatchObject({ code: 0 });
  sandbox = trial.description;
});
afterAll(() => trial.remove());

describe("a started sandbox", () => {
  it("says where it is, and that it runs", async () => {
    const { port } = sandbox.servers.postgresql;
    expect(started.stdout).toContain(`running at 127.0.0.1:${port}, process `);
    expect(started.stdout).toContain(sandbox.marker);
    expect(started.stderr).toContain("Starting PostgreSQL\n");
    expect(await trial.status()).toMatchObject({
      state: "running",
      port,
      host: "127.0.0.1",
      user: "postgres",
    });
  });

  it("is PostgreSQL 17 that listens on loopback alone, with scram passwords", async () => {
    const [settings] = await trial.query(
      `select current_setting('server_version_num')::int / 10000 as version,
              current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets,
              (select string_agg(distinct auth_method, ',') from pg_hba_file_rules) as methods`,
    );
    expect(settings).toEqual({ version: 17, addresses: "127.0.0.1", sockets: "", methods: "scram-sha-256" });
    await expect(trial.query("select 1", { password: "wrong" })).rejects.toThrow(
      "password authentication failed",
    );
  });

  it("says its marker in every database, to everybody who may log in", async () => {
    await trial.query("create database other");
    await trial.query("create role anybody login password 'a-password'");
    for (const database of ["postgres", "template1", "other"]) {
      for (const access of [{}, { user: "anybody", password: "a-password" }]) {
        const rows = await trial.query(`select current_setting('${MARKER_SETTING}') as marker`, {
          database,
          ...access,
        });
        expect(rows).toEqual([{ marker: sandbox.marker }]);
      }
    }
  });

  it("lets its user alone read the description", () => {
    expect(statSync(join(trial.folder, "sandbox.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(trial.folder, "postgresql.log")).mode & 0o777).toBe(0o600);
    expect(statSync(join(trial.folder, "postgresql-data")).mode & 0o777).toBe(0o700);
  });

  it("tells its password nowhere but in the description, and no statement with one in the log", async () => {
    const { password } = sandbox.servers.postgresql;
    const canary = "canary-of-a-statement";
    await expect(trial.query(`create role postgres password '${canary}'`)).rejects.toThrow("already exists");
    await expect(trial.query(`alter role postgres password '${canary}' x`)).rejects.toThrow(
      'unrecognized role option "x"',
    );
    expect(trial.log).toContain('role "postgres" already exists');
    const status = await trial.kb("status");
    const said = [started.stdout, started.stderr, status.stdout, ...processesOf(trial.folder)].join("\n");
    expect(said).toContain(trial.folder);
    expect(said).not.toContain(password);
    const files = filesOf(trial.folder).filter((file) => !file.includes("postgresql-17"));
    const holding = (text: string): string[] => files.filter((file) => readFileSync(file).includes(text));
    expect(files.length).toBeGreaterThan(100);
    expect(holding(password)).toEqual([join(trial.folder, "sandbox.json")]);
    expect(holding(canary)).toEqual([]);
  });

  it("is started again without a word about it, and is the same", async () => {
    const { pid } = await trial.status();
    expect(await trial.kb("start")).toMatchObject({ code: 0, stderr: "" });
    expect(await trial.status()).toMatchObject({ pid });
    expect(trial.description).toEqual(sandbox);
  });
});

it("keeps its data, its marker and its port when it is stopped and started", async () => {
  await trial.query("create table kept (value text); insert into kept values ('here')");
  expect(await trial.kb("stop")).toMatchObject({ code: 0, stdout: "The sandbox is stopped.\n" });
  expect(trial.servers).toEqual([]);
  expect(await trial.status()).toMatchObject({ state: "stopped", pid: null });
  expect(await trial.kb("stop")).toMatchObject({ code: 0, stdout: "The sandbox does not run.\n" });
  expect(await trial.start()).toEqual(sandbox);
  expect(await trial.query("select value from kept")).toEqual([{ value: "here" }]);
});

it("deletes its data when that is said with --yes, and is another sandbox afterwards", async () => {
  const refused = await trial.kb("reset");
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain(trial.folder);
  expect(await trial.status()).toMatchObject({ state: "running" });
  expect(await trial.kb("reset", "--yes")).toMatchObject({ code: 0, stdout: "The sandbox is deleted.\n" });
  expect(trial.servers).toEqual([]);
  expect((await trial.kb("status")).stdout).toContain("There is no sandbox in");
  const next = await trial.start();
  expect(next.marker).not.toBe(sandbox.marker);
  expect(next.servers.postgresql.password).not.toBe(sandbox.servers.postgresql.password);
  await expect(trial.query("select value from kept")).rejects.toThrow("does not exist");
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
