/** A resource that cannot be changed in place is made anew first, and the old one goes at the end. */
import { describe, expect, it } from "vitest";
import { expectNothingToDo, happened, messages, settled, stepOf, told } from "./expecting";
import { type Body, Trial } from "./trial";

const made =
  (replaceOn: string, extra: Parameters<Parameters<Body>[0]["made"]>[2] = {}): Body =>
  async (p) => {
    const a = await p.made("a", { replaceOn }, extra);
    await p.made("b", { value: a.id }, { from: { value: [a.urn] } });
  };

describe("a replacement", () => {
  it("makes the new resource, moves its dependents over, and deletes the old one last", async () => {
    const trial = Trial.forTest();
    await settled(trial, made("1"));
    const [old, before] = [await trial.resource("a"), trial.world.journal.length];
    const result = await settled(trial, made("2"));
    expect(told(result)).toEqual(["create-replacement a", "replace a", "update b", "delete-replaced a"]);
    expect(result.changes).toEqual({ same: 1, replace: 1, update: 1 });
    expect(happened(trial, before)).toEqual(["created a", "updated b", "deleted a"]);
    const now = await trial.resource("a");
    expect(now.id).not.toBe(old.id);
    expect(now.created).toBe(now.modified);
    expect(now.created).not.toBe(old.created);
    expect(stepOf(result, "replace", "a")).toMatchObject({
      reason: "irreplaceable-change",
      diff: { replaces: ["replaceOn"], detailed: { replaceOn: { kind: "update-replace" } } },
    });
  });

  it("that was killed between making the new one and deleting the old one deletes what is left", async () => {
    const trial = Trial.forTest();
    await settled(trial, made("1"));
    trial.faults = [{ name: "a", operation: "delete", kind: "hang-before" }];
    const running = trial.up(made("2"));
    // Not the create before it, which a slow machine shows too.
    await expect
      .poll(async () => (await trial.state()).pendingOperations.map(({ type }) => type), {
        timeout: 20_000,
      })
      .toEqual(["deleting"]);
    const later = trial.killed();
    for (const provider of trial.providers) await provider.cancel();
    await running;
    expect(
      (await later.state()).resources.map(({ urn, delete: gone }) => [urn.split("::")[3], gone === true]),
    ).toContainEqual(["a", true]);
    const before = later.world.journal.length;
    const result = await later.up(made("2"));
    expect(told(result)).toEqual(["same a", "same b", "delete-replaced a"]);
    expect(happened(later, before)).toEqual(["deleted a"]);
    await expectNothingToDo(later, made("2"));
  });

  it("whose old resource cannot be deleted keeps it, and each later run tries again, however many there are", async () => {
    const trial = Trial.forTest();
    await settled(trial, made("1"));
    trial.faults = [{ name: "a", operation: "delete", kind: "error-before", times: 3 }];
    expect((await trial.up(made("2"))).outcome).toBe("failed");
    expect((await trial.up(made("3"))).outcome).toBe("failed");
    const left = (await trial.state()).resources.filter((state) => state.delete === true);
    expect(left.map(({ inputs }) => inputs.replaceOn)).toEqual(["2", "1"]);
    expect(trial.world.objects).toHaveLength(4);
    const result = await trial.up(made("3"));
    expect(told(result)).toEqual(["same a", "same b", "delete-replaced a", "delete-replaced a"]);
    expect(trial.world.objects.map(({ inputs }) => inputs.replaceOn)).toEqual(["3", undefined]);
    await expectNothingToDo(trial, made("3"));
  });

  it("is asked for by a changed trigger, and not by one that came or went", async () => {
    const trial = Trial.forTest();
    await settled(trial, made("1"));
    expect(told(await settled(trial, made("1", { trigger: "x" })))).toEqual(["same a", "same b"]);
    const result = await settled(trial, made("1", { trigger: "y" }));
    expect(stepOf(result, "replace", "a").reason).toBe("replacement-trigger");
    expect(told(await settled(trial, made("1")))).toEqual(["same a", "same b"]);
  });
});

describe("replaceOnChanges", () => {
  const body =
    (inputs: { value?: string; nested?: { a: string; b: string }; list?: string[] }, paths: string[]): Body =>
    async (p) => {
      await p.made("a", { ...inputs }, { replaceOnChanges: paths });
    };

  it.each([
    ["a property", { value: "1" }, { value: "2" }, ["value"], true],
    ["another property", { value: "1", list: ["x"] }, { value: "1", list: ["y"] }, ["value"], false],
    ["any property", { value: "1" }, { value: "2" }, ["*"], true],
    [
      "a part above the change",
      { nested: { a: "1", b: "1" } },
      { nested: { a: "2", b: "1" } },
      ["nested"],
      true,
    ],
  ])("makes a resource anew when %s is named, and only then", async (_, first, second, paths, replaced) => {
    const trial = Trial.forTest();
    await settled(trial, body(first, paths));
    const result = await settled(trial, body(second, paths));
    expect(result.steps.some(({ op }) => op === "replace")).toBe(replaced);
    expect(result.steps.some(({ op }) => op === "update")).toBe(!replaced);
  });

  it("leaves a component as it is: nobody says which of its inputs need another one", async () => {
    const trial = Trial.forTest();
    const component =
      (size: string): Body =>
      async (p) => {
        await p.component("c", { size }, { replaceOnChanges: ["size", "*"] });
      };
    await settled(trial, component("1"));
    expect(told(await settled(trial, component("2")))).toEqual(["update c"]);
  });

  it("makes a resource anew that the last deployment left not in order, for #initerror", async () => {
    const trial = Trial.forTest();
    trial.faults = [{ name: "a", operation: "create", kind: "init-failed", times: 1 }];
    expect((await trial.up(body({ value: "1" }, ["#initerror"]))).outcome).toBe("failed");
    const result = await settled(trial, body({ value: "1" }, ["#initerror"]));
    expect(told(result)).toEqual(["create-replacement a", "replace a", "delete-replaced a"]);
  });
});

describe("a protected resource", () => {
  const protectedBody =
    (replaceOn: string, protect: boolean, more: Body = async () => {}): Body =>
    async (p) => {
      await p.made("a", { replaceOn }, { protect });
      await more(p);
    };

  it("is not replaced: the run fails before anything is done to it, and says how to unprotect it", async () => {
    const trial = Trial.forTest();
    await settled(trial, protectedBody("1", true));
    const before = trial.world.journal.length;
    const result = await trial.up(protectedBody("2", true));
    expect(result.outcome).toBe("failed");
    expect(messages(result).join()).toMatch(
      /unable to replace resource .*::a" as it is currently marked for protection/,
    );
    expect(trial.world.journal).toHaveLength(before);
    expect((await trial.resource("a")).inputs.replaceOn).toBe("1");
    // The program that does not protect it any more may replace it in the same deployment.
    expect(told(await settled(trial, protectedBody("2", false)))).toContain("replace a");
  });

  it("fails a preview of its replacement, which tells of everything else too", async () => {
    const trial = Trial.forTest();
    await settled(trial, protectedBody("1", true));
    const result = await trial.preview(
      protectedBody("2", true, async (p) => {
        await p.made("b");
      }),
    );
    expect(result.outcome).toBe("failed");
    expect(messages(result)).toHaveLength(1);
    expect(told(result)).toContain("create b");
  });

  it("is not deleted, and everything else is", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.made("base");
      await p.made("a", {}, { protect: true });
      await p.made("b");
    });
    const result = await trial.up(async () => {});
    expect(result.outcome).toBe("failed");
    expect(messages(result).join()).toMatch(/::a" cannot be deleted because it is protected/);
    expect(trial.world.objects.map(({ urn }) => urn.split("::")[3])).toEqual(["a"]);
    expect((await trial.state()).resources.map(({ urn }) => urn.split("::")[3])).toContain("a");
    await settled(trial, async (p) => {
      await p.made("a", {}, { protect: false });
    });
    expect((await trial.destroy()).outcome).toBe("succeeded");
  });

  it("keeps a destroy from deleting anything, unless that is to go on after errors", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const { urn } = await p.made("a", {}, { protect: true });
      await p.made("b", {}, { protect: true });
      await p.made("on a", {}, { dependsOn: [urn] });
    });
    const refused = await trial.destroy();
    expect(refused.outcome).toBe("failed");
    expect(messages(refused)).toEqual([
      expect.stringMatching(/::a" cannot be deleted because it is protected/),
      expect.stringMatching(/::b" cannot be deleted because it is protected/),
    ]);
    expect(trial.world.objects).toHaveLength(3);
    expect((await trial.destroy({ continueOnError: true })).outcome).toBe("failed");
    expect(trial.world.objects.map(({ urn }) => urn.split("::")[3]).sort()).toEqual(["a", "b"]);
  });
});

it("replaceOnChanges of a part of a list does not replace what is not in order", async () => {
  const trial = Trial.forTest();
  const body: Body = async (p) => {
    await p.made("a", { value: ["x"] }, { replaceOnChanges: ["other[*].port"] });
  };
  trial.faults = [{ name: "a", operation: "create", kind: "init-failed", times: 1 }];
  expect((await trial.up(body)).outcome).toBe("failed");
  expect(told(await trial.up(body))).toEqual(["update a"]);
});
