/** The configuration of policies: what is laid over what, what reaches the pack, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  configurePolicies,
  type PolicySettings,
  readPolicySettings,
} from "../../../engine/policy/configuration";
import type { Json, PolicyInfo } from "../../../engine/policy/judgement";
import { declarationOf, failureOf, judged, start } from "./trial";

const folder = mkdtempSync(join(tmpdir(), "kb-policy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function settingsFile(text: string): string {
  const file = join(folder, "settings.json");
  writeFileSync(file, text);
  return file;
}

function settings(value: Json): PolicySettings {
  return readPolicySettings(settingsFile(JSON.stringify(value)));
}

/** What the policies of the pack `configured` say they got. */
async function got(value: Json): Promise<Record<string, unknown>> {
  const { violations } = await judged("configured", declarationOf([]), { settings: settings(value) });
  return Object.fromEntries(
    violations.map(({ policy, level, message }) => [policy, [level, JSON.parse(message) as unknown]]),
  );
}

describe("the configuration of a policy", () => {
  it("is the schema's defaults, then what the pack's program says, which is advisory where it says no level", async () => {
    expect(await got({})).toEqual({
      sizes: ["mandatory", { most: 10, least: 3, names: ["initial"] }],
      plain: ["advisory", { colour: "red" }],
      other: ["mandatory", {}],
    });
  });

  it("is changed by a file, for single policies and for all", async () => {
    expect(
      await got({
        all: "mandatory",
        sizes: { most: 5, names: ["a", "b"], mode: "lax" },
        plain: { enforcementLevel: "advisory", size: { deep: [1, null] } },
        other: "disabled",
      }),
    ).toEqual({
      sizes: ["mandatory", { most: 5, least: 3, names: ["a", "b"], mode: "lax" }],
      plain: ["advisory", { colour: "red", size: { deep: [1, null] } }],
    });
  });

  it("that is not as its schema says is refused with every policy and property, before anything is judged", async () => {
    const error = await failureOf(
      start("configured", {
        settings: settings({ sizes: { most: 0, least: 1.5, names: ["a", "B"], mode: "odd" } }),
      }).ready,
    );
    expect(error.code).toBe("configuration");
    const label = "policy pack configured@1.2.3: configuration of sizes";
    const where = ` (${join(folder, "settings.json")})`;
    expect(error.problems).toEqual(
      [
        `${label}: most: has to be at least 1${where}`,
        `${label}: names[1]: has to match ^[a-z]+$${where}`,
        `${label}: least: has to be of type integer, found number${where}`,
        `${label}: mode: has to be one of "strict", "lax"${where}`,
      ].sort((a, b) => error.problems.indexOf(a) - error.problems.indexOf(b)),
    );
    expect(error.problems).toHaveLength(4);
  });

  it("of a policy that the pack does not have is refused with the ones that it has", async () => {
    const error = await failureOf(start("configured", { settings: settings({ size: "advisory" }) }).ready);
    expect(error.code).toBe("configuration");
    expect(error.problems).toEqual([
      `${join(folder, "settings.json")}: size: policy pack configured@1.2.3 has no such policy; it has other, plain, sizes`,
    ]);
  });
});

describe("a configuration file", () => {
  const file = join(folder, "settings.json");

  it("may be empty", () => {
    expect(readPolicySettings(settingsFile(" \n"))).toEqual({ source: file, settings: {} });
  });

  it("is refused with every mistake in it", () => {
    const text = JSON.stringify({
      a: "mandtory",
      b: { enforcementLevel: 1 },
      c: 5,
      all: { enforcementLevel: "advisory", size: 1 },
      environments: ["x"],
      good: "disabled",
    });
    expect(() => readPolicySettings(settingsFile(text))).toThrow(
      [
        `${file}: a: enforcementLevel: found "mandtory"; allowed are advisory, mandatory, remediate, disabled`,
        `${file}: b: enforcementLevel: found 1; allowed are advisory, mandatory, remediate, disabled`,
        `${file}: c: found 5; allowed is a level (advisory, mandatory, remediate, disabled) or a map with enforcementLevel`,
        `${file}: all: found size; only enforcementLevel can be set for all policies: name the policy instead`,
        `${file}: environments: environments of Pulumi ESC need Pulumi's service; write the values into this file instead`,
      ].join("\n"),
    );
  });

  it.each([
    ["[]", "expected a map with policies as keys"],
    ["{", "malformed JSON"],
  ])("that holds %s is refused", (text, message) => {
    expect(() => readPolicySettings(settingsFile(text))).toThrow(`${file}: ${message}`);
  });

  it("that does not exist is refused", () => {
    expect(() => readPolicySettings(join(folder, "none.json"))).toThrow("none.json: cannot be read: ENOENT");
  });

  it("is refused for a pack that takes none, and such a pack is not configured", () => {
    const pack = { name: "p", version: "1", supportsConfig: false, policies: [], initial: {} };
    expect(configurePolicies(pack, undefined)).toBeUndefined();
    expect(() => configurePolicies(pack, settings({ all: "disabled" }))).toThrow(
      `${file}: policy pack p@1 takes no configuration; leave the file out`,
    );
  });
});

it("asks for a required property when there is no file", () => {
  const policy: PolicyInfo = {
    name: "strict",
    description: "",
    kind: "resource",
    level: "advisory",
    tags: [],
    schema: { properties: {}, required: ["must"] },
  };
  const pack = { name: "p", version: "1", supportsConfig: true, policies: [policy], initial: {} };
  expect(() => configurePolicies(pack, undefined)).toThrow(
    "policy pack p@1: configuration of strict: must: is required; set it in a file and name that with --policy-pack-config",
  );
});
