/** Real programs in Pulumi's own runner: when they run, how they end, and what follows from that. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { isSecret, secret } from "../../../engine/property/values";
import { messages, nameOf, told } from "./expecting";
import { RunningTrial } from "./running";

describe("a program", () => {
  it("runs after the stack was made, and ends after everything was deleted", async () => {
    const trial = RunningTrial.of();
    const order: string[] = [];
    const events = {
      finished: ({ op, urn }: { op: string; urn: string }) => void order.push(`${op} ${nameOf(urn)}`),
      diagnostic: ({ message }: { message: string }) => void order.push(message),
    };
    const first = await trial.up(
      'console.log("the program runs"); new Named("old", { value: "1" }, version); exports.here = "1";',
      { events },
    );
    expect(first.outcome).toBe("succeeded");
    expect(order).toEqual(["create trial-dev", "the program runs", "create default_1_2_3", "create old"]);
    trial.faults = [{ name: "old", operation: "delete", kind: "slow", milliseconds: 400 }];
    // What the world was when the process ended.
    const second = await trial.up(`
      const { copyFileSync } = require("node:fs");
      process.on("exit", () => copyFileSync("world/world.jsonl", "world-at-exit"));
    `);
    expect(told(second)).toEqual(["delete old"]);
    expect(readFileSync(join(trial.root, "world-at-exit"), "utf8")).toContain('"effect":"deleted"');
    expect(second.outputs).toEqual({});
  });

  it("that says itself that it has registered all has what it replaces and drops deleted once", async () => {
    const trial = RunningTrial.of();
    await trial.up('new Made("a", { replaceOn: "1" }, version); new Named("old", {}, version);');
    const result = await trial.up('new Made("a", { replaceOn: "2" }, version);');
    expect(told(result).sort()).toEqual([
      "create-replacement a",
      "delete old",
      "delete-replaced a",
      "replace a",
    ]);
  });

  it("that throws deletes nothing, and what it told of that itself is told once", async () => {
    const trial = RunningTrial.of();
    await trial.up('new Named("old", {}, version); exports.kept = "1";');
    const result = await trial.up(`
      new Named("new", {}, version);
      throw new pulumi.RunError("the program gave up");
    `);
    expect(result.outcome).toBe("failed");
    expect(messages(result)).toEqual([expect.stringContaining("the program gave up")]);
    expect(trial.world.objects.map(({ id }) => id)).toContain("old");
    expect(trial.world.count("old").deleted).toBe(0);
    expect((await trial.resource("trial-dev")).outputs).toEqual({ kept: "1" });
  });

  it("that ends itself with a code is a failure that the code tells of, and nothing is deleted", async () => {
    const trial = RunningTrial.of();
    await trial.up('new Named("old", {}, version);');
    const result = await trial.up("process.exit(7);");
    expect(result.outcome).toBe("failed");
    expect(messages(result)).toEqual(["Program exited with non-zero exit code: 7"]);
    expect(trial.world.objects.map(({ id }) => id)).toEqual(["old"]);
    expect((await trial.up('new Named("old", {}, version);')).changes).toEqual({ same: 2 });
  });

  it("of which a resource fails hears of it as of an engine that is gone, and tells nothing of its own", async () => {
    const trial = RunningTrial.of();
    trial.faults = [{ name: "bad", operation: "create", kind: "error-before" }];
    const result = await trial.up('const bad = new Named("bad", {}, version); exports.value = bad.value;');
    expect(result.outcome).toBe("failed");
    expect(messages(result)).toEqual([expect.stringContaining("error-before of create bad")]);
  });

  it("has components, parents, options and dependencies as it declares them, and then there is nothing to do", async () => {
    const trial = RunningTrial.of();
    const program = `
      const part = new pulumi.ComponentResource("trial:index:Part", "part", { size: 1 });
      const a = new Named("a", { value: "1" }, { parent: part, protect: true, ...version });
      const b = new Made("b", { value: a.computed, other: "x" },
        { parent: a, customTimeouts: { create: "5m" }, additionalSecretOutputs: ["computed"], ...version });
      part.registerOutputs({ id: b.id });
      exports.computed = b.computed;
    `;
    const first = await trial.up(program);
    expect(first.outcome).toBe("succeeded");
    const [a, b, part] = [await trial.resource("a"), await trial.resource("b"), await trial.resource("part")];
    expect(b).toMatchObject({
      urn: "urn:pulumi:dev::trial::trial:index:Part$testing:index:Named$testing:index:Made::b",
      parent: a.urn,
      dependencies: [a.urn],
      propertyDependencies: { value: [a.urn], other: [] },
      customTimeouts: { create: 300 },
      additionalSecretOutputs: ["computed"],
    });
    expect(part.outputs).toEqual({ id: b.id });
    expect(isSecret(first.outputs.computed ?? null)).toBe(true);
    expect((await trial.up(program, { preview: true })).changes).toEqual({ same: 4 });
    expect((await trial.up(program)).changes).toEqual({ same: 4 });
  });
});

describe("transforms", () => {
  it("of a resource, its parents and the stack change what is deployed, and those of functions what is asked", async () => {
    const trial = RunningTrial.of();
    const program = `
      pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
        type === "testing:index:Made" ? { props: { ...props, stack: "yes" }, opts: { ...opts, protect: true } } : undefined);
      pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
        token === "testing:index:echo" ? { args: { ...args, added: "yes" }, opts } : undefined);
      const part = new pulumi.ComponentResource("trial:index:Part", "part", {}, {
        transforms: [({ props, opts }) => ({ props: { ...props, parent: "yes" }, opts })],
      });
      const a = new Made("a", { value: pulumi.secret("hunter22") }, {
        parent: part, ...version,
        transforms: [({ props, opts }) => ({ props: { ...props, own: "yes" }, opts })],
      });
      module.exports = pulumi.output(pulumi.runtime.invoke("testing:index:echo", { given: "1" }, version))
        .apply((echo) => ({ echo }));
    `;
    const result = await trial.up(program);
    expect(messages(result)).toEqual([]);
    const { inputs, protect } = await trial.resource("a");
    expect(inputs).toEqual({ value: secret("hunter22"), own: "yes", parent: "yes", stack: "yes" });
    expect(protect).toBe(true);
    expect(result.outputs).toEqual({ echo: { given: "1", added: "yes" } });
    expect((await trial.up(program)).changes).toEqual({ same: 3 });
  });
});

describe("references", () => {
  it("to a resource are filled in from what this run made, and to another stack from its outputs, secrets marked", async () => {
    const trial = RunningTrial.of();
    const other = await trial.up(
      'exports.open = "1"; exports.password = pulumi.secret("hunter22");',
      {},
      "other",
    );
    expect(other.outcome).toBe("succeeded");
    const program = `
      const a = new Named("a", { value: "1" }, version);
      const other = new pulumi.StackReference("organization/trial/other");
      const found = a.urn.apply((urn) => pulumi.runtime.invoke("pulumi:pulumi:getResource", { urn }));
      module.exports = { open: other.getOutput("open"), password: other.getOutput("password"),
        id: found.apply(({ id }) => id), computed: found.apply(({ state }) => state.computed) };
    `;
    const result = await trial.up(program);
    expect(messages(result)).toEqual([]);
    expect(result.outputs).toEqual({
      open: "1",
      password: secret("hunter22"),
      id: "a",
      computed: 'computed from "1"',
    });
    expect((await trial.resource("organization/trial/other")).external).toBe(true);
    expect((await trial.up(program)).outputs).toEqual(result.outputs);
    const missing = await trial.up('new pulumi.StackReference("organization/trial/none");');
    expect(messages(missing).join()).toMatch(/unknown stack "organization\/trial\/none"/);
  });
});

describe("a secret of a program", () => {
  it("stays one through inputs, outputs, functions, the configuration and the state", async () => {
    const trial = RunningTrial.of();
    const settings = { values: { "trial:password": "hunter22" }, secretKeys: ["trial:password"] };
    const program = `
      const password = new pulumi.Config().requireSecret("password");
      const a = new Named("a", { value: password }, { additionalSecretOutputs: ["name"], ...version });
      module.exports = { computed: a.computed, value: a.value,
        echo: pulumi.output(password).apply((value) => pulumi.runtime.invoke("testing:index:echo", { value }, version)) };
    `;
    const result = await trial.up(program, { settings });
    expect(messages(result)).toEqual([]);
    for (const key of ["computed", "value", "echo"])
      expect(isSecret(result.outputs[key] ?? null), key).toBe(true);
    expect(trial.world.objects[0]?.inputs.value).toEqual(secret("hunter22"));
    const file = readFileSync(join(trial.root, "state", ".pulumi", "stacks", "trial", "dev.json"), "utf8");
    expect(file).not.toContain("hunter22");
    expect(isSecret((await trial.resource("a")).outputs.name ?? null)).toBe(true);
  });
});
