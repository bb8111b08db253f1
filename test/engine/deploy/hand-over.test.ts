/** What Pulumi's CLI expects of a stack that it takes over, beside the state itself: its history, told in its way. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cipherFor } from "../../../engine/project/passphrase";
import { settled } from "./expecting";
import { PASSPHRASE, SALT, Trial } from "./trial";

/** The last record of a trial's history. */
function lastRecord(trial: Trial): { text: string; config: unknown; resourceChanges: unknown } {
  const folder = join(trial.backend, ".pulumi", "history", "trial", "dev");
  const [last = ""] = readdirSync(folder)
    .filter((name) => name.endsWith(".history.json"))
    .sort()
    .reverse();
  const text = readFileSync(join(folder, last), "utf8");
  const { config, resourceChanges } = JSON.parse(text);
  return { text, config, resourceChanges };
}

describe("the history", () => {
  it("keeps the configuration as the file has it, from which `pulumi config refresh` restores it", async () => {
    const cipher = await cipherFor(SALT, PASSPHRASE);
    const secure = cipher?.encrypt("hunter2-canary") ?? "";
    const config =
      `  hidden: { secure: "${secure}" }\n  trial:size: 1.50\n  other:on: true\n  empty:\n` +
      `  nested: { a: 1, list: [true, { secure: "${secure}" }] }\n`;
    const trial = Trial.forTest({ config });
    await settled(trial, async () => {});
    const { text, config: kept } = lastRecord(trial);
    expect(kept).toEqual({
      "other:on": "true",
      "trial:empty": "",
      "trial:hidden": { secure },
      "trial:nested": { a: 1, list: [true, { secure }] },
      "trial:size": "1.5",
    });
    expect(text).not.toContain("hunter2-canary");
  });

  it("keeps nothing that was laid over the configuration for one run", async () => {
    const trial = Trial.forTest({ config: "  size: 1\n" });
    await trial.up(async () => {}, { overrides: ["size=overlaid", "secret=overlaid"] });
    expect(lastRecord(trial).config).toEqual({ "trial:size": "1" });
  });

  it("counts a read only where it found other outputs than the state had", async () => {
    const trial = Trial.forTest();
    await settled(trial, async (p) => {
      await p.named("a", { value: "1" });
    });
    const body =
      (value: string): Parameters<Trial["up"]>[0] =>
      async (p) => {
        const a = await p.named("a", { value });
        await p.read("testing:index:Named", "r", a.id, { dependsOn: [a.urn] });
      };
    expect((await settled(trial, body("1"))).changes).toEqual({ same: 2 });
    expect((await trial.up(body("2"))).changes).toEqual({ same: 1, update: 1, read: 1 });
    expect(lastRecord(trial).resourceChanges).toEqual({ read: 1, same: 1, update: 1 });
  });
});
