/** What a program says of its stack and its components is kept, and what it names is named once. */
import * as resourcePb from "@pulumi/pulumi/proto/resource_pb";
import { describe, expect, it } from "vitest";
import { propertiesFrom } from "../../../engine/monitor/wire";
import { messages, settled, told } from "./expecting";
import { type Body, Trial } from "./trial";

describe("stack outputs", () => {
  it("are written last, replace those of before, and are told", async () => {
    const trial = Trial.forTest();
    const body =
      (outputs: Record<string, string>): Body =>
      async (p) => {
        await p.named("a");
        await p.outputs(outputs);
      };
    expect((await settled(trial, body({ one: "1", two: "2" }))).outputs).toEqual({ one: "1", two: "2" });
    expect((await settled(trial, body({ two: "3" }))).outputs).toEqual({ two: "3" });
    expect((await trial.resource("trial-dev")).outputs).toEqual({ two: "3" });
    await settled(trial, async (p) => {
      await p.outputs({});
    });
    expect((await trial.resource("trial-dev")).outputs).toEqual({});
  });

  it("merge over those of before when something failed", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.outputs({ kept: "1", changed: "1" });
    });
    trial.faults = [{ name: "a", operation: "create", kind: "error-before" }];
    const result = await trial.up(async (p) => {
      const failing = p.named("a").catch((error: unknown) => error);
      const error = await failing;
      await p.outputs({ changed: "2" });
      throw error;
    });
    expect(result.outcome).toBe("failed");
    expect(result.outputs).toEqual({ kept: "1", changed: "2" });
    expect((await trial.resource("trial-dev")).outputs).toEqual({ kept: "1", changed: "2" });
  });
});

describe("a component", () => {
  it("has the outputs that its program registers, is changed by its inputs alone, and has no id or provider", async () => {
    const trial = Trial.forTest();
    const body =
      (size: number, output: string): Body =>
      async (p) => {
        const part = await p.component("part", { size });
        await p.monitor.registerOutputs(part.urn, { output });
      };
    await settled(trial, body(1, "x"));
    const made = await trial.resource("part");
    expect(made).toMatchObject({ custom: false, inputs: { size: 1 }, outputs: { output: "x" } });
    expect([made.id, made.provider]).toEqual([undefined, undefined]);
    expect(told(await settled(trial, body(1, "y")))).toEqual(["same part"]);
    expect((await trial.resource("part")).outputs).toEqual({ output: "y" });
    expect(told(await settled(trial, body(2, "y")))).toEqual(["update part"]);
    expect((await trial.resource("part")).modified).toBe(made.modified);
  });

  it("is answered with no outputs, since an answer would overwrite its own", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const part = await p.component("part", { size: 1 });
      await p.monitor.registerOutputs(part.urn, { output: "x" });
    });
    const answers: unknown[] = [];
    await trial.serving(async ({ resourceMonitor }) => {
      const stack = new resourcePb.RegisterResourceRequest()
        .setType("pulumi:pulumi:Stack")
        .setName("trial-dev");
      const root = (await resourceMonitor.registerResource(stack)).getUrn();
      const part = new resourcePb.RegisterResourceRequest().setType("trial:index:Part").setName("part");
      part.setParent(root).setAcceptsecrets(true);
      const response = await resourceMonitor.registerResource(part);
      answers.push(propertiesFrom(response.getObject()), response.getId());
    });
    expect(answers).toEqual([{}, ""]);
  });
});

describe("a URN", () => {
  it("holds the types of all parents but the stack's, and a name with colons as it is", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const part = await p.component("part");
      const inner = await p.named("in::ner", { name: "n" }, { parent: part.urn });
      await p.made("deep", {}, { parent: inner.urn });
    });
    const urns = (await trial.state()).resources.map(({ urn }) => urn);
    expect(urns).toContain("urn:pulumi:dev::trial::trial:index:Part$testing:index:Named::in::ner");
    expect(urns).toContain(
      "urn:pulumi:dev::trial::trial:index:Part$testing:index:Named$testing:index:Made::deep",
    );
  });

  it("that a program uses twice, and a parent that it never made, end the run", async () => {
    const trial = Trial.forTest();
    const twice = await trial.up(async (p) => {
      await p.named("a");
      await p.named("a", { name: "b" });
    });
    expect(messages(twice)).toEqual([
      "Duplicate resource URN 'urn:pulumi:dev::trial::testing:index:Named::a'; try giving it a unique name",
    ]);
    const orphan = await trial.up(async (p) => {
      await p.named("b", {}, { parent: "urn:pulumi:dev::trial::trial:index:Part::gone" });
    });
    expect(messages(orphan).join()).toMatch(
      /parent urn:pulumi:dev::trial::trial:index:Part::gone was not registered/,
    );
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["a"]);
  });
});
