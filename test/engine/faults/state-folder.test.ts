/**
 * What a user meets when the folder of the state is in a bad way: a full disk, a folder that cannot be written, a
 * checkpoint that is cut or another stack's, a wrong passphrase, another deployment at work. The message says what is
 * wrong, nothing is changed by it, and afterwards a deployment goes on as if nothing had been.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineError } from "../../../engine/diagnostic";
import { Trial } from "../deploy/trial";
import { copyOf, deeds, type KillableEngine, killableEngine, leftovers, things, wholeState } from "./killing";
import { after, before } from "./life";

let engine: KillableEngine;
let prepared: Trial;
let reference: Trial;

beforeAll(async () => {
  engine = await killableEngine();
  prepared = new Trial();
  expect((await prepared.up(before)).outcome).toBe("succeeded");
  reference = copyOf(prepared);
  expect((await reference.up(after)).outcome).toBe("succeeded");
});

afterAll(() => {
  for (const trial of [prepared, reference]) trial.remove();
  engine.remove();
});

async function withTrial(test: (trial: Trial) => Promise<void>): Promise<void> {
  const trial = copyOf(prepared);
  try {
    await test(trial);
  } finally {
    trial.remove();
  }
}

async function refusal(asked: Promise<unknown>): Promise<EngineError> {
  const error: unknown = await asked.then(
    () => "it was not refused",
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngineError)) throw new Error(String(error));
  return error;
}

async function expectConverges(trial: Trial): Promise<void> {
  const next = await trial.up(after);
  expect(next.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(next.outcome).toBe("succeeded");
  expect(Object.keys((await trial.up(after)).changes)).toEqual(["same"]);
  expect((await wholeState(trial)).pendingOperations).toEqual([]);
  expect(leftovers(trial)).toEqual([]);
  expect(things(trial.world)).toEqual(things(reference.world));
  expect(deeds(trial.world)).toEqual(deeds(reference.world));
}

const checkpointOf = (trial: Trial): string => join(trial.backend, ".pulumi/stacks/trial/dev.json");
const locksOf = (trial: Trial): string => join(trial.backend, ".pulumi/locks/organization/trial/dev");

describe("a full disk", () => {
  it("ends the deployment with the name of the file, and loses nothing, wherever it is met", async () => {
    const ends: string[] = [];
    for (let kilobytes = 0; kilobytes <= 32; kilobytes += 2) {
      await withTrial(async (trial) => {
        ends.push(
          await engine.deploy(trial, "after", 0, { kilobytes }).then(
            () => "succeeded",
            (error: unknown) => String(error),
          ),
        );
        await wholeState(trial);
        await expectConverges(trial);
      });
    }
    expect(ends.at(-1)).toBe("succeeded");
    const failed = ends.filter((end) => end !== "succeeded");
    expect(failed.length).toBeGreaterThan(2);
    for (const end of failed)
      expect(end).toMatch(/\.json[^ ]*: cannot be written: EFBIG|EFBIG: file too large/);
    expect(failed.filter((end) => end.includes("dev.jsonl: cannot be written")).length).toBeGreaterThan(0);
    expect(failed.filter((end) => end.includes("dev.json: cannot be written")).length).toBeGreaterThan(0);
  }, 300_000);
});

describe("a folder that cannot be written", () => {
  it("is told by name before anything is done", async () => {
    await withTrial(async (trial) => {
      const locks = dirname(locksOf(trial));
      for (const folder of [locksOf(trial), locks]) chmodSync(folder, 0o555);
      const journal = trial.world.journal.length;
      await expect(engine.deploy(trial, "after", 0, { nobody: true })).rejects.toThrow(
        /cannot be written: EACCES: permission denied/,
      );
      for (const folder of [locksOf(trial), locks]) chmodSync(folder, 0o777);
      expect(trial.world.journal).toHaveLength(journal);
      await expectConverges(trial);
    });
  });
});

describe("a checkpoint that is", () => {
  it.each([
    ["cut", (text: string) => text.slice(0, text.length / 2), "is not whole JSON"],
    ["empty", () => "", "is not whole JSON"],
    [
      "another stack's",
      (text: string) => text.replace("organization/trial/dev", "organization/other/prod"),
      "is the checkpoint of organization/other/prod",
    ],
    ["not one", () => '{"name":"something else"}', "version"],
    ["changed by hand", (text: string) => text.replace(/"magic":"[0-9a-f]/, '"magic":"x'), "magic"],
  ])("%s is refused with its name, and left as it is", async (_, spoil, reason) => {
    await withTrial(async (trial) => {
      const whole = trial.file();
      writeFileSync(checkpointOf(trial), spoil(whole));
      const spoiled = trial.file();
      for (const run of [
        () => trial.up(after),
        () => trial.preview(after),
        () => trial.refresh(),
        () => trial.destroy(),
      ]) {
        const error = await refusal(run());
        expect(error.code).toBe("state");
        expect(error.message).toContain(checkpointOf(trial));
        expect(error.message).toContain(reason);
      }
      expect(trial.file()).toBe(spoiled);
      expect(leftovers(trial)).toEqual([]);
      copyFileSync(`${checkpointOf(trial)}`, `${checkpointOf(trial)}.spoiled`);
      writeFileSync(checkpointOf(trial), whole);
      expect(Object.keys((await trial.up(before)).changes)).toEqual(["same"]);
    });
  });
});

it("a wrong passphrase is refused, and nothing is written", async () => {
  await withTrial(async (trial) => {
    const whole = trial.file();
    const wrong = { processEnvironment: { PULUMI_CONFIG_PASSPHRASE: "wrong" } };
    const error = await refusal(trial.up(after, wrong));
    expect(error.code).toBe("passphrase");
    expect(error.message).toContain("organization/trial/dev");
    expect(error.message).not.toContain("wrong");
    expect((await refusal(trial.up(after, { processEnvironment: {} }))).code).toBe("passphrase");
    expect(trial.file()).toBe(whole);
    expect(leftovers(trial)).toEqual([]);
  });
});

describe("of two deployments at once", () => {
  it("one goes on, and the other is told who is at work", async () => {
    await withTrial(async (trial) => {
      const both = await Promise.allSettled([trial.up(after), trial.up(after)]);
      expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const reason: unknown = both.find(({ status }) => status === "rejected");
      const error = (reason as PromiseRejectedResult).reason as EngineError;
      expect(error.code).toBe("locked");
      expect(error.message).toContain(`(pid ${process.pid})`);
      await expectConverges(trial);
    });
  });

  it("in two processes, one at most changes anything", async () => {
    await withTrial(async (trial) => {
      const both = await Promise.allSettled([
        engine.deploy(trial, "after", 0),
        engine.deploy(trial, "after", 0),
      ]);
      for (const one of both)
        if (one.status === "rejected") expect(String(one.reason)).toContain("is locked by");
      expect(both.some(({ status }) => status === "fulfilled")).toBe(true);
      await expectConverges(trial);
    });
  });

  it("the lock of a living process is kept, and that of a dead one is not in the way", async () => {
    await withTrial(async (trial) => {
      mkdirSync(locksOf(trial), { recursive: true });
      const lock = join(locksOf(trial), "of-somebody.json");
      const by = (pid: number) =>
        JSON.stringify({
          pid,
          username: "somebody",
          hostname: hostname(),
          timestamp: "2026-01-01T00:00:00Z",
        });
      writeFileSync(lock, by(process.ppid));
      const error = await refusal(trial.up(after));
      expect(error.code).toBe("locked");
      expect(error.message).toContain(`somebody@${hostname()} (pid ${process.ppid})`);
      expect(error.message).toContain(lock);
      expect(readFileSync(lock, "utf8")).toBe(by(process.ppid));
      writeFileSync(lock, by(2 ** 22 + 1));
      await expectConverges(trial);
      expect(existsSync(lock)).toBe(false);
    });
  });
});
