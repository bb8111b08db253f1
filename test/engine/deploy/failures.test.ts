/** What a failure leaves behind: what was done is kept, what was not is not, and the next run goes on from there. */
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FaultKind, FaultOperation } from "../support/faults";
import { happened, messages, settled, told } from "./expecting";
import { type Body, Trial } from "./trial";

const made =
  (value: string): Body =>
  async (p) => {
    await p.made("a", { value });
  };

describe("a resource that is not in order", () => {
  it("when it was made is kept with what is wrong, fails the run, and is changed until it is in order", async () => {
    const trial = Trial.forTest();
    trial.faults = [
      { name: "a", operation: "create", kind: "init-failed", times: 1 },
      { name: "a", operation: "update", kind: "init-failed", times: 1 },
    ];
    const first = await trial.up(made("1"));
    expect(first.outcome).toBe("failed");
    const state = await trial.resource("a");
    expect(state).toMatchObject({
      inputs: { value: "1" },
      initErrors: [expect.stringContaining("init-failed")],
    });
    expect(trial.world.object(state.type, state.id ?? "")).toBeDefined();
    // Nothing differs, and still it is changed.
    expect(told(await trial.preview(made("1")))).toEqual(["update a"]);
    expect((await trial.up(made("1"))).outcome).toBe("failed");
    expect((await trial.resource("a")).initErrors).toHaveLength(1);
    expect(told(await settled(trial, made("1")))).toEqual(["update a"]);
    expect((await trial.resource("a")).initErrors).toBeUndefined();
    expect(trial.world.count()).toEqual({ created: 1, updated: 2, deleted: 0 });
  });

  it("when it was changed keeps its old inputs, so that the change is still to be made, and its new outputs", async () => {
    const trial = Trial.forTest();
    await settled(trial, made("1"));
    const before = await trial.resource("a");
    trial.faults = [{ name: "a", operation: "update", kind: "init-failed", times: 1 }];
    expect((await trial.up(made("2"))).outcome).toBe("failed");
    const state = await trial.resource("a");
    expect(state).toMatchObject({ inputs: { value: "1" }, outputs: { value: "2" } });
    expect(state.initErrors).toHaveLength(1);
    expect([state.created, state.modified === before.modified]).toEqual([before.created, false]);
    expect(told(await settled(trial, made("2")))).toEqual(["update a"]);
  });
});

describe("a failed change", () => {
  it("keeps the old inputs and outputs, and both times", async () => {
    const trial = Trial.forTest();
    await settled(trial, made("1"));
    const before = await trial.resource("a");
    trial.faults = [{ name: "a", operation: "update", kind: "error-before", times: 1 }];
    const result = await trial.up(made("2"));
    expect(told(result)).toEqual(["update a (failed)"]);
    expect(await trial.resource("a")).toEqual(before);
    expect((await trial.state()).pendingOperations).toEqual([]);
    await settled(trial, made("2"));
  });

  it.each<[FaultOperation, FaultKind]>([
    ["check", "error-before"],
    ["check", "mistake"],
    ["diff", "mistake"],
    ["create", "mistake"],
    ["create", "garbage"],
    ["create", "unknown"],
    ["configure", "error-before"],
  ])("in %s (%s) fails the run with a message, and the next run converges", async (operation, kind) => {
    const trial = Trial.forTest();
    const body: Body = async (p) => {
      await p.value("kept");
      await p.value("a", { value: "1" });
    };
    trial.faults = [{ name: operation === "configure" ? "testing" : "a", operation, kind, times: 1 }];
    if (operation === "diff") {
      await trial.up(async (p) => {
        await p.value("a", { value: "0" });
      });
    }
    const result = await trial.up(body);
    expect(result.outcome).toBe("failed");
    expect(messages(result)).toHaveLength(1);
    await settled(trial, body);
  });

  it("tells every input that a provider refuses, and does nothing to the resource", async () => {
    const trial = Trial.forTest();
    const result = await trial.up(async (p) => {
      await p.named("a", { name: "", refuse: "because of it" });
    });
    expect(messages(result)).toEqual([
      "testing:index:Named resource 'a' has a problem: property refuse: because of it; property name: a name is required",
    ]);
    expect(trial.world.journal).toEqual([]);
  });
});

describe("after a failure", () => {
  it("nothing is deleted, and steps that had begun come to their end and are kept", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("old");
    });
    trial.faults = [
      { name: "slow", operation: "create", kind: "slow", milliseconds: 200 },
      { name: "bad", operation: "create", kind: "error-before" },
    ];
    const result = await trial.up(async (p) => {
      const answers = await Promise.allSettled([p.named("slow"), p.named("bad")]);
      const failed = answers.find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") throw failed.reason;
    });
    expect(result.outcome).toBe("failed");
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["old", "slow"]);
    expect((await trial.resource("slow")).id).toBe("slow");
    expect((await trial.resource("old")).id).toBe("old");
  });

  it("of the program nothing is deleted", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("old");
    });
    const result = await trial.up(async (p) => {
      await p.named("new");
      throw new Error("the program failed");
    });
    expect(result.outcome).toBe("failed");
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["old", "new"]);
  });
});

describe("continue-on-error", () => {
  const body =
    (value: string): Body =>
    async (p) => {
      const bad = await p.named("bad", { value });
      const after = await p.named("after", { value: bad.id }, { dependsOn: [bad.urn] });
      await p.named("below", {}, { parent: after.urn });
      await p.named("free", { value });
      await p.outputs({ results: [bad.result ?? "made", after.result ?? "made"] });
    };

  it("goes on with what does not depend on the failed resource, and skips what does", async () => {
    const trial = Trial.forTest();
    trial.faults = [{ name: "bad", operation: "create", kind: "error-before", times: 1 }];
    const result = await trial.up(body("1"), { continueOnError: true });
    expect(result.outcome).toBe("failed");
    expect(told(result)).toEqual(["create bad (failed)", "create free"]);
    expect(messages(result)).toHaveLength(1);
    expect(result.outputs).toEqual({ results: ["failed", "skipped"] });
    await settled(trial, body("1"));
  });

  it("keeps the states of what was skipped, and of everything under what failed", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const base = await p.named("base");
      const bad = await p.named("bad", { value: "1" }, { dependsOn: [base.urn] });
      await p.named("after", { value: "1" }, { dependsOn: [bad.urn] });
      await p.named("gone");
    });
    trial.faults = [{ name: "bad", operation: "update", kind: "error-before", times: 1 }];
    const without: Body = async (p) => {
      const bad = await p.named("bad", { value: "2" });
      await p.named("after", { value: "2" }, { dependsOn: [bad.urn] });
    };
    const result = await trial.up(without, { continueOnError: true });
    // `base` is not declared any more, but the state of `bad` still needs it.
    expect(told(result)).toEqual(["update bad (failed)", "delete gone"]);
    expect(trial.world.objects.map(({ id }) => id).sort()).toEqual(["after", "bad", "base"]);
    const before = trial.world.journal.length;
    expect(told(await settled(trial, without))).toEqual(["update bad", "update after", "delete base"]);
    expect(happened(trial, before)).toEqual(["updated bad", "updated after", "deleted base"]);
  });

  it("goes on with other deletions when one fails, and spares what that one depends on", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const base = await p.named("base");
      await p.named("bad", {}, { dependsOn: [base.urn] });
      const other = await p.named("other");
      await p.named("fine", {}, { dependsOn: [other.urn] });
    });
    trial.faults = [{ name: "bad", operation: "delete", kind: "error-before", times: 1 }];
    expect((await trial.destroy({ continueOnError: true })).outcome).toBe("failed");
    expect(trial.world.objects.map(({ id }) => id).sort()).toEqual(["bad", "base"]);
    expect((await trial.destroy()).outcome).toBe("succeeded");
    expect(trial.world.objects).toEqual([]);
  });
});

describe("a log that cannot be written", () => {
  it("fails the run, and the checkpoint holds what was done all the same", async () => {
    const trial = Trial.forTest();
    const body =
      (values: readonly string[], begun: () => void = () => {}): Body =>
      async (p) => {
        begun();
        for (const value of values) await p.value(value);
        await p.outputs({ values: [...values] });
      };
    await settled(trial, body(["a"]));
    // The log is made with the first line that must not be lost, and then there is no place for it.
    const log = join(trial.backend, ".pulumi/stacks/trial/dev.jsonl");
    const full = body(["a", "b"], () => symlinkSync("/dev/full", log));
    const result = await trial.up(full, { continueOnError: true });
    expect(result.outcome).toBe("failed");
    expect(messages(result).join()).toContain("dev.jsonl: cannot be written");
    expect((await trial.resource("b")).type).toBe("testing:index:Value");
    expect((await trial.up(body(["a", "b"]))).outcome).toBe("succeeded");
    expect(trial.world.count().created).toBe(2);
  });
});
