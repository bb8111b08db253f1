/** What a deployment does to a resource: made, kept, changed, deleted; and then there is nothing to do. */
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../engine/property/values";
import type { DiffResponse } from "../../../engine/provider/provider";
import { TestingProvider } from "../support/testing-provider";
import { expectNothingToDo, happened, settled, stepOf, told } from "./expecting";
import { Trial } from "./trial";

describe("a deployment", () => {
  it("of an empty program makes the stack alone", async () => {
    const trial = Trial.forTest();
    const { changes } = await settled(trial, async () => {});
    expect(changes).toEqual({ create: 1 });
    const { resources } = await trial.state();
    expect(resources.map(({ type, custom, parent }) => [type, custom, parent])).toEqual([
      ["pulumi:pulumi:Stack", false, undefined],
    ]);
  });

  it("makes what is new, keeps what is the same, changes what differs and deletes what is gone", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("a", { value: "1" });
      await p.named("b", { value: "1" });
      await p.named("c", { value: "1" });
    });
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    const result = await settled(trial, async (p) => {
      await p.named("a", { value: "2" });
      await p.named("c", { value: "1" });
    });
    expect(told(result)).toEqual(["update a", "same c", "delete b"]);
    expect(result.changes).toEqual({ same: 2, update: 1, delete: 1 });
    expect(stepOf(result, "update", "a").diff).toEqual(
      expect.objectContaining({
        changes: ["value"],
        detailed: { value: { kind: "update", inputDiff: true } },
      }),
    );
    expect(trial.world.objects.map(({ id, inputs }) => [id, inputs.value])).toEqual([
      ["c", "1"],
      ["a", "2"],
    ]);
    const gone = await trial.destroy();
    expect(gone.changes).toEqual({ delete: 3 });
    expect(trial.world.objects).toEqual([]);
    expect((await trial.state()).resources).toEqual([]);
  });

  it("shows in a preview what it would do, and does nothing", async () => {
    const trial = Trial.forTest();
    const body = async (p: Parameters<Parameters<Trial["up"]>[0]>[0]) => {
      const { id, outputs } = await p.made("a", { value: "1" });
      expect(id).toBe("");
      await p.made("b", { value: outputs.nothing ?? UNKNOWN });
    };
    const { changes, steps } = await trial.preview(body);
    expect(changes).toEqual({ create: 3 });
    expect(stepOf({ steps }, "create", "b").new?.outputs.computed).toBe(UNKNOWN);
    expect(trial.world.journal).toEqual([]);
    expect((await trial.state()).resources).toEqual([]);
  });

  it("writes when a resource was made and when it was changed, and moves neither time for one that stays", async () => {
    const trial = Trial.forTest();
    await trial.up(async (p) => {
      await p.named("a", { value: "1" });
    });
    const made = await trial.resource("a");
    expect(made.created).toBe(made.modified);
    await trial.up(async (p) => {
      await p.named("a", { value: "1" }, { protect: true });
      await p.component("c", {});
    });
    const kept = await trial.resource("a");
    expect([kept.created, kept.modified, kept.protect]).toEqual([made.created, made.modified, true]);
    await trial.up(async (p) => {
      await p.named("a", { value: "2" });
      await p.component("c", { changed: true });
    });
    const changed = await trial.resource("a");
    expect(changed.created).toBe(made.created);
    expect(Date.parse(changed.modified ?? "")).toBeGreaterThan(Date.parse(made.modified ?? ""));
    const part = await trial.resource("c");
    expect(part.modified).toBe(part.created);
  });

  it("keeps an entry for the dependencies of every input, whether or not it has any", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const a = await p.named("a");
      await p.named("b", { value: "1", other: "2" }, { from: { value: [a.urn] } });
    });
    const [a, b] = [await trial.resource("a"), await trial.resource("b")];
    expect(b.propertyDependencies).toEqual({ name: [], value: [a.urn], other: [] });
    expect(trial.file()).toContain(`"propertyDependencies":{"name":[],"other":[],"value":["${a.urn}"]}`);
  });
});

describe("a provider that cannot tell whether a resource differs", () => {
  class Undecided extends TestingProvider {
    override async diff(): Promise<DiffResponse> {
      return { changes: "unknown", replaces: ["replaceOn"], diffs: [], deleteBeforeReplace: false };
    }
  }

  it("leaves it to the engine, which compares the inputs", async () => {
    const trial: Trial = Trial.forTest({
      factories: { testing: () => new Undecided({ world: trial.world }) },
    });
    const body = (value: string, size: number) => async (p: Parameters<Parameters<Trial["up"]>[0]>[0]) => {
      await p.made("a", { value, nested: { size } });
    };
    await settled(trial, body("1", 1));
    const before = trial.world.journal.length;
    const result = await trial.up(body("1", 2));
    expect(told(result)).toEqual(["create-replacement a", "replace a", "delete-replaced a"]);
    expect(stepOf(result, "replace", "a").diff.detailed).toEqual({
      "nested.size": { kind: "update", inputDiff: true },
    });
    expect(happened(trial, before)).toEqual(["created a", "deleted a"]);
    await expectNothingToDo(trial, body("1", 2));
  });
});
