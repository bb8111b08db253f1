/** A resource that was deleted to be made anew is gone: nothing that follows may delete it once more. */
import { describe, expect, it } from "vitest";
import { providerReference } from "../../../engine/provider-reference";
import { NAMED } from "../support/testing-provider";
import { expectWhole, messages, settled, stands } from "./expecting";
import { type Body, Trial } from "./trial";

describe("a resource that was deleted for a replacement, and is not made anew", () => {
  const named =
    (replaceOn: string, importId?: string): Body =>
    async (p) => {
      const options = { deleteBeforeReplace: true, ...(importId === undefined ? {} : { importId }) };
      await p.named("a", { name: "n", replaceOn }, options);
    };
  const interrupted = async (): Promise<Trial> => {
    const trial = Trial.forTest();
    await settled(trial, named("1"));
    trial.faults = [{ name: "a", operation: "create", kind: "error-before", times: 1 }];
    expect((await trial.up(named("2"))).outcome).toBe("failed");
    expect(trial.world.objects).toEqual([]);
    return trial;
  };

  it("but imported is not deleted a second time", async () => {
    const trial = await interrupted();
    stands(trial, "m");
    await trial.up(async (p) => {
      await p.named("a", { name: "m" }, { importId: "m" });
      await p.named("b", { name: "n" });
    });
    expect(trial.world.object(NAMED, "n")).toBeDefined();
    await expectWhole(trial);
  });

  it("but read is not deleted a second time", async () => {
    const trial = await interrupted();
    stands(trial, "there");
    await trial.up(async (p) => {
      await p.read(NAMED, "a", "there");
      await p.named("b", { name: "n" });
    });
    expect(trial.world.object(NAMED, "n")).toBeDefined();
  });

  it("but read in the same run is not deleted by the next one", async () => {
    const trial = Trial.forTest();
    stands(trial, "there");
    await settled(trial, async (p) => {
      const r = await p.named("r", { replaceOn: "1" });
      const { replaceOn = "" } = r.outputs;
      await p.named("a", { name: "n", replaceOn }, { from: { replaceOn: [r.urn] } });
    });
    const body: Body = async (p) => {
      await p.named("r", { replaceOn: "2" });
      await p.read(NAMED, "a", "there");
      await p.named("b", { name: "n" });
    };
    expect((await trial.up(body)).outcome).toBe("succeeded");
    await trial.up(body);
    expect(trial.world.object(NAMED, "n")).toBeDefined();
  });

  it("but imported, with its provider gone, is not stuck", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string, importId?: string): Body =>
      async (p) => {
        const server = await p.provider("server", { replaceOn }, { deleteBeforeReplace: true });
        const provider = providerReference(server.urn, server.id);
        await p.named(
          "a",
          { name: importId ?? "n" },
          { provider, ...(importId === undefined ? {} : { importId }) },
        );
      };
    await settled(trial, body("1"));
    trial.faults = [{ name: "a", operation: "create", kind: "error-before", times: 1 }];
    expect((await trial.up(body("2"))).outcome).toBe("failed");
    stands(trial, "m");
    const imported = await trial.up(body("2", "m"));
    const destroyed = await trial.destroy();
    expect(messages(imported)).toEqual([]);
    expect(messages(destroyed)).toEqual([]);
  });

  it("and is there again can be imported, as the error says", async () => {
    const trial = await interrupted();
    trial.world.record({
      effect: "created",
      type: NAMED,
      id: "n",
      urn: "",
      inputs: { name: "n", replaceOn: "2" },
    });
    expect(messages(await trial.up(named("2"))).join()).toMatch(/import: "n"/);
    await settled(trial, named("2", "n"));
  });

  it("and was protected once does not keep the stack from being destroyed", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("a", { replaceOn: "1" }, { protect: true });
    });
    trial.faults = [{ name: "a", operation: "create", kind: "error-before", times: 1 }];
    const failed = await trial.up(async (p) => {
      await p.named("a", { replaceOn: "2" });
    });
    expect(failed.outcome).toBe("failed");
    expect(trial.world.objects).toEqual([]);
    expect(messages(await trial.destroy())).toEqual([]);
  });
});
