/** A refresh takes what is really there into the state, and changes nothing else. */
import { describe, expect, it } from "vitest";
import { MADE, NAMED } from "../support/testing-provider";
import { expectNothingToDo, happened, messages, settled, told } from "./expecting";
import { type Body, Trial } from "./trial";

const body: Body = async (p) => {
  const a = await p.named("a", { value: "1" });
  const b = await p.named(
    "b",
    { value: "1" },
    { parent: a.urn, dependsOn: [a.urn], from: { value: [a.urn] } },
  );
  await p.named("c", { value: "1" }, { parent: b.urn, deletedWith: b.urn });
};

function drift(trial: Trial, id: string, value: string | undefined): void {
  if (value === undefined) trial.world.record({ effect: "deleted", type: NAMED, id, urn: "" });
  else trial.world.record({ effect: "updated", type: NAMED, id, urn: "", inputs: { name: id, value } });
}

describe("a refresh", () => {
  it("takes over what was changed, and the next deployment changes it back", async () => {
    const trial = Trial.forTest();
    await settled(trial, body);
    const before = await trial.resource("a");
    drift(trial, "a", "2");
    const result = await trial.refresh();
    expect(told(result).sort()).toEqual(["same b", "same c", "update a"]);
    const found = await trial.resource("a");
    expect([found.inputs.value, found.outputs.computed]).toEqual(["2", 'computed from "2"']);
    expect(found.created).toBe(before.created);
    expect(found.modified).not.toBe(before.modified);
    expect((await trial.resource("b")).modified).toBe((await trial.resource("b")).created);
    const [step] = result.steps.filter(({ op }) => op === "update");
    expect(step?.diff.detailed).toEqual({ value: { kind: "update", inputDiff: true } });
    expect(told(await settled(trial, body))).toEqual(["update a", "same b", "same c"]);
  });

  it("tells of what is only read that it has other outputs now", async () => {
    const trial = Trial.forTest();
    trial.world.record({
      effect: "created",
      type: NAMED,
      id: "there",
      urn: "",
      inputs: { name: "there", value: "1" },
    });
    await settled(trial, async (p) => {
      await p.read(NAMED, "seen", "there");
    });
    expect((await trial.refresh()).changes).toEqual({ same: 2 });
    drift(trial, "there", "2");
    const result = await trial.refresh();
    expect(result.changes).toEqual({ same: 1, update: 1 });
    const [step] = result.steps.filter(({ op }) => op === "update");
    expect(step?.diff.detailed).toMatchObject({ value: { kind: "update", inputDiff: false } });
    expect((await trial.resource("seen")).outputs.value).toBe("2");
    expect((await trial.refresh()).changes).toEqual({ same: 2 });
  });

  it("shows in a preview what it would take over, and writes nothing", async () => {
    const trial = Trial.forTest();
    await settled(trial, body);
    const before = trial.file();
    drift(trial, "a", "2");
    expect(told(await trial.refresh({ preview: true })).sort()).toEqual(["same b", "same c", "update a"]);
    expect(trial.file()).toBe(before);
  });

  it("forgets what is gone: its children lose their parent and keep their URNs, and nothing refers to it", async () => {
    const trial = Trial.forTest();
    await settled(trial, body);
    const before = [await trial.resource("b"), await trial.resource("c")];
    drift(trial, "a", undefined);
    drift(trial, "b", undefined);
    expect(told(await trial.refresh()).sort()).toEqual(["delete a", "delete b", "same c"]);
    const c = await trial.resource("c");
    expect(c.urn).toBe(before[1]?.urn);
    expect([c.parent, c.deletedWith]).toEqual([undefined, undefined]);
    expect((await trial.state()).resources).toHaveLength(3);
    const start = trial.world.journal.length;
    const result = await settled(trial, body);
    expect(told(result)).toEqual(["create a", "create b", "same c"]);
    expect(happened(trial, start)).toEqual(["created a", "created b"]);
    expect((await trial.resource("c")).parent).toBe(before[0]?.urn);
  });

  it("drops dependencies on what is gone, and entries of properties that depend on nothing", async () => {
    const trial = Trial.forTest();
    await settled(trial, body);
    drift(trial, "a", undefined);
    await trial.refresh();
    const b = await trial.resource("b");
    expect(b).toMatchObject({ dependencies: [], propertyDependencies: {} });
    expect(b.parent).toBeUndefined();
    await settled(trial, body);
    expect((await trial.resource("c")).propertyDependencies).toEqual({ name: [], value: [] });
  });

  it("warns of a resource that is not in order, keeps why, and forgets it when it is in order again", async () => {
    const trial = Trial.forTest();
    await settled(trial, body);
    const before = await trial.resource("a");
    trial.faults = [{ name: "a", operation: "read", kind: "init-failed", times: 1 }];
    const result = await trial.refresh();
    expect(result.outcome).toBe("succeeded");
    expect(messages(result, "warning")).toEqual([expect.stringContaining("not in order")]);
    const found = await trial.resource("a");
    expect(found.initErrors).toEqual([expect.stringContaining("init-failed")]);
    expect(found.modified).toBe(before.modified);
    expect(told(await trial.preview(body))).toEqual(["update a", "same b", "same c"]);
    await trial.refresh();
    expect((await trial.resource("a")).initErrors).toBeUndefined();
    await expectNothingToDo(trial, body);
  });

  it("fails where a resource cannot be read, keeps that one as it was, and takes the others over", async () => {
    const trial = Trial.forTest();
    await settled(trial, body);
    drift(trial, "a", "2");
    drift(trial, "b", "2");
    trial.faults = [{ name: "a", operation: "read", kind: "error-before", times: 1 }];
    const result = await trial.refresh();
    expect(result.outcome).toBe("failed");
    expect(messages(result)).toEqual([expect.stringContaining("error-before of read a")]);
    expect((await trial.resource("a")).inputs.value).toBe("1");
    expect((await trial.resource("b")).inputs.value).toBe("2");
  });

  it("asks nothing of components, providers, or what was deleted to be made anew", async () => {
    const trial = Trial.forTest();
    const replaced =
      (replaceOn: string): Body =>
      async (p) => {
        await p.component("part", {});
        await p.named("a", { replaceOn });
      };
    await settled(trial, replaced("1"));
    trial.faults = [
      { name: "a", operation: "create", kind: "error-before", times: 1 },
      { name: "*", operation: "read", kind: "mistake" },
    ];
    expect((await trial.up(replaced("2"))).outcome).toBe("failed");
    expect((await trial.resource("a")).pendingReplacement).toBe(true);
    expect((await trial.refresh()).outcome).toBe("succeeded");
    expect((await trial.resource("a")).pendingReplacement).toBe(true);
  });

  it("finds a resource gone whose id nobody can make up again, and the next deployment makes another", async () => {
    const trial = Trial.forTest();
    const made: Body = async (p) => {
      await p.made("m", { value: "1" });
      await p.value("v", { value: "1" });
    };
    await settled(trial, made);
    const { id = "" } = await trial.resource("m");
    trial.world.record({ effect: "deleted", type: MADE, id, urn: "" });
    expect(told(await trial.refresh()).sort()).toEqual(["delete m", "same v"]);
    expect(told(await settled(trial, made))).toEqual(["create m", "same v"]);
  });
});
