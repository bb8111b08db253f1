/** Policy packs in a deployment, in Pulumi's own runner: what they refuse is not touched, what they mend is deployed. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../../engine/diagnostic";
import { type PropertyMap, secret, UNKNOWN } from "../../../engine/property/values";
import { happened, messages, told } from "./expecting";
import { type Body, Trial } from "./trial";

const JUDGES = join(__dirname, "packs", "judges");
const policyPacks = [{ folder: JUDGES }];

/** Resources by their names, with these inputs. */
const things =
  (inputs: Readonly<Record<string, PropertyMap>>): Body =>
  async (p) => {
    for (const [name, own] of Object.entries(inputs)) await p.made(name, own);
  };

describe("an advisory policy", () => {
  it("is told, and changes nothing; one that is disabled is not even told", async () => {
    const trial = Trial.forTest();
    const body = things({ a: { breaks: "told" }, b: { breaks: "off" } });
    for (const run of [trial.preview, trial.up]) {
      const result = await run.call(trial, body, { policyPacks });
      expect(result.outcome).toBe("succeeded");
      expect(told(result)).toEqual(["create a", "create b"]);
      expect(messages(result, "warning")[0]).toBe("[advisory] judges v1.2.3, told: Is told.\na breaks told");
      const [judgement] = result.policies;
      expect(judgement?.violations.map(({ policy, level }) => [policy, level])).toContainEqual([
        "told",
        "advisory",
      ]);
      expect(judgement?.violations.map(({ policy }) => policy)).not.toContain("off");
      expect(judgement?.policies.map(({ name }) => name)).toContain("off");
    }
  });
});

describe("a mandatory policy", () => {
  const body = things({ before: {}, bad: { breaks: "refused", size: 11 }, after: {} });

  it("refuses the resource in an update: nothing is done to it, all that it breaks is told, and the run stops", async () => {
    const trial = Trial.forTest();
    const result = await trial.up(body, { policyPacks });
    expect(result.outcome).toBe("failed");
    expect(messages(result)).toEqual([
      "[mandatory] judges v1.2.3, refused: Is refused.\nbad breaks refused\n" +
        "[mandatory] judges v1.2.3, small: Is not too large.\nbad is larger than 10",
    ]);
    expect(happened(trial)).toEqual(["created before"]);
    const [judgement] = result.policies;
    expect(judgement).toMatchObject({ stackJudged: false, name: "judges" });
    expect(judgement?.violations.map(({ policy }) => policy)).toEqual(["refused", "small"]);
  });

  it("with continue-on-error refuses that resource alone", async () => {
    const trial = Trial.forTest();
    const result = await trial.up(body, { policyPacks, continueOnError: true });
    expect(result.outcome).toBe("failed");
    expect(happened(trial)).toEqual(["created before", "created after"]);
  });

  it("is recorded in a preview, which shows everything else, deletions too, and fails", async () => {
    const trial = Trial.forTest();
    await trial.up(things({ old: {} }));
    const result = await trial.preview(body, { policyPacks });
    expect(result.outcome).toBe("failed");
    expect(told(result)).toEqual(["create before", "create bad", "create after", "delete old"]);
    expect(messages(result)).toHaveLength(2);
    expect(result.policies[0]?.stackJudged).toBe(true);
  });

  it("refuses a change of what was deployed before it was there, and leaves that as it is", async () => {
    const trial = Trial.forTest();
    await trial.up(things({ a: { value: "1", replaceOn: "1" } }));
    const result = await trial.up(things({ a: { value: "2", replaceOn: "2", breaks: "refused" } }), {
      policyPacks,
    });
    expect(result.outcome).toBe("failed");
    expect(happened(trial)).toEqual(["created a"]);
    expect((await trial.resource("a")).inputs.value).toBe("1");
  });
});

describe("a remediation", () => {
  it("changes the inputs that are deployed, in a preview as well, and there is nothing to do afterwards", async () => {
    const trial = Trial.forTest();
    const body = things({ a: { wantsLabel: true, value: secret("hunter22") }, b: { label: "own" } });
    const shown = await trial.preview(body, { policyPacks });
    expect(shown.steps.find(({ urn }) => urn.endsWith("::a"))?.new?.inputs.label).toBe("added");
    const result = await trial.up(body, { policyPacks });
    expect(trial.world.objects.map(({ inputs }) => inputs.label)).toEqual(["added", "own"]);
    expect((await trial.resource("a")).inputs).toEqual({
      wantsLabel: true,
      value: secret("hunter22"),
      label: "added",
    });
    expect(messages(result, "info")).toEqual([
      "[remediate] judges v1.2.3, labelled: Whoever wants a label has one.",
    ]);
    expect(result.policies[0]?.remediations).toEqual([expect.objectContaining({ policy: "labelled" })]);
    expect((await trial.up(body, { policyPacks })).changes).toEqual({ same: 3 });
  });

  it("holds for a resource that is made anew, and is told of once", async () => {
    const trial = Trial.forTest();
    await trial.up(things({ a: { wantsLabel: true, replaceOn: "1" } }), { policyPacks });
    const result = await trial.up(things({ a: { wantsLabel: true, replaceOn: "2" } }), { policyPacks });
    expect(told(result)).toContain("replace a");
    expect(messages(result, "info")).toHaveLength(1);
    expect(trial.world.objects.map(({ inputs }) => [inputs.replaceOn, inputs.label])).toEqual([
      ["2", "added"],
    ]);
  });
});

describe("a pack", () => {
  it("is configured by a file, and told of the project, the stack, its tags and the kind of run", async () => {
    const trial = Trial.forTest();
    const settingsFile = join(trial.root, "policies.json");
    writeFileSync(settingsFile, JSON.stringify({ small: { most: 3 }, told: "mandatory" }));
    const tags = join(trial.backend, ".pulumi", "stacks", "trial", "dev.pulumi-tags");
    mkdirSync(dirname(tags), { recursive: true });
    writeFileSync(tags, JSON.stringify({ version: 1, tags: { team: "platform" } }));
    const result = await trial.preview(things({ a: { size: 4 }, b: { breaks: "told" }, c: { asks: true } }), {
      policyPacks: [{ folder: JUDGES, settingsFile }],
    });
    expect(messages(result)).toEqual([
      "[mandatory] judges v1.2.3, small: Is not too large.\na is larger than 3",
      "[mandatory] judges v1.2.3, told: Is told.\nb breaks told",
    ]);
    expect(messages(result, "warning").join()).toContain("trial/dev preview, team platform");
    const again = await trial.up(things({ c: { asks: true } }), { policyPacks });
    expect(messages(again, "warning").join()).toContain("trial/dev update, team platform");
  });

  it("gives no answer for what is not known in a preview, which is no pass and no failure, and judges it in the update", async () => {
    const trial = Trial.forTest();
    const body: Body = async (p) => {
      await p.made("a", { checked: true, value: p.monitor.preview ? UNKNOWN : "bad" });
    };
    const shown = await trial.preview(body, { policyPacks });
    expect(shown.outcome).toBe("succeeded");
    expect(shown.policies[0]?.undetermined).toContainEqual(expect.objectContaining({ policy: "known" }));
    const result = await trial.up(body, { policyPacks });
    expect(messages(result)).toEqual([
      "[mandatory] judges v1.2.3, known: Has a good value.\na has a bad value",
    ]);
    expect(trial.world.journal).toEqual([]);
  });

  it("sees secrets, and what it says of them is blanked", async () => {
    const trial = Trial.forTest();
    const result = await trial.up(things({ a: { leaks: true, value: secret("hunter22") } }), { policyPacks });
    expect(messages(result, "warning")[0]).toContain("a holds [secret]");
    expect(JSON.stringify(result.policies)).not.toContain("hunter22");
  });

  it("that throws fails the run, and nothing more is begun, with continue-on-error too", async () => {
    const trial = Trial.forTest();
    const body = things({ before: {}, bad: { breaks: "throws" }, after: {} });
    const result = await trial.up(body, { policyPacks, continueOnError: true });
    expect(result.outcome).toBe("failed");
    expect(messages(result)[0]).toMatch(/the policy broke/);
    expect(happened(trial)).toEqual(["created before"]);
    expect((await trial.preview(body, { policyPacks })).outcome).toBe("failed");
  });

  it("that cannot be used is refused before anything is done or locked", async () => {
    const trial = Trial.forTest();
    const folder = join(trial.root, "none");
    const error = await trial
      .up(things({ a: {} }), { policyPacks: [{ folder }] })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineError);
    expect((error as EngineError).problems).toEqual([expect.stringContaining("there is no such folder")]);
    expect(trial.world.journal).toEqual([]);
    expect((await trial.up(things({ a: {} }))).outcome).toBe("succeeded");
  });
});

describe("a stack policy", () => {
  it("judges the final outputs of everything at the end, the stack's own too, and fails a run that is done", async () => {
    const trial = Trial.forTest();
    const body: Body = async (p) => {
      await p.made("a", { value: "1" });
      await p.outputs({ forbidden: "yes" });
    };
    const result = await trial.up(body, { policyPacks });
    expect(messages(result, "warning").join()).toContain('computed from "1"');
    expect(messages(result)).toEqual([
      "[mandatory] judges v1.2.3, open: The stack tells nothing forbidden.\nthe stack has a forbidden output",
    ]);
    expect(result.outcome).toBe("failed");
    expect(trial.world.objects).toHaveLength(1);
    expect((await trial.preview(body, { policyPacks })).outcome).toBe("failed");
  });

  it("is not asked after a failure", async () => {
    const trial = Trial.forTest();
    trial.faults = [{ name: "a", operation: "create", kind: "error-before" }];
    const result = await trial.up(things({ a: {} }), { policyPacks });
    expect(result.policies[0]?.stackJudged).toBe(false);
  });
});
