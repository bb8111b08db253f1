/**
 * An `up` that is killed with SIGKILL at any moment leaves a whole state, and the next one converges: a further one
 * has nothing to do, nothing is orphaned, nothing is made twice. The kill points are chosen by a seed; KILL_POINTS says
 * how many (200).
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seed } from "../../support/seed";
import { Trial } from "../deploy/trial";
import { MADE } from "../support/testing-provider";
import { copyOf, deeds, type KillableEngine, killableEngine, leftovers, things, wholeState } from "./killing";
import { after, before, madeUp } from "./life";

const COUNT = Number(process.env.KILL_POINTS ?? 200);
/** Of so many kills, one hits a process that just recovers from another. */
const TWICE = 4;

let engine: KillableEngine;
let prepared: Trial;
let reference: Trial;
let points: number;

beforeAll(async () => {
  engine = await killableEngine();
  prepared = new Trial();
  expect((await prepared.up(before)).outcome).toBe("succeeded");
  reference = copyOf(prepared);
  points = (await engine.deploy(reference, "after", 0)) ?? 0;
});

afterAll(() => {
  for (const trial of [prepared, reference]) trial.remove();
  engine.remove();
});

describe("an up that is killed", () => {
  it("leaves a whole state, and the next one converges without making anything twice", async () => {
    const random = generator(seed());
    console.log(`${COUNT} kills, at ${points} points`);
    const chosen = spread(points, COUNT, random);
    const expected = { deeds: deeds(reference.world), things: things(reference.world) };
    const failures: string[] = [];
    const worker = async (): Promise<void> => {
      for (let point = chosen.pop(); point !== undefined; point = chosen.pop()) {
        const second = random() * TWICE < 1 ? 1 + Math.floor(random() * points) : undefined;
        const trial = copyOf(prepared);
        try {
          await killAndRecover(trial, point, second, expected);
        } catch (error) {
          failures.push(`killed at point ${point}${second ? `, then at ${second}` : ""}: ${error}`);
        } finally {
          trial.remove();
        }
      }
    };
    await Promise.all([worker(), worker()]);
    expect(failures).toEqual([]);
  }, 600_000);
});

it("of an object with an id of its own making is told as one of which nobody knows, until a refresh forgets it", async () => {
  const fresh = new Trial();
  const whole = copyOf(fresh);
  const all = (await engine.deploy(whole, "madeUp", 0)) ?? 0;
  whole.remove();
  const seen = { forgotten: 0, twice: 0 };
  for (let point = 1; point <= all; point += 1) {
    const trial = copyOf(fresh);
    await engine.deploy(trial, "madeUp", point);
    const killed = await wholeState(trial);
    const pending = killed.pendingOperations.filter(({ resource }) => resource.type === MADE);
    const made = trial.world.objects.filter(({ type }) => type === MADE).length;
    const next = await trial.up(madeUp);
    expect(next.outcome).toBe("succeeded");
    const warned = next.diagnostics.filter(({ message }) =>
      message.includes("nobody can tell whether it exists"),
    );
    expect(warned.map(({ urn, severity }) => [urn, severity])).toEqual(
      pending.map(({ resource }) => [resource.urn, "warning"]),
    );
    const kept = (await wholeState(trial)).pendingOperations;
    expect(kept.map(({ type, resource }) => [type, resource.urn])).toEqual(
      pending.map(({ resource }) => ["creating", resource.urn]),
    );
    // Only what was noted as pending can have been left behind.
    const objects = trial.world.objects.filter(({ type }) => type === MADE);
    expect(objects.length).toBe(pending.length > 0 ? made + 1 : 1);
    expect((await trial.refresh({ clearPendingCreates: true })).outcome).toBe("succeeded");
    expect((await wholeState(trial)).pendingOperations).toEqual([]);
    const further = await trial.up(madeUp);
    expect(Object.keys(further.changes)).toEqual(["same"]);
    expect(further.diagnostics).toEqual([]);
    seen.forgotten += pending.length;
    seen.twice += objects.length - 1;
    trial.remove();
  }
  fresh.remove();
  expect(seen.forgotten).toBeGreaterThan(0);
  expect(seen.twice).toBeGreaterThan(0);
}, 600_000);

async function killAndRecover(
  trial: Trial,
  point: number,
  second: number | undefined,
  expected: { readonly deeds: Record<string, number>; readonly things: string[] },
): Promise<void> {
  // Steps run side by side, so the last points may not be reached.
  await engine.deploy(trial, "after", point);
  await wholeState(trial);
  if (second !== undefined) {
    await engine.deploy(trial, "after", second);
    await wholeState(trial);
  }
  const next = await trial.up(after);
  expect(next.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(next.outcome).toBe("succeeded");
  expect((await wholeState(trial)).pendingOperations).toEqual([]);
  expect(leftovers(trial)).toEqual([]);
  const further = await trial.up(after);
  expect(Object.keys(further.changes)).toEqual(["same"]);
  expect(things(trial.world)).toEqual(expected.things);
  expect(deeds(trial.world)).toEqual(expected.deeds);
}

/** So many points of 1 to `points`, each once before any comes again. */
function spread(points: number, count: number, random: () => number): number[] {
  const chosen: number[] = [];
  while (chosen.length < count) {
    const all = Array.from({ length: points }, (_, index) => index + 1);
    while (all.length > 0 && chosen.length < count) {
      chosen.push(...all.splice(Math.floor(random() * all.length), 1));
    }
  }
  return chosen;
}

/** Numbers from 0 to 1 (mulberry32). */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
