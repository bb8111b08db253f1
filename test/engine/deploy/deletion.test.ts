/** What is deleted goes after everything that needs it, and what is not ours to delete stays. */
import { describe, expect, it } from "vitest";
import { expectNothingToDo, happened, settled, told } from "./expecting";
import { type Body, Trial } from "./trial";

describe("deletions", () => {
  it("come in reverse order of dependencies, parents, and the parts of components", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const base = await p.named("base");
      const user = await p.named("user", { value: base.id }, { from: { value: [base.urn] } });
      const part = await p.component("part", {}, { dependsOn: [user.urn] });
      const inside = await p.named("inside", {}, { parent: part.urn, dependsOn: [user.urn] });
      await p.named("child", {}, { parent: inside.urn });
      await p.named("afterPart", {}, { dependsOn: [part.urn] });
      await p.named("together", {}, { deletedWith: base.urn, dependsOn: [base.urn] });
    });
    const before = trial.world.journal.length;
    const result = await trial.destroy({ parallel: 1 });
    const order = told(result).map((text) => text.replace("delete ", ""));
    const comesBefore = (a: string, b: string): boolean => order.indexOf(a) < order.indexOf(b);
    for (const [first, then] of [
      ["user", "base"],
      ["inside", "user"],
      ["child", "inside"],
      ["inside", "part"],
      ["afterPart", "part"],
      ["afterPart", "inside"],
      ["together", "base"],
    ] as const) {
      expect(comesBefore(first, then), `${first} before ${then}: ${order}`).toBe(true);
    }
    expect(happened(trial, before)).not.toContain("deleted together");
    expect(result.changes).toEqual({ delete: 8 });
  });

  it("that fail stop what they depend on, and the next run goes on", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const a = await p.named("a");
      await p.named("b", {}, { dependsOn: [a.urn] });
      await p.named("c");
    });
    trial.faults = [{ name: "b", operation: "delete", kind: "error-before", times: 1 }];
    const result = await trial.up(async () => {});
    expect(result.outcome).toBe("failed");
    expect(trial.world.objects.map(({ id }) => id)).toContain("a");
    expect(await trial.resource("b")).toBeDefined();
    expect((await trial.up(async () => {})).changes).toMatchObject({ same: 1 });
    expect(trial.world.objects).toEqual([]);
    await expectNothingToDo(trial, async () => {});
  });

  it("are done by the provider that the resource had, loaded for them alone", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const own = await p.provider("own", { value: "1" });
      await p.named("a", {}, { provider: `${own.urn}::${own.id}` });
    });
    const { length } = trial.providers;
    const result = await trial.up(async () => {});
    expect(told(result)).toEqual(["delete a", "delete own"]);
    const used = trial.providers.slice(length).filter(({ configurations }) => configurations.length > 0);
    expect(used.map(({ configurations }) => configurations[0]?.value)).toEqual(["1"]);
    expect(trial.world.objects).toEqual([]);
  });
});

describe("a state that is only to be deleted", () => {
  it("is deleted by the next run, whether or not its resource is still declared", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string): Body =>
      async (p) => {
        await p.made("a", { replaceOn });
      };
    await settled(trial, body("1"));
    trial.faults = [{ name: "a", operation: "delete", kind: "error-before", times: 1 }];
    expect((await trial.up(body("2"))).outcome).toBe("failed");
    const result = await trial.up(async () => {});
    expect(told(result).sort()).toEqual(["delete a", "delete-replaced a"]);
    expect(trial.world.objects).toEqual([]);
    expect((await trial.state()).resources.map(({ type }) => type)).not.toContain("testing:index:Made");
  });
});

describe("retainOnDelete", () => {
  it("forgets a resource that is not declared any more, and leaves it where it is", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("a", {}, { retainOnDelete: true });
    });
    const result = await settled(trial, async () => {});
    expect(told(result)).toEqual(["delete a"]);
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["a"]);
    expect((await trial.state()).resources).not.toContainEqual(
      expect.objectContaining({ type: "testing:index:Named" }),
    );
  });

  it("leaves the old resource of a replacement where it is too", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string): Body =>
      async (p) => {
        await p.made("a", { replaceOn }, { retainOnDelete: true });
      };
    await settled(trial, body("1"));
    await settled(trial, body("2"));
    expect(trial.world.objects).toHaveLength(2);
    expect((await trial.state()).resources.filter(({ type }) => type === "testing:index:Made")).toHaveLength(
      1,
    );
  });

  it("is written to the state when it alone changes, and counts as nothing to do", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("a");
    });
    const result = await trial.up(async (p) => {
      await p.named("a", {}, { retainOnDelete: true });
    });
    expect(told(result)).toEqual(["same a"]);
    expect((await trial.resource("a")).retainOnDelete).toBe(true);
  });
});

describe("deletedWith", () => {
  const body =
    (replaceOn: string | undefined): Body =>
    async (p) => {
      if (replaceOn === undefined) return;
      const a = await p.made("a", { replaceOn });
      await p.made("b", {}, { deletedWith: a.urn });
    };

  it("leaves the deletion to the other resource when both go", async () => {
    const trial = Trial.forTest();
    await settled(trial, body("1"));
    const before = trial.world.journal.length;
    expect(told(await settled(trial, body(undefined)))).toEqual(["delete b", "delete a"]);
    expect(happened(trial, before)).toEqual(["deleted a"]);
  });

  it("makes the resource anew with the other one, and leaves the deletion of the old one to it", async () => {
    const trial = Trial.forTest();
    await settled(trial, body("1"));
    const before = trial.world.journal.length;
    const result = await settled(trial, body("2"));
    expect(told(result)).toEqual([
      "create-replacement a",
      "replace a",
      "create-replacement b",
      "replace b",
      "delete-replaced b",
      "delete-replaced a",
    ]);
    expect(happened(trial, before)).toEqual(["created a", "created b", "deleted a"]);
  });
});
