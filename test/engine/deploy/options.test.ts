/** Options with which a program says how a resource is compared and kept. */
import { describe, expect, it } from "vitest";
import { isSecret, type PropertyMap, secret } from "../../../engine/property/values";
import { messages, settled, told } from "./expecting";
import { type Body, type Extra, Trial } from "./trial";

const made =
  (inputs: PropertyMap, extra: Extra = {}): Body =>
  async (p) => {
    await p.made("a", inputs, extra);
  };

describe("ignoreChanges", () => {
  it.each<[string, PropertyMap, PropertyMap, string[], string[]]>([
    ["a property", { value: "1" }, { value: "2" }, ["value"], ["same a"]],
    ["another property", { value: "1", x: "1" }, { value: "2", x: "1" }, ["x"], ["update a"]],
    ["a part", { o: { a: 1, b: 1 } }, { o: { a: 2, b: 1 } }, ["o.a"], ["same a"]],
    ["an element", { list: ["x", "y"] }, { list: ["x", "z"] }, ["list[1]"], ["same a"]],
    ["every element", { l: [{ v: 1, w: 1 }] }, { l: [{ v: 2, w: 1 }] }, ["l[*].v"], ["same a"]],
    ["everything", { value: "1" }, { value: "2", x: "1" }, ["*"], ["same a"]],
    ["an added property", { value: "1" }, { value: "1", x: "1" }, ["x"], ["same a"]],
    ["a removed property", { value: "1", x: "1" }, { value: "1" }, ["x"], ["same a"]],
    ["a secret", { value: secret("1") }, { value: secret("2") }, ["value"], ["same a"]],
  ])("of %s leaves it as it was deployed, and nothing else", async (_, first, second, ignored, wanted) => {
    const trial = Trial.forTest();
    await settled(trial, made(first, { ignoreChanges: ignored }));
    expect(told(await settled(trial, made(second, { ignoreChanges: ignored })))).toEqual(wanted);
    if (wanted[0] === "same a") expect((await trial.resource("a")).inputs).toEqual(first);
  });

  it("keeps a secret that it puts back secret", async () => {
    const trial = Trial.forTest();
    await settled(trial, made({ value: secret("hunter22") }));
    await settled(trial, made({ value: "open" }, { ignoreChanges: ["value"] }));
    expect(isSecret((await trial.resource("a")).inputs.value ?? null)).toBe(true);
    expect(trial.file()).not.toContain("hunter22");
  });

  it("says where it cannot tell what a value was, because elements came or went, and lets the change happen", async () => {
    const trial = Trial.forTest();
    await settled(trial, made({ list: ["x"] }));
    const result = await trial.up(made({ list: ["x", "y"] }, { ignoreChanges: ["list[1]"] }));
    expect(told(result)).toEqual(["update a"]);
    expect(messages(result, "info")).toEqual([
      "cannot ignore changes in added or removed elements of the path: list[1]",
    ]);
  });

  it("does not hold for a resource that is new or made anew", async () => {
    const trial = Trial.forTest();
    await settled(trial, made({ value: "1", replaceOn: "1" }, { ignoreChanges: ["value"] }));
    expect((await trial.resource("a")).inputs.value).toBe("1");
    await settled(trial, made({ value: "2", replaceOn: "2" }, { ignoreChanges: ["value"] }));
    expect((await trial.resource("a")).inputs.value).toBe("2");
  });
});

describe("options that a program changes alone", () => {
  it.each<[string, Extra, (file: string) => boolean]>([
    ["protect", { protect: true }, (file) => file.includes('"protect":true')],
    [
      "timeouts",
      { customTimeouts: { create: "90s", update: "2h" } },
      (f) => f.includes('{"create":90,"update":7200}'),
    ],
  ])("(%s) are kept in the state, and nothing is done to the resource", async (_, extra, kept) => {
    const trial = Trial.forTest();
    await settled(trial, made({ value: "1" }));
    const before = trial.world.journal.length;
    expect(told(await settled(trial, made({ value: "1" }, extra)))).toEqual(["same a"]);
    expect(kept(trial.file())).toBe(true);
    expect(trial.world.journal).toHaveLength(before);
  });

  it("are inherited from the parent where a resource sets none: protect, retainOnDelete, deletedWith", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const other = await p.named("other");
      const part = await p.component(
        "part",
        {},
        { protect: true, retainOnDelete: true, deletedWith: other.urn },
      );
      await p.named("own", {}, { parent: part.urn, protect: false });
      await p.named("child", {}, { parent: part.urn });
    });
    const other = await trial.resource("other");
    expect(await trial.resource("child")).toMatchObject({
      protect: true,
      retainOnDelete: true,
      deletedWith: other.urn,
    });
    expect((await trial.resource("own")).protect).toBeUndefined();
  });
});

describe("timeouts", () => {
  it("reach the provider in seconds, and end a request that takes longer", async () => {
    const trial = Trial.forTest();
    trial.faults = [{ name: "a", operation: "create", kind: "hang-before" }];
    const result = await trial.up(made({}, { customTimeouts: { create: "200ms" } }));
    expect(messages(result)).toEqual([expect.stringContaining("create of a took over 0.2 s")]);
  });

  it("that are no durations are refused, all at once, and nothing is made", async () => {
    const trial = Trial.forTest();
    const customTimeouts = { create: "10 minutes", update: "5m", delete: "" };
    const result = await trial.up(made({}, { customTimeouts }));
    expect(messages(result)).toEqual([
      'customTimeouts are durations such as "90s", "10m" or "1h30m", not create: "10 minutes", delete: ""',
    ]);
    expect(trial.world.objects).toEqual([]);
  });
});
