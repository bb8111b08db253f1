/**
 * A run that is killed at any of its writes is recovered exactly: every call of the recorder that was answered
 * counts, the one under way counts or not, and nothing else. The lock stays until then, and no file holds a secret.
 */
import { spawn } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Journal } from "../../../engine/checkpoint/journal";
import { openStack, readStack } from "../../../engine/checkpoint/open-stack";
import type { Recorder } from "../../../engine/checkpoint/recorder";
import type { Snapshot } from "../../../engine/checkpoint/state";
import { BEFORE, madeUpRun } from "./made-up-run";
import { SALT, SECRETS, SUCCEEDED } from "./states";
import { create, filesBelow, newFolder, newLocation, open } from "./trial";

const knownKey = pbkdf2Sync(
  "open sesame",
  Buffer.from(SALT.split(":")[1] ?? "", "base64"),
  1_000_000,
  32,
  "sha256",
);

interface Ended {
  readonly answered: number;
  readonly finished: boolean;
}

function runChild(backend: string, point: number, smallestLog: number): Promise<Ended> {
  return new Promise((done, failed) => {
    const child = spawn(
      process.execPath,
      [
        "--require",
        "tsx/cjs",
        join(__dirname, "killed-child.ts"),
        backend,
        String(point),
        String(smallestLog),
      ],
      { env: { ...process.env, KNOWN_KEY: knownKey.toString("hex") }, stdio: ["ignore", "pipe", "pipe"] },
    );
    let told = "";
    let errors = "";
    child.stdout.on("data", (data: Buffer) => {
      told += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      errors += data.toString();
    });
    child.on("close", (code, signal) => {
      if (code !== 0 && signal !== "SIGKILL") failed(new Error(`exit ${code}: ${errors}`));
      else done({ answered: told.replace("!", "").length, finished: told.endsWith("!") });
    });
  });
}

/** The checkpoint before the run, and after each call of the recorder. */
async function expectedStates(before: Snapshot): Promise<Snapshot[]> {
  const journal = new Journal({ snapshot: before });
  const states = [before];
  let step = 0;
  const recorder: Recorder = {
    begin: async (operation) => {
      step += 1;
      const own = step;
      journal.begin(own, operation);
      return {
        succeed: async (change) => journal.end(own, journal.placed(change)),
        fail: async () => journal.end(own),
      };
    },
    outputs: async (state, after) => journal.replace(journal.slotOf(state), after),
  };
  await madeUpRun(recorder, before, () => states.push(journal.assemble().snapshot));
  return states;
}

/** Nothing tells whether an unimportant call was kept, so states that differ only in such ones are all right. */
function since(answered: number, states: readonly Snapshot[]): readonly Snapshot[] {
  const UNIMPORTANT = 6;
  return states.slice(answered <= UNIMPORTANT ? 0 : answered, answered + 2);
}

describe.each([
  { name: "writes its checkpoint at the end", smallestLog: 2 ** 30 },
  { name: "writes its checkpoint in between as well", smallestLog: 2_500 },
])("a run that $name", ({ smallestLog }) => {
  // A process for each of about ninety points, each starting for half a second or, on a busy machine, two.
  it("is recovered exactly wherever it is killed", { timeout: 400_000 }, async () => {
    const prepared = newLocation();
    const first = await open(prepared);
    await create(first, ...BEFORE);
    await first.finish(SUCCEEDED);
    const states = await expectedStates(await readStack(prepared, SECRETS));
    let finished = false;
    const killedAfter = new Set<number>();

    const tryPoint = async (point: number): Promise<void> => {
      const backend = newFolder();
      cpSync(prepared.backend, backend, { recursive: true });
      const location = { ...prepared, backend };
      const ended = await runChild(backend, point, smallestLog);
      finished ||= ended.finished;
      killedAfter.add(ended.answered);
      const allowed = ended.finished ? states.slice(-1) : since(ended.answered, states);

      const context = `killed at point ${point} after ${ended.answered} answers`;
      const previewed = await readStack(location, SECRETS);
      expect(allowed, context).toContainEqual(previewed);
      const stack = await openStack(location, { secrets: SECRETS, kind: "update" });
      expect(stack.snapshot, context).toEqual(previewed);
      expect(stack.recovered?.outcome ?? "replayed", context).toBe("replayed");
      if (stack.recovered?.outcome === "replayed") {
        expect(stack.recovered.interrupted, context).toEqual(previewed.pendingOperations);
      }
      await stack.abandon();
      expect(await readStack(location, SECRETS), context).toEqual(previewed);
      const folder = join(backend, ".pulumi");
      expect(readdirSync(join(folder, "locks", "organization", "rec", "dev")), context).toEqual([]);
      expect(readdirSync(join(folder, "stacks", "rec")), context).not.toContain("dev.jsonl");
      for (const [path, content] of Object.entries(filesBelow(backend))) {
        expect(content, `${context}: ${path}`).not.toContain("hushhush");
      }
    };
    let next = 1;
    const worker = async (): Promise<void> => {
      while (!finished) {
        const point = next;
        next += 1;
        await tryPoint(point);
      }
    };
    await Promise.all([worker(), worker()]);
    // Every call of the recorder was once the last that was answered, but those whose record may wait.
    for (let answered = 6; answered < states.length; answered += 1) expect(killedAfter).toContain(answered);
    console.log(`${next - 1} kill points`);
  });
});
