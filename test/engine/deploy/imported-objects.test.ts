/** An object that a resource imports stays, whatever becomes of the resource that had it. */
import { describe, expect, it } from "vitest";
import { providerReference } from "../../../engine/provider-reference";
import { NAMED } from "../support/testing-provider";
import { expectWhole, settled } from "./expecting";
import { type Body, Trial } from "./trial";

describe("an object that a resource imports, and that another one had", () => {
  const owned: Body = async (p) => {
    await p.made("z", { value: "1" });
    await p.named("a", { name: "n" });
  };

  it("stays when the importing resource is skipped", async () => {
    const trial = Trial.forTest();
    await settled(trial, owned);
    trial.faults = [{ name: "z", operation: "update", kind: "error-before", times: 1 }];
    const body: Body = async (p) => {
      const z = await p.made("z", { value: "2" });
      await p.named("b", { name: "n" }, { importId: "n", dependsOn: [z.urn] });
    };
    expect((await trial.up(body, { continueOnError: true })).outcome).toBe("failed");
    expect(trial.world.object(NAMED, "n")).toBeDefined();
    await settled(trial, body);
    await expectWhole(trial);
  });

  it("stays in the state when the import fails", async () => {
    const trial = Trial.forTest();
    await settled(trial, owned);
    trial.faults = [{ name: "b", operation: "read", kind: "error-before", times: 1 }];
    const body: Body = async (p) => {
      await p.made("z", { value: "1" });
      await p.named("b", { name: "n" }, { importId: "n" });
    };
    expect((await trial.up(body, { continueOnError: true })).outcome).toBe("failed");
    await expectWhole(trial);
  });

  it("stays when the run failed after the import, and the option is gone in the next", async () => {
    const trial = Trial.forTest();
    await settled(trial, owned);
    const first: Body = async (p) => {
      await p.named("b", { name: "n" }, { importId: "n" });
      throw new Error("stopped");
    };
    expect((await trial.up(first)).outcome).toBe("failed");
    const second: Body = async (p) => {
      await p.made("z", { value: "1" });
      await p.named("b", { name: "n" });
    };
    await trial.up(second);
    expect(trial.world.object(NAMED, "n")).toBeDefined();
    await settled(trial, second);
    await expectWhole(trial);
  });

  it("stays when the former resource depends on one that is deleted first", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const r = await p.named("r", { replaceOn: "1" });
      const { replaceOn = "" } = r.outputs;
      await p.named("a", { name: "n", replaceOn }, { from: { replaceOn: [r.urn] } });
    });
    const body: Body = async (p) => {
      await p.named("b", { name: "n", replaceOn: "1" }, { importId: "n" });
      await p.named("r", { replaceOn: "2" });
    };
    await trial.up(body);
    expect(trial.world.object(NAMED, "n")).toBeDefined();
    await expectWhole(trial);
  });

  it("stays when the former resource itself is deleted before it is made anew", async () => {
    const trial = Trial.forTest();
    await settled(trial, owned);
    await trial.up(async (p) => {
      await p.named("b", { name: "n" }, { importId: "n" });
      await p.named("a", { name: "m" }, { deleteBeforeReplace: true });
    });
    expect(trial.world.object(NAMED, "n")).toBeDefined();
    await expectWhole(trial);
  });

  it("does not spare what was to be deleted with the former resource", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const a = await p.named("a", { name: "n" });
      await p.made("inside", {}, { deletedWith: a.urn });
    });
    await settled(trial, async (p) => {
      await p.named("b", { name: "n" }, { importId: "n" });
    });
    await expectWhole(trial);
  });

  it("stays when the resource that had it is not declared any more", async () => {
    const trial = Trial.forTest();
    trial.world.record({ effect: "created", type: NAMED, id: "there", urn: "", inputs: { name: "there" } });
    await settled(trial, async (p) => {
      await p.named("old", { name: "there" }, { importId: "there" });
    });
    await settled(trial, async (p) => {
      const part = await p.component("part");
      await p.named("new", { name: "there" }, { importId: "there", parent: part.urn });
    });
    expect(trial.world.count("there").deleted).toBe(0);
    await expectWhole(trial);
  });

  it("stays also when the run that imported it was stopped before it came to deletions", async () => {
    const trial = Trial.forTest();
    trial.world.record({ effect: "created", type: NAMED, id: "there", urn: "", inputs: { name: "there" } });
    await settled(trial, async (p) => {
      await p.named("old", { name: "there" }, { importId: "there" });
    });
    const moved: Body = async (p) => {
      const part = await p.component("part");
      await p.named("new", { name: "there" }, { importId: "there", parent: part.urn });
    };
    await trial.up(async (p) => {
      await moved(p);
      throw new Error("stopped");
    });
    await settled(trial, moved);
    expect(trial.world.count("there").deleted).toBe(0);
    await expectWhole(trial);
  });

  it("stays also when the resource that had it was at another provider, which may lead to the same server", async () => {
    const trial = Trial.forTest();
    trial.world.record({ effect: "created", type: NAMED, id: "there", urn: "", inputs: { name: "there" } });
    await settled(trial, async (p) => {
      const own = await p.provider("own");
      const provider = providerReference(own.urn, own.id);
      await p.named("old", { name: "there" }, { importId: "there", provider });
    });
    await settled(trial, async (p) => {
      await p.named("new", { name: "there" }, { importId: "there" });
    });
    expect(trial.world.count("there").deleted).toBe(0);
    await expectWhole(trial);
  });

  it("is imported in the place of one that was deleted for another's replacement", async () => {
    const trial = Trial.forTest();
    const body =
      (round: string): Body =>
      async (p) => {
        const a = await p.named("a", { replaceOn: round });
        const imports = round === "2" ? { importId: "there" } : {};
        await p.named(
          "b",
          { name: round === "2" ? "there" : "b" },
          { deletedWith: a.urn, dependsOn: [a.urn], ...imports },
        );
      };
    await settled(trial, body("1"));
    trial.world.record({ effect: "created", type: NAMED, id: "there", urn: "", inputs: { name: "there" } });
    await settled(trial, body("2"));
    expect(trial.world.count("there")).toMatchObject({ created: 1, deleted: 0 });
    const { resources } = await trial.state();
    expect(resources.filter(({ type }) => type === NAMED).map(({ id }) => id)).toEqual(["a", "there"]);
  });
});
