/** What is deleted before it is made anew, while something that this run has dealt with already still refers to it. */
import { describe, expect, it } from "vitest";
import { providerReference } from "../../../engine/provider-reference";
import { expectWhole, happened, settled } from "./expecting";
import { type Body, Trial } from "./trial";

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

describe("what is deleted first, while a state that the run has dealt with still refers to it", () => {
  /** `x` leaves the provider `server` for `other` in the edit, and is registered before `server`. */
  const moves =
    (edit: 1 | 2, x: Readonly<Record<string, string>>, stops = false): Body =>
    async (p) => {
      const other = await p.provider("other", { replaceOn: "1" });
      const provider = providerReference(other.urn, other.id);
      const free = edit === 1 ? undefined : p.made("x", x, { provider, customTimeouts: { update: "1s" } });
      free?.catch(() => {});
      // Given time to be planned, not to end.
      await (stops ? free : pause(200));
      const server = await p.provider("server", { replaceOn: `${edit}` }, { deleteBeforeReplace: true });
      if (edit === 1) await p.made("x", x, { provider: providerReference(server.urn, server.id) });
      await free;
      if (stops) throw new Error("stopped");
    };

  it("an update that fails, and goes on elsewhere (continueOnError)", async () => {
    const trial = Trial.forTest();
    await settled(trial, moves(1, { value: "1" }));
    trial.faults = [{ name: "x", operation: "update", kind: "error-before", times: 1 }];
    expect((await trial.up(moves(2, { value: "2" }), { continueOnError: true })).outcome).toBe("failed");
    await settled(trial, moves(2, { value: "2" }));
    await expectWhole(trial);
  });

  it("an update under way that fails afterwards (no option)", async () => {
    const trial = Trial.forTest();
    await settled(trial, moves(1, { value: "1" }));
    trial.faults = [{ name: "x", operation: "update", kind: "hang-before", times: 1 }];
    expect((await trial.up(moves(2, { value: "2" }))).outcome).toBe("failed");
    await settled(trial, moves(2, { value: "2" }));
  });

  it("an update under way when the engine is killed", async () => {
    const trial = Trial.forTest();
    await settled(trial, moves(1, { value: "1" }));
    trial.faults = [{ name: "x", operation: "update", kind: "slow", milliseconds: 2500, times: 1 }];
    const running = trial.up(moves(2, { value: "2" }));
    await pause(1500);
    const next = trial.killed();
    await running;
    expect((await next.up(moves(2, { value: "2" }))).outcome).toBe("succeeded");
  });

  it("the old one of a create-first replacement, in a program that then throws", async () => {
    const trial = Trial.forTest();
    await settled(trial, moves(1, { replaceOn: "1" }));
    expect((await trial.up(moves(2, { replaceOn: "2" }, true))).outcome).toBe("failed");
    await settled(trial, moves(2, { replaceOn: "2" }));
    await expectWhole(trial);
  });

  it("a leftover of a resource that is registered before, when its deletion fails again", async () => {
    const trial = Trial.forTest();
    const body =
      (edit: number): Body =>
      async (p) => {
        if (edit > 1) await p.made("x", { replaceOn: "free" });
        const replaceOn = edit < 3 ? "1" : "2";
        const server = await p.provider("server", { replaceOn }, { deleteBeforeReplace: true });
        if (edit === 1) await p.made("x", {}, { provider: providerReference(server.urn, server.id) });
      };
    await settled(trial, body(1));
    trial.faults = [{ name: "x", operation: "delete", kind: "error-before", times: 2 }];
    expect((await trial.up(body(2))).outcome).toBe("failed");
    expect((await trial.up(body(3))).outcome).toBe("failed");
    await settled(trial, body(3));
    await expectWhole(trial);
  });

  const within: Body = async (p) => {
    const r = await p.named("r", { replaceOn: "1" });
    const { replaceOn = "" } = r.outputs;
    await p.made("x", { value: "1", replaceOn }, { from: { replaceOn: [r.urn] } });
  };

  it("an ordinary container goes after the old one of a create-first replacement", async () => {
    const trial = Trial.forTest();
    await settled(trial, within);
    const at = trial.world.journal.length;
    await settled(trial, async (p) => {
      await p.made("x", { value: "1", replaceOn: "free" });
      await p.named("r", { replaceOn: "2" });
    });
    const all = happened(trial, at);
    expect(all.indexOf("deleted x")).toBeLessThan(all.indexOf("deleted r"));
  });

  it("an ordinary container goes after the update that takes its dependent out of it", async () => {
    const trial = Trial.forTest();
    await settled(trial, within);
    const at = trial.world.journal.length;
    trial.faults = [{ name: "x", operation: "update", kind: "slow", milliseconds: 300, times: 1 }];
    await trial.up(async (p) => {
      await Promise.all([p.made("x", { value: "2", replaceOn: "1" }), p.named("r", { replaceOn: "2" })]);
    });
    expect(happened(trial, at)).toEqual(["updated x", "deleted r", "created r"]);
  });

  it("an ordinary container stays while the update that takes its dependent out of it failed (continueOnError)", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const r = await p.named("r", { replaceOn: "1" });
      const { replaceOn = "" } = r.outputs;
      await p.made("x", { value: "1", replaceOn }, { from: { replaceOn: [r.urn] } });
    });
    trial.faults = [{ name: "x", operation: "update", kind: "error-before", times: 1 }];
    const edit: Body = async (p) => {
      await p.made("x", { value: "2", replaceOn: "1" });
      await p.named("r", { replaceOn: "2" });
    };
    expect((await trial.up(edit, { continueOnError: true })).outcome).toBe("failed");
    expect(trial.world.count().deleted).toBe(0);
  });

  it("what depends on a companion of replaceWith, and cannot live with another one, goes first", async () => {
    const trial = Trial.forTest();
    const body =
      (replaceOn: string): Body =>
      async (p) => {
        const r = await p.named("r", { replaceOn });
        const c = await p.made("c", {}, { replaceWith: [r.urn] });
        await p.named("d", { replaceOn: c.id || "?" }, { from: { replaceOn: [c.urn] } });
      };
    await settled(trial, body("1"));
    const at = trial.world.journal.length;
    await settled(trial, body("2"));
    const all = happened(trial, at);
    expect(all.indexOf("deleted d")).toBeLessThan(all.indexOf("deleted c"));
  });
});
