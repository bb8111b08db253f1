/** What is written before a step, what a killed run leaves, and what becomes of a run that is cancelled. */

import { describe, expect, it } from "vitest";
import type { PendingOperation } from "../../../engine/checkpoint/state";
import { MADE, NAMED } from "../support/testing-provider";
import { expectNothingToDo, happened, messages, nameOf, settled, told } from "./expecting";
import { type Body, Trial } from "./trial";

const one =
  (value: string): Body =>
  async (p) => {
    await p.made("a", { value });
  };

/** The files of a trial as they are while a request is under way; then the request ends with an error. */
async function killedDuring(trial: Trial, run: Promise<unknown>): Promise<Trial> {
  await expect.poll(async () => (await trial.state()).pendingOperations.length, { timeout: 20_000 }).toBe(1);
  const later = trial.killed();
  for (const provider of trial.providers) await provider.cancel();
  await run;
  return later;
}

describe("a pending operation", () => {
  it("stands in the state while something is made, changed, read, imported or deleted, and goes with its end", async () => {
    const trial = Trial.forTest();
    trial.world.record({ effect: "created", type: NAMED, id: "there", urn: "", inputs: { name: "there" } });
    const seen: string[] = [];
    const watched: Parameters<Trial["up"]>[1] = {
      events: {
        finished: ({ op }) => void seen.push(op),
      },
    };
    trial.faults = (["create", "update", "delete", "read"] as const).map((operation) => ({
      name: "*",
      operation,
      kind: "slow",
      milliseconds: 400,
    }));
    const during = async (run: Promise<unknown>): Promise<void> => {
      let pending: PendingOperation | undefined;
      const look = async (): Promise<PendingOperation | undefined> => {
        [pending] = (await trial.state()).pendingOperations;
        return pending;
      };
      await expect.poll(look, { interval: 10, timeout: 20_000 }).toBeDefined();
      seen.push(`${pending?.type} ${nameOf(pending?.resource.urn ?? "")}`);
      const { outputs, id } = pending?.resource ?? {};
      // What is made or changed is told as it is wanted, what is deleted as it is.
      if (pending?.type === "deleting") expect(outputs).toMatchObject({ value: "2" });
      else expect(outputs).toEqual({});
      if (pending?.type === "creating" || pending?.type === "importing") expect(id).toBeUndefined();
      await run;
      expect((await trial.state()).pendingOperations).toEqual([]);
    };
    await during(trial.up(one("1"), watched));
    await during(trial.up(one("2"), watched));
    await during(trial.up(async () => {}, watched));
    await during(
      trial.up(async (p) => {
        await p.read(NAMED, "seen", "there");
      }, watched),
    );
    await during(
      trial.up(async (p) => {
        await p.named("there", {}, { importId: "there" });
      }, watched),
    );
    expect(seen.filter((text) => text.includes(" "))).toEqual([
      "creating a",
      "updating a",
      "deleting a",
      "reading seen",
      "importing there",
    ]);
  });

  it("of a create that was killed is warned of and kept by every run, until a refresh is told to forget it", async () => {
    const trial = Trial.forTest();
    await settled(trial, async () => {});
    trial.faults = [{ name: "a", operation: "create", kind: "hang-after" }];
    const later = await killedDuring(trial, trial.up(one("1")));
    // It was made, and nobody can tell: its id was made up.
    expect(later.world.objects).toHaveLength(1);
    const result = await later.up(async () => {});
    expect(messages(result, "warning").join()).toMatch(
      /interrupted while creating this resource, and nobody can tell/,
    );
    expect((await later.state()).pendingOperations).toEqual([expect.objectContaining({ type: "creating" })]);
    await later.refresh();
    expect((await later.state()).pendingOperations).toHaveLength(1);
    await later.refresh({ clearPendingCreates: true });
    expect((await later.state()).pendingOperations).toEqual([]);
    expect(messages(await later.up(async () => {}), "warning")).toEqual([]);
  });

  it.each([
    ["updating", "update"],
    ["deleting", "delete"],
  ] as const)(
    "of type %s that was killed is dropped, and the next run does it again",
    async (type, operation) => {
      const trial = Trial.forTest();
      await settled(trial, one("1"));
      trial.faults = [{ name: "a", operation, kind: "hang-after" }];
      const body = operation === "update" ? one("2") : async () => {};
      const later = await killedDuring(trial, trial.up(body));
      expect((await later.state()).pendingOperations.map((pending) => pending.type)).toEqual([type]);
      const result = await later.up(body);
      expect(result.outcome).toBe("succeeded");
      expect(told(result)).toEqual([`${operation} a`]);
      expect((await later.state()).pendingOperations).toEqual([]);
      await expectNothingToDo(later, body);
    },
  );

  it.each(["hang-before", "hang-after"] as const)(
    "of a create whose name was known beforehand is settled by looking (%s), and nothing is made twice",
    async (kind) => {
      const trial = Trial.forTest();
      await settled(trial, async () => {});
      const body: Body = async (p) => {
        await p.named("a", { value: "1" });
      };
      trial.faults = [{ name: "a", operation: "create", kind }];
      const later = await killedDuring(trial, trial.up(body));
      const result = await later.up(body);
      expect(result.outcome).toBe("succeeded");
      expect(messages(result, "info").join()).toContain(
        kind === "hang-after" ? "it was made, and is taken into the state" : "it was not made",
      );
      expect(later.world.count()).toEqual({ created: 1, updated: 0, deleted: 0 });
      await expectNothingToDo(later, body);
    },
  );
});

describe("cancelling", () => {
  it("lets what is under way end and be kept, begins nothing more, deletes nothing, and writes the outputs", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("old");
      await p.outputs({ before: "1" });
    });
    const stop = new AbortController();
    trial.faults = [{ name: "a", operation: "create", kind: "slow", milliseconds: 200 }];
    const result = await trial.up(
      async (p) => {
        setTimeout(() => stop.abort(), 50);
        await p.named("a");
        await p.named("b");
      },
      { signal: stop.signal },
    );
    expect(result.outcome).toBe("cancelled");
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["old", "a"]);
    expect((await trial.resource("a")).id).toBe("a");
    expect((await trial.resource("trial-dev")).outputs).toEqual({ before: "1" });
    expect((await trial.state()).pendingOperations).toEqual([]);
    expect(trial.providers.some(({ cancelled, closed }) => cancelled && !closed)).toBe(false);
  });

  it("twice cancels the providers, so that a request that hangs ends; what became of it stays to be settled", async () => {
    const trial = Trial.forTest();
    const [stop, giveUp] = [new AbortController(), new AbortController()];
    trial.faults = [{ name: "a", operation: "create", kind: "hang-after", times: 1 }];
    const running = trial.up(one("1"), { signal: stop.signal, giveUp: giveUp.signal });
    await expect.poll(() => trial.world.objects.length, { timeout: 20_000 }).toBe(1);
    stop.abort();
    await new Promise((done) => setTimeout(done, 50));
    giveUp.abort();
    const result = await running;
    expect(result.outcome).toBe("cancelled");
    expect(
      (await trial.state()).pendingOperations.map(({ type, resource }) => [type, resource.type]),
    ).toEqual([["creating", MADE]]);
  });

  it("before a run has begun does nothing, and leaves the stack unlocked", async () => {
    const trial = Trial.forTest();
    await settled(trial, one("1"));
    const result = await trial.up(one("2"), { signal: AbortSignal.abort() });
    expect(result.outcome).toBe("cancelled");
    expect(happened(trial)).toEqual(["created a"]);
    await settled(trial, one("2"));
  });
});
