/** What is deleted with another resource goes when that one goes, and not otherwise. */
import { describe, expect, it } from "vitest";
import { NAMED } from "../support/testing-provider";
import { expectWhole, settled, stands, told } from "./expecting";
import { type Body, Trial } from "./trial";

describe("what is deleted with another resource", () => {
  const both =
    (replaceOn: string): Body =>
    async (p) => {
      const a = await p.named("a", { replaceOn });
      await p.named("inside", {}, { deletedWith: a.urn });
    };

  it("stays in the state when that one cannot be deleted, in a destroy", async () => {
    const trial = Trial.forTest();
    await settled(trial, both("1"));
    trial.faults = [{ name: "a", operation: "delete", kind: "error-before", times: 1 }];
    expect((await trial.destroy()).outcome).toBe("failed");
    await settled(trial, both("1"));
    await expectWhole(trial);
  });

  it("stays in the state when that one cannot be deleted, before a replacement", async () => {
    const trial = Trial.forTest();
    await settled(trial, both("1"));
    trial.faults = [{ name: "a", operation: "delete", kind: "error-before", times: 1 }];
    expect((await trial.up(both("2"))).outcome).toBe("failed");
    await settled(trial, both("1"));
    await expectWhole(trial);
  });

  it("stays in the state when that one goes in another plan, and cannot be deleted", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string): Body =>
      async (p) => {
        const r1 = await p.named("r1", { replaceOn });
        const r2 = await p.named("r2", { replaceOn });
        const a = await p.made("a", {}, { replaceWith: [r1.urn] });
        const inputs = { replaceOn: r2.outputs.replaceOn ?? "" };
        await p.made("b", inputs, { from: { replaceOn: [r2.urn] }, deletedWith: a.urn });
      };
    await settled(trial, body("1"));
    trial.faults = [{ name: "a", operation: "delete", kind: "error-before", times: 1 }];
    expect((await trial.up(body("2"), { continueOnError: true })).outcome).toBe("failed");
    await expectWhole(trial);
  });

  it("stays with all that it needs when that one stays, since something protected needs that", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const a = await p.named("a");
      const other = await p.named("other");
      await p.named("inside", {}, { deletedWith: a.urn, dependsOn: [other.urn] });
      await p.named("guarded", {}, { dependsOn: [a.urn], protect: true });
    });
    expect((await trial.up(async () => {})).outcome).toBe("failed");
    expect(trial.world.count().deleted).toBe(0);
    await expectWhole(trial);
  });

  it("is deleted where that one is only read", async () => {
    const trial = Trial.forTest();
    stands(trial, "there");
    await settled(trial, async (p) => {
      const read = await p.read(NAMED, "there", "there");
      await p.made("inside", {}, { deletedWith: read.urn });
    });
    expect((await trial.destroy()).outcome).toBe("succeeded");
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["there"]);
  });

  it("is deleted where that one is a component", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const c = await p.component("c");
      await p.made("inside", {}, { deletedWith: c.urn });
    });
    await settled(trial, async () => {});
    expect(trial.world.objects).toEqual([]);
  });

  it("is replaced by the run after one that failed between the two", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string, option: "deletedWith" | "replaceWith", stops = false): Body =>
      async (p) => {
        const r = await p.made("r", { replaceOn });
        if (stops) throw new Error("stopped");
        await p.made("c", {}, option === "deletedWith" ? { deletedWith: r.urn } : { replaceWith: [r.urn] });
      };
    await settled(trial, body("1", "deletedWith"));
    expect((await trial.up(body("2", "deletedWith", true))).outcome).toBe("failed");
    expect(told(await settled(trial, body("2", "deletedWith")))).toContain("replace c");
  });
});

it("what was deleted with a replaced resource is made anew when that one is gone, though it is not deleted with it any more", async () => {
  const trial = Trial.forTest();
  const body =
    (round: string): Body =>
    async (p) => {
      const a = await p.named("a", { replaceOn: round });
      await p.named("b", {}, round === "1" ? { deletedWith: a.urn } : {});
    };
  await settled(trial, body("1"));
  // In this world `b` goes with `a`.
  trial.faults = [{ name: "a", operation: "delete", kind: "slow", milliseconds: 200, times: 1 }];
  const running = trial.up(async (p) => {
    const [a] = await Promise.all([
      p.named("a", { replaceOn: "2" }),
      (async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        trial.world.record({ effect: "deleted", type: NAMED, id: "b", urn: "" });
        return p.named("b", {});
      })(),
    ]);
    return void a;
  });
  const result = await running;
  expect(result.outcome).toBe("succeeded");
  const done = result.steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
  expect(done.indexOf("delete-replaced a")).toBeLessThan(done.indexOf("create-replacement b"));
  await expectWhole(trial);
});

describe("what is deleted with a resource of which an earlier replacement left something over", () => {
  /** `within` is made in the first `container`, which a failure then leaves over beside the second one. */
  const begun = async (trial: Trial): Promise<void> => {
    const body =
      (name: string): Body =>
      async (p) => {
        const container = await p.named("container", { name });
        if (name === "first") await p.named("within", {}, { deletedWith: container.urn });
        else throw new Error("stopped");
      };
    await settled(trial, body("first"));
    await trial.up(body("second"));
    expect(trial.world.objects.map(({ id }) => id).sort()).toEqual(["first", "second", "within"]);
  };

  it("is deleted by itself before the resource is made anew, since it may be in the leftover", async () => {
    const trial = Trial.forTest();
    await begun(trial);
    const result = await settled(trial, async (p) => {
      const container = await p.named("container", { name: "third" }, { deleteBeforeReplace: true });
      await p.named("within", {}, { deletedWith: container.urn });
    });
    expect(result.diagnostics).toEqual([]);
    expect(trial.world.count("within")).toMatchObject({ created: 2, deleted: 1 });
    await expectWhole(trial);
  });

  it("is deleted by itself when it is not declared any more and the resource stays", async () => {
    const trial = Trial.forTest();
    await begun(trial);
    await settled(trial, async (p) => {
      await p.named("container", { name: "second" });
    });
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["second"]);
    await expectWhole(trial);
  });

  it("is deleted by itself also when both go, since one of them may stay after all", async () => {
    const trial = Trial.forTest();
    await begun(trial);
    expect((await trial.destroy()).outcome).toBe("succeeded");
    expect(trial.world.objects).toEqual([]);
  });
});

it("what is deleted with a protected resource is deleted by itself, since that one stays", async () => {
  const trial = Trial.forTest();
  await settled(trial, async (p) => {
    const container = await p.named("container", {}, { protect: true });
    await p.named("within", {}, { deletedWith: container.urn });
  });
  expect((await trial.destroy({ continueOnError: true })).outcome).toBe("failed");
  expect(trial.world.objects.map(({ id }) => id)).toEqual(["container"]);
  await expectWhole(trial);
});
