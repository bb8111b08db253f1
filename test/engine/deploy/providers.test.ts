/** Which provider serves a resource, what it is told, and what a change of it does to its resources. */
import { describe, expect, it } from "vitest";
import type { ResourceAnswer } from "../../../engine/monitor/requests";
import { isSecret, secret, UNKNOWN } from "../../../engine/property/values";
import { happened, messages, nameOf, settled, stepOf, told } from "./expecting";
import { type Body, Trial } from "./trial";

/** A provider as an SDK refers to it: an id that is not known yet is told as unknown. */
function reference({ urn, id }: ResourceAnswer): string {
  return `${urn}::${id || UNKNOWN}`;
}

const versioned =
  (version: string): Body =>
  async (p) => {
    await p.named("a", { value: "1" }, { version });
  };

describe("a default provider", () => {
  it("is named for its version, has no parent, and is made before its first resource alone", async () => {
    const trial = Trial.forTest();
    const result = await settled(trial, async (p) => {
      await p.named("a");
      await p.named("b");
    });
    expect(result.changes).toEqual({ create: 3 });
    const providers = (await trial.state()).resources.filter(
      ({ type }) => type === "pulumi:providers:testing",
    );
    expect(providers).toHaveLength(1);
    expect(providers[0]).toMatchObject({
      urn: "urn:pulumi:dev::trial::pulumi:providers:testing::default_1_2_3",
      inputs: { version: "1.2.3", __internal: {} },
      outputs: { version: "1.2.3" },
      propertyDependencies: {},
    });
    expect(providers[0]?.parent).toBeUndefined();
    expect(providers[0]?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect((await trial.resource("a")).provider).toBe(`${providers[0]?.urn}::${providers[0]?.id}`);
  });

  it("of another version takes the resources over without replacing them", async () => {
    const trial = Trial.forTest();
    await settled(trial, versioned("1.2.3"));
    const before = trial.world.journal.length;
    const result = await settled(trial, versioned("2.0.0-rc.1+7"));
    expect(told(result)).toEqual(["same a"]);
    expect(trial.world.journal).toHaveLength(before);
    const { resources } = await trial.state();
    expect(
      resources.filter(({ type }) => type.startsWith("pulumi:providers:")).map(({ urn }) => nameOf(urn)),
    ).toEqual(["default_2_0_0_rc_1_7"]);
    expect((await trial.resource("a")).provider).toContain("::default_2_0_0_rc_1_7::");
  });

  it("gets the configuration of its package as texts, secrets marked, and nothing of the engine's own", async () => {
    const trial = Trial.forTest({
      config: "  testing:region: north\n  testing:nested:\n    a: 1\n  other:key: x\n",
    });
    const settings = { values: { "testing:password": "hunter22" }, secretKeys: ["testing:password"] };
    const result = await trial.up(
      async (p) => {
        await p.named("a");
      },
      { settings },
    );
    expect(result.outcome).toBe("succeeded");
    const [first] = trial.providers.flatMap(({ configurations }) => configurations);
    expect(first).toEqual({
      region: "north",
      nested: '{"a":1}',
      password: secret("hunter22"),
      version: "1.2.3",
    });
    const provider = await trial.resource("default_1_2_3");
    expect(provider.inputs.__internal).toEqual({});
    expect(provider.outputs.__internal).toBeUndefined();
    expect(isSecret(provider.inputs.password ?? null)).toBe(true);
    expect(isSecret(provider.outputs.password ?? null)).toBe(true);
    expect(trial.file()).not.toContain("hunter22");
  });

  it("is refused where the configuration forbids it", async () => {
    const trial = Trial.forTest({ config: '  pulumi:disable-default-providers: ["testing"]\n' });
    const result = await trial.up(versioned("1.2.3"));
    expect(messages(result)).toEqual([
      "Default provider for 'testing' disabled. 'a' must use an explicit provider.",
    ]);
    expect(trial.world.journal).toEqual([]);
  });

  it("whose configuration changes is changed, and its resources stay", async () => {
    const trial = Trial.forTest();
    const settings = (region: string) => ({
      settings: { values: { "testing:region": region }, secretKeys: [] },
    });
    await trial.up(versioned("1.2.3"), settings("north"));
    const before = trial.world.journal.length;
    const result = await trial.up(versioned("1.2.3"), settings("south"));
    expect(result.steps.map(({ op, urn }) => `${op} ${nameOf(urn)}`)).toEqual([
      "same trial-dev",
      "update default_1_2_3",
      "same a",
    ]);
    expect(result.changes).toEqual({ same: 2 });
    expect(trial.world.journal).toHaveLength(before);
    expect(trial.providers.at(-1)?.configurations).toEqual([{ region: "south", version: "1.2.3" }]);
  });
});

describe("a provider that must be another one", () => {
  const own =
    (replaceOn: string): Body =>
    async (p) => {
      const provider = await p.provider("own", { replaceOn });
      await p.made("a", {}, { provider: reference(provider) });
      await p.made("b", {});
    };

  it("is replaced, and its resources with it, and no others", async () => {
    const trial = Trial.forTest();
    await settled(trial, own("1"));
    const [before, id] = [trial.world.journal.length, (await trial.resource("own")).id];
    const result = await settled(trial, own("2"));
    expect(told(result)).toEqual([
      "create-replacement own",
      "replace own",
      "create-replacement a",
      "replace a",
      "same b",
      "delete-replaced a",
      "delete-replaced own",
    ]);
    expect(stepOf(result, "replace", "a").reason).toBe("provider-replaced");
    expect(happened(trial, before)).toEqual(["created a", "deleted a"]);
    expect((await trial.resource("own")).id).not.toBe(id);
  });

  it("replaces the resources of a default provider too, when its configuration says so", async () => {
    const trial = Trial.forTest();
    const settings = (value: string) => ({
      settings: { values: { "testing:replaceOn": value }, secretKeys: [] },
    });
    const body: Body = async (p) => {
      await p.made("a");
    };
    await trial.up(body, settings("1"));
    const result = await trial.up(body, settings("2"));
    expect(told(result)).toEqual(["create-replacement a", "replace a", "delete-replaced a"]);
    expect(trial.world.objects).toHaveLength(1);
  });
});

describe("an explicit provider", () => {
  it("serves the resources that name it, those whose parent names it, and those below a component that has it", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      const [one, two] = [await p.provider("one", { value: "1" }), await p.provider("two", { value: "2" })];
      const named = await p.named("named", {}, { provider: reference(one) });
      await p.named("child", {}, { parent: named.urn });
      const part = await p.component("part", {}, { providers: { testing: reference(two) } });
      await p.named("below", {}, { parent: part.urn });
      const inner = await p.component("inner", {}, { parent: part.urn });
      await p.named("deep", {}, { parent: inner.urn });
      await p.named("other", {}, { parent: part.urn, provider: reference(one) });
      await p.named("plain");
    });
    const served = async (name: string): Promise<string> =>
      nameOf((await trial.resource(name)).provider?.replace(/::[^:]*$/, "") ?? "");
    expect(await Promise.all(["named", "child", "below", "deep", "other", "plain"].map(served))).toEqual([
      "one",
      "one",
      "two",
      "two",
      "one",
      "default_1_2_3",
    ]);
    const state = await trial.resource("one");
    expect(state).toMatchObject({
      inputs: { __internal: {}, value: "1", version: "1.2.3" },
      outputs: { value: "1", version: "1.2.3" },
      propertyDependencies: { value: [] },
    });
    expect(state.outputs.__internal).toBeUndefined();
  });

  it("with values that are not known before the deployment is not asked in a preview, and its resources are planned", async () => {
    const trial = Trial.forTest();
    const body =
      (value: string): Body =>
      async (p) => {
        const a = await p.made("a", { value });
        const known = p.monitor.preview && value !== "1" ? UNKNOWN : (a.outputs.value ?? UNKNOWN);
        const own = await p.provider("own", { value: known }, { from: { value: [a.urn] } });
        await p.named("b", { value: "x" }, { provider: reference(own) });
        await p.named(`new${value}`, { value: "x" }, { provider: reference(own) });
      };
    await settled(trial, body("1"));
    const before = trial.providers.length;
    const shown = await trial.preview(body("2"));
    expect(shown.outcome).toBe("succeeded");
    expect(told(shown)).toEqual(["update a", "update own", "update b", "create new2", "delete new1"]);
    expect(messages(shown, "warning")).toEqual([
      expect.stringMatching(/has inputs that are not known during preview/),
    ]);
    expect(stepOf(shown, "create", "new2").new?.outputs).toEqual({});
    const configured = trial.providers.slice(before).flatMap(({ configurations }) => configurations);
    expect(configured.every((inputs) => inputs.value !== UNKNOWN)).toBe(true);
    const result = await trial.up(body("2"));
    expect(told(result)).toEqual(["update a", "update own", "same b", "create new2", "delete new1"]);
    await trial.up(body("2"));
  });

  it("that is new, with values that are not known yet, is planned with everything that it will serve", async () => {
    const trial = Trial.forTest();
    const body: Body = async (p) => {
      const a = await p.made("a");
      const own = await p.provider("own", { value: a.id || UNKNOWN }, { from: { value: [a.urn] } });
      await p.named("b", {}, { provider: reference(own) });
    };
    expect(told(await trial.preview(body))).toEqual(["create a", "create own", "create b"]);
    expect(trial.providers.flatMap(({ configurations }) => configurations)).toEqual([{ version: "1.2.3" }]);
    await settled(trial, body);
  });

  it("that does not exist is refused by name", async () => {
    const trial = Trial.forTest();
    const urn = "urn:pulumi:dev::trial::pulumi:providers:testing::gone";
    const result = await trial.up(async (p) => {
      await p.named("a", {}, { provider: `${urn}::7` });
    });
    expect(messages(result)).toEqual([
      `unknown provider ${urn}::7: it is neither in the program nor in the state`,
    ]);
  });
});

describe("a provider that cannot preview", () => {
  it("is not asked in a preview: what is made or changed has its inputs as outputs", async () => {
    const trial = Trial.forTest({ features: { supportsPreview: false } });
    const body =
      (value: string): Body =>
      async (p) => {
        await p.made("a", { value });
      };
    expect(stepOf(await trial.preview(body("1")), "create", "a").new?.outputs).toEqual({ value: "1" });
    await settled(trial, body("1"));
    expect((await trial.resource("a")).outputs.computed).toBe('computed from "1"');
    expect(stepOf(await trial.preview(body("2")), "update", "a").new?.outputs).toEqual({ value: "2" });
  });
});
