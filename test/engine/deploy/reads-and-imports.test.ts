/** What a program reads is not managed, and what it imports is from then on. */
import { describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../engine/property/values";
import type { ReadRequest, ReadResponse } from "../../../engine/provider/provider";
import { MADE, NAMED, TestingProvider, VALUE } from "../support/testing-provider";
import { expectNothingToDo, happened, messages, settled, stepOf, told } from "./expecting";
import { type Body, type Extra, Trial } from "./trial";

/** An object that exists and that no stack made. */
function exists(trial: Trial, type: string, id: string, inputs: PropertyMap = {}): void {
  trial.world.record({ effect: "created", type, id, urn: "urn:pulumi:x::x::x::somebody", inputs });
}

describe("a resource that is read", () => {
  const reading: Body = async (p) => {
    const answer = await p.read(NAMED, "seen", "there");
    await p.outputs({ value: answer.outputs.value ?? null });
  };

  it("is kept as external, has the outputs that are there, and is read again by every run, previews too", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there", value: "1" });
    const result = await settled(trial, reading);
    // A read counts where what it found is not what the state had.
    expect(result.changes).toEqual({ create: 1 });
    expect(result.steps.map(({ op }) => op)).toContain("read");
    expect(await trial.resource("seen")).toMatchObject({
      external: true,
      id: "there",
      inputs: {},
      outputs: { value: "1" },
    });
    const { created, modified } = await trial.resource("seen");
    expect([created, modified]).toEqual([undefined, undefined]);
    trial.world.record({
      effect: "updated",
      type: NAMED,
      id: "there",
      urn: "",
      inputs: { name: "there", value: "2" },
    });
    expect((await trial.preview(reading)).outputs).toEqual({ value: "2" });
    expect((await trial.up(reading)).outputs).toEqual({ value: "2" });
    const again = await trial.resource("seen");
    expect([again.created, again.modified]).toEqual([undefined, expect.any(String)]);
    await trial.up(reading);
    expect((await trial.resource("seen")).modified).toBe(again.modified);
  });

  it("is asked for by its id alone where the program knows no more, as a plugin is", async () => {
    const asked: (PropertyMap | undefined)[] = [];
    class Listening extends TestingProvider {
      override read(request: ReadRequest): Promise<ReadResponse> {
        asked.push(request.inputs, request.outputs);
        return super.read(request);
      }
    }
    const trial: Trial = Trial.forTest({
      factories: { testing: () => new Listening({ world: trial.world }) },
    });
    exists(trial, NAMED, "there", { name: "there" });
    await settled(trial, reading);
    expect(asked.filter((known) => known !== undefined)).toEqual([]);
  });

  it("that does not exist fails the run", async () => {
    const trial = Trial.forTest();
    const result = await trial.up(reading);
    expect(messages(result)).toEqual(["resource 'there' does not exist"]);
  });

  it("is discarded when it is not read any more, and stays where it is", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there" });
    await settled(trial, reading);
    const result = await settled(trial, async () => {});
    expect(result.changes).toEqual({ same: 1, discard: 1 });
    expect(trial.world.objects).toHaveLength(1);
  });

  it("in the place of a managed one of another id deletes the old one, and of the same id lets it go", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "other", { name: "other" });
    await settled(trial, async (p) => {
      await p.named("a");
      await p.named("b");
    });
    const before = trial.world.journal.length;
    const body: Body = async (p) => {
      await p.read(NAMED, "a", "other");
      await p.read(NAMED, "b", "b");
    };
    const result = await settled(trial, body);
    expect(told(result)).toEqual(["read-replacement a", "replace a", "read b", "delete-replaced a"]);
    expect(result.changes).toEqual({ same: 1, replace: 1 });
    expect(happened(trial, before)).toEqual(["deleted a"]);
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["other", "b"]);
    expect(await trial.resource("b")).toMatchObject({ external: true, id: "b" });
  });

  it("and is managed later is made anew, and what was read stays", async () => {
    const trial = Trial.forTest();
    exists(trial, MADE, "there");
    await settled(trial, async (p) => {
      await p.read(MADE, "a", "there");
    });
    const result = await settled(trial, async (p) => {
      await p.made("a");
    });
    expect(told(result)).toEqual(["create-replacement a", "replace a", "discard-replaced a"]);
    expect(trial.world.objects).toHaveLength(2);
  });

  it("of which the id is not known yet is planned in a preview", async () => {
    const trial = Trial.forTest();
    const body: Body = async (p) => {
      const a = await p.made("a", { value: "1" });
      await p.read(MADE, "seen", a.id || "04da6b54-80e4-46f7-96ec-b56ff0331ba9", { dependsOn: [a.urn] });
    };
    expect(told(await trial.preview(body))).toEqual(["create a", "read seen"]);
    expect(told(await settled(trial, body))).toEqual(["create a", "read seen"]);
  });
});

describe("an import", () => {
  const importing =
    (inputs: PropertyMap, extra: Extra = { importId: "there" }): Body =>
    async (p) => {
      await p.named("a", { name: "there", ...inputs }, extra);
    };

  it("takes over what exists without touching it, and keeps the id in the state until the option is gone", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there", value: "1" });
    const result = await settled(trial, importing({ value: "1" }));
    expect(result.changes).toEqual({ create: 1, import: 1 });
    const state = await trial.resource("a");
    expect(state).toMatchObject({ id: "there", importId: "there", inputs: { name: "there", value: "1" } });
    expect(state.created).toBe(state.modified);
    expect(told(await settled(trial, importing({ value: "1" }, {})))).toEqual(["same a"]);
    expect((await trial.resource("a")).importId).toBeUndefined();
    expect(trial.world.count("there")).toEqual({ created: 1, updated: 0, deleted: 0 });
  });

  it("changes afterwards what the program wants to be different, and shows both in a preview", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there", value: "1" });
    const shown = await trial.preview(importing({ value: "2" }));
    expect(told(shown)).toEqual(["import a", "update a"]);
    expect(stepOf(shown, "update", "a").diff.changes).toEqual(["value"]);
    expect(told(await settled(trial, importing({ value: "2" })))).toEqual(["import a", "update a"]);
    expect(trial.world.object(NAMED, "there")?.inputs.value).toBe("2");
  });

  it("is told as made when it was imported, also where it is changed right afterwards", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there", value: "1" });
    exists(trial, NAMED, "another", { name: "another", value: "1" });
    await settled(trial, importing({ value: "2" }));
    const first = await trial.resource("a");
    expect(first.created).toBeDefined();
    await settled(trial, importing({ name: "another", value: "2" }, { importId: "another" }));
    const second = await trial.resource("a");
    expect(second.created).toBeDefined();
    expect(second.created).not.toBe(first.created);
  });

  it("of what would have to be made anew is refused", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there", replaceOn: "1" });
    const result = await trial.up(importing({ replaceOn: "2" }));
    expect(result.outcome).toBe("failed");
    expect(messages(result).join()).toMatch(
      /previously-imported resources that still specify an ID may not be replaced/,
    );
    expect(trial.world.count("there")).toEqual({ created: 1, updated: 0, deleted: 0 });
  });

  it("of what does not exist fails, and leaves nothing in the state", async () => {
    const trial = Trial.forTest();
    const result = await trial.up(importing({}));
    expect(messages(result)).toEqual(["resource 'there' does not exist"]);
    expect((await trial.state()).resources.map(({ type }) => type)).not.toContain(NAMED);
  });

  it("of another id takes the place of the resource that is there, which is deleted", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there" });
    await settled(trial, async (p) => {
      await p.named("a", { name: "old" });
    });
    const result = await settled(trial, importing({}));
    expect(told(result)).toEqual(["import-replacement a", "replace a", "delete-replaced a"]);
    expect(result.changes).toEqual({ same: 1, replace: 1 });
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["there"]);
  });

  it("of the id that a resource has already does nothing", async () => {
    const trial = Trial.forTest();
    await settled(trial, importing({}, {}));
    expect(told(await settled(trial, importing({})))).toEqual(["same a"]);
  });

  it("takes over what was only read", async () => {
    const trial = Trial.forTest();
    exists(trial, NAMED, "there", { name: "there" });
    await settled(trial, async (p) => {
      await p.read(NAMED, "a", "there");
    });
    const result = await trial.up(importing({}));
    expect(result.outcome).toBe("succeeded");
    expect((await trial.resource("a")).external).toBeUndefined();
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["there"]);
    await expectNothingToDo(trial, importing({}));
  });

  it("of a type that keeps nothing outside has the inputs that its provider tells", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.value("v", { value: "seven" }, { importId: "seven" });
    });
    expect(await trial.resource("v")).toMatchObject({ type: VALUE, id: "seven", inputs: { value: "seven" } });
  });
});
