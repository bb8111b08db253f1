/** Where an old resource must go before the new one can come, what cannot live without it goes first, and comes back. */
import { describe, expect, it } from "vitest";
import { expectNothingToDo, happened, messages, settled, stepOf, told } from "./expecting";
import { type Body, Trial } from "./trial";

/** A Named that is made anew keeps its name, so the old one goes first; `b` needs it, `c` uses it, `d` ignores it. */
const chain =
  (replaceOn: string, extra: { protectB?: boolean } = {}): Body =>
  async (p) => {
    const a = await p.named("a", { replaceOn, value: "x" });
    const b = await p.named(
      "b",
      { replaceOn: a.outputs.computed ?? "", value: a.outputs.replaceOn ?? "" },
      { from: { replaceOn: [a.urn] }, ...(extra.protectB === true ? { protect: true } : {}) },
    );
    await p.named("c", { value: b.id || "b" }, { from: { value: [b.urn] } });
    await p.named("d", { value: "none" }, { dependsOn: [a.urn] });
  };

describe("delete before replace", () => {
  it("deletes dependents that cannot live with another one first, in reverse order, and makes them anew after", async () => {
    const trial = Trial.forTest();
    await settled(trial, chain("1"));
    const before = trial.world.journal.length;
    const result = await settled(trial, chain("2"));
    expect(told(result)).toEqual([
      "delete-replaced b",
      "delete-replaced a",
      "replace a",
      "create-replacement a",
      "replace b",
      "create-replacement b",
      "same c",
      "same d",
    ]);
    expect(happened(trial, before)).toEqual(["deleted b", "deleted a", "created a", "created b"]);
    expect(stepOf(result, "replace", "b")).toMatchObject({
      reason: "dependency-replaced",
      diff: { replaces: ["replaceOn"] },
    });
    expect(result.changes).toEqual({ same: 3, replace: 2 });
  });

  it("shows the same steps in a preview as it takes", async () => {
    const trial = Trial.forTest();
    await settled(trial, chain("1"));
    const shown = await trial.preview(chain("2"));
    expect(told(shown)).toEqual(told(await trial.up(chain("2"))));
  });

  it("that was killed after the deletions goes on with what is missing, and deletes nothing twice in the world", async () => {
    const trial = Trial.forTest();
    await settled(trial, chain("1"));
    trial.faults = [{ name: "a", operation: "create", kind: "hang-before" }];
    const running = trial.up(chain("2"));
    await expect
      .poll(async () => (await trial.state()).pendingOperations.length, { timeout: 20_000 })
      .toBe(1);
    const later = trial.killed();
    for (const provider of trial.providers) await provider.cancel();
    await running;
    const pending = (await later.state()).resources.filter((state) => state.pendingReplacement === true);
    expect(pending.map(({ urn }) => urn.split("::")[3])).toEqual(["a", "b"]);
    const before = later.world.journal.length;
    const result = await later.up(chain("2"));
    expect(result.outcome).toBe("succeeded");
    expect(happened(later, before)).toEqual(["created a", "created b"]);
    expect(stepOf(result, "replace", "b").reason).toMatch(/dependency-replaced|replacement-interrupted/);
    await expectNothingToDo(later, chain("2"));
  });

  it("that failed to make the new one goes on in the next run", async () => {
    const trial = Trial.forTest();
    await settled(trial, chain("1"));
    trial.faults = [{ name: "a", operation: "create", kind: "error-before", times: 1 }];
    expect((await trial.up(chain("2"))).outcome).toBe("failed");
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["c", "d"]);
    const before = trial.world.journal.length;
    const result = await trial.up(chain("2"));
    expect(result.diagnostics).toEqual([]);
    expect(happened(trial, before)).toEqual(["created a", "created b"]);
    await expectNothingToDo(trial, chain("2"));
  });

  it("that was interrupted and is not wanted any more is forgotten, without asking the provider", async () => {
    const trial = Trial.forTest();
    await settled(trial, chain("1"));
    trial.faults = [{ name: "a", operation: "create", kind: "error-before", times: 1 }];
    await trial.up(chain("2"));
    const before = trial.world.journal.length;
    const without: Body = async (p) => {
      await p.named("c", { value: "b" });
      await p.named("d", { value: "none" });
    };
    const result = await trial.up(without);
    expect(told(result)).toEqual([
      "same c",
      "same d",
      "remove-pending-replace b",
      "remove-pending-replace a",
    ]);
    expect(result.changes).toEqual({ same: 3 });
    expect(trial.world.journal).toHaveLength(before);
    await expectNothingToDo(trial, without);
  });

  it("is refused while a dependent that would have to go is protected", async () => {
    const trial = Trial.forTest();
    await settled(trial, chain("1", { protectB: true }));
    const before = trial.world.journal.length;
    const result = await trial.up(chain("2", { protectB: true }));
    expect(messages(result).join()).toMatch(
      /unable to replace resource ".*::b" as part of replacing ".*::a"/,
    );
    expect(trial.world.journal).toHaveLength(before);
  });

  it("follows the program's own word over that of the provider", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string): Body =>
      async (p) => {
        await p.made("m", { replaceOn }, { deleteBeforeReplace: true });
        // Its provider would delete it first; its other name makes that needless.
        await p.named("n", { name: `n${replaceOn}`, replaceOn }, { deleteBeforeReplace: false });
      };
    await settled(trial, body("1"));
    const result = await settled(trial, body("2"));
    expect(told(result)).toEqual([
      "delete-replaced m",
      "replace m",
      "create-replacement m",
      "create-replacement n",
      "replace n",
      "delete-replaced n",
    ]);
  });

  it("leaves components and what is read alone", async () => {
    const trial = Trial.forTest();
    trial.world.record({
      effect: "created",
      type: "testing:index:Named",
      id: "seen",
      urn: "",
      inputs: { name: "seen" },
    });
    const body =
      (replaceOn: string): Body =>
      async (p) => {
        const a = await p.named("a", { replaceOn });
        await p.component("part", { of: a.id }, { from: { of: [a.urn] } });
        await p.read("testing:index:Named", "seen", "seen", { dependsOn: [a.urn] });
      };
    await settled(trial, body("1"));
    const result = await settled(trial, body("2"));
    expect(told(result)).toEqual([
      "delete-replaced a",
      "replace a",
      "create-replacement a",
      "same part",
      "read seen",
    ]);
  });
});
