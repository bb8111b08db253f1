/** A state that the official CLI wrote is taken over, and one that is not in order, or not ours to touch, is refused. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineError } from "../../../engine/diagnostic";
import { type PropertyMap, secret } from "../../../engine/property/values";
import { NAMED } from "../support/testing-provider";
import { expectNothingToDo, told } from "./expecting";
import { OFFICIAL_RESOURCES, officialCheckpoint } from "./official-checkpoint";
import { type Body, Trial } from "./trial";

const folder = (trial: Trial): string => join(trial.backend, ".pulumi", "stacks", "trial");

/** A stack in the state that the official CLI left, and a world that is as that says. */
function taken(text = officialCheckpoint()): Trial {
  const trial = Trial.forTest();
  mkdirSync(folder(trial), { recursive: true });
  writeFileSync(join(trial.backend, ".pulumi", "meta.yaml"), "version: 1\n");
  writeFileSync(join(folder(trial), "dev.json"), text);
  const objects: PropertyMap[] = [
    { name: "a", value: secret("hunter22"), list: [1e21, -0.5, null, {}] },
    { name: "b", value: "<b> & é" },
    { name: "seen" },
  ];
  for (const inputs of objects) {
    trial.world.record({ effect: "created", type: NAMED, id: String(inputs.name), urn: "", inputs });
  }
  return trial;
}

const program =
  (output: string): Body =>
  async (p) => {
    const part = await p.component("part", { size: 1 });
    const a = await p.named(
      "a",
      { value: secret("hunter22"), list: [1e21, -0.5, null, {}] },
      {
        parent: part.urn,
        protect: true,
        additionalSecretOutputs: ["computed"],
        customTimeouts: { create: "90s", update: "2h" },
      },
    );
    await p.named(
      "b",
      { value: "<b> & é" },
      { from: { value: [a.urn] }, deletedWith: a.urn, importId: "b", ignoreChanges: ["other"] },
    );
    await p.read(NAMED, "seen", "seen");
    await p.monitor.registerOutputs(part.urn, { done: true });
    await p.outputs({ a: output, password: secret("hunter22") });
  };

interface Written {
  readonly version: number;
  readonly checkpoint: { readonly latest: { readonly resources: readonly Record<string, unknown>[] } };
}

/** Resources of a file by URN, without what differs from write to write. */
function resourcesIn(text: string): Map<unknown, Record<string, unknown>> {
  const { checkpoint } = JSON.parse(text) as Written;
  const hidden = JSON.parse(
    JSON.stringify(checkpoint.latest.resources).replaceAll(
      /"(?:ciphertext|plaintext)":"(?:[^"\\]|\\.)*"/g,
      '"hidden":1',
    ),
  ) as Record<string, unknown>[];
  return new Map(hidden.map((resource) => [resource.urn, resource]));
}

describe("a state that the official CLI wrote", () => {
  it("is read whole, planned with nothing to do, and written back as it was but for what was changed", async () => {
    const trial = taken();
    await expectNothingToDo(trial, program("1"));
    const result = await trial.up(program("2"));
    expect(told(result)).toEqual(["same part", "same a", "same b", "read seen"]);
    const text = trial.file();
    expect(text).toMatch(
      /^\{"version":3,"checkpoint":\{"stack":"organization\/trial\/dev","latest":\{"manifest":/,
    );
    expect(text).toContain('"metadata":{}');
    expect(text).not.toContain("hunter22");
    expect(text).not.toContain("\n");
    const [before, after] = [resourcesIn(officialCheckpoint()), resourcesIn(text)];
    for (const [urn, resource] of before) {
      const wanted = { ...resource };
      if (resource.type === "pulumi:pulumi:Stack") {
        wanted.outputs = { ...(resource.outputs as object), a: "2" };
      }
      // What is only read has other outputs by now.
      if (resource.external === true) {
        wanted.outputs = after.get(urn)?.outputs;
        wanted.modified = expect.any(String);
      }
      expect(after.get(urn), String(urn)).toEqual(wanted);
    }
    expect(after.size).toBe(before.size);
    const history = readdirSync(join(trial.backend, ".pulumi", "history", "trial", "dev"));
    expect(history.some((name) => /^dev-\d+\.history\.json$/.test(name))).toBe(true);
    expect(existsSync(join(folder(trial), "dev.json.bak"))).toBe(true);
  });

  it("keeps the outputs of what it reads encrypted where they were, and opens what stands open", async () => {
    const trial = taken();
    await trial.up(program("2"));
    const { outputs } = await trial.resource("a");
    expect([outputs.value, outputs.computed]).toEqual([secret("hunter22"), secret("computed from hunter22")]);
    expect(trial.file()).not.toContain('"plaintext"');
  });

  it("is destroyed by the provider that it names", async () => {
    const trial = taken();
    const unprotected = OFFICIAL_RESOURCES.map((text) => text.replace('"protect":true,', ""));
    writeFileSync(join(folder(trial), "dev.json"), officialCheckpoint({ resources: unprotected }));
    expect((await trial.destroy()).outcome).toBe("succeeded");
    // `b` goes with `a`, and what was read stays.
    expect(trial.world.objects.map(({ id }) => id).sort()).toEqual(["b", "seen"]);
  });
});

describe("a state that cannot be used", () => {
  const [stack = "", provider = "", part = "", a = ""] = OFFICIAL_RESOURCES;

  it.each<[string, string, RegExp]>([
    ["whose magic is another", officialCheckpoint({ magic: "0".repeat(64) }), /magic/],
    ["of a version that is not known", officialCheckpoint({ version: 5 }), /version/],
    [
      "with a resource whose provider comes later",
      officialCheckpoint({ resources: [stack, part, a, provider] }),
      /provider/,
    ],
    [
      "with a resource whose parent is missing",
      officialCheckpoint({ resources: [stack, provider, a] }),
      /parent .*part/,
    ],
    [
      "with a resource twice",
      officialCheckpoint({ resources: [stack, provider, part, part] }),
      /stands 2 times/,
    ],
    [
      "that uses what this engine does not implement",
      officialCheckpoint({ resources: [stack, provider, part.replace('"parent"', '"taint":true,"parent"')] }),
      /taint/,
    ],
    ["that is cut off", officialCheckpoint().slice(0, 400), /JSON|dev\.json/],
  ])("%s is refused by everything, and stays as it is", async (_, text, message) => {
    const trial = taken(text);
    const runs = [
      () => trial.preview(program("1")),
      () => trial.up(program("1")),
      () => trial.refresh(),
      () => trial.destroy(),
    ];
    for (const run of runs) {
      const error = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EngineError);
      expect((error as EngineError).code).toBe("state");
      expect((error as EngineError).problems.join()).toMatch(message);
    }
    expect(trial.file()).toBe(text);
    expect(trial.providers).toEqual([]);
  });

  it("because its passphrase is another is refused, and stays as it is", async () => {
    const trial = taken();
    const run = trial.up(program("1"), { processEnvironment: { PULUMI_CONFIG_PASSPHRASE: "another" } });
    const error = await run.catch((thrown: unknown) => thrown);
    expect((error as EngineError).code).toBe("passphrase");
    expect(trial.file()).toBe(officialCheckpoint());
    expect(trial.world.journal).toHaveLength(3);
  });

  it("because somebody else works on it is refused, and says who; a preview is not", async () => {
    const trial = taken();
    const locks = join(trial.backend, ".pulumi", "locks", "organization", "trial", "dev");
    mkdirSync(locks, { recursive: true });
    const lock = {
      pid: 22144,
      username: "root",
      hostname: "elsewhere",
      timestamp: "2026-11-27T13:25:32.138Z",
    };
    writeFileSync(join(locks, "5c4f2a52-0a5c-4f6e-8f3a-1d2b3c4d5e6f.json"), JSON.stringify(lock));
    const error = await trial.up(program("1")).catch((thrown: unknown) => thrown);
    expect((error as EngineError).code).toBe("locked");
    expect((error as EngineError).message).toMatch(/root.*elsewhere/);
    expect(readFileSync(join(folder(trial), "dev.json"), "utf8")).toBe(officialCheckpoint());
    expect((await trial.preview(program("1"))).outcome).toBe("succeeded");
  });
});
