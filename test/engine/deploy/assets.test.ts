/** Assets and archives are what they hold: the same content elsewhere is no change, another content in place is one. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withAssetHashes } from "../../../engine/monitor/asset-hashes";
import {
  ARCHIVE_SIGNATURE,
  ASSET_SIGNATURE,
  type PropertyMap,
  type PropertyValue,
  SIGNATURE_KEY,
  secret,
} from "../../../engine/property/values";
import type { DiffRequest, DiffResponse } from "../../../engine/provider/provider";
import { temporaryFolder } from "../support/temporary";
import { TestingProvider } from "../support/testing-provider";
import { messages, settled, told } from "./expecting";
import { RunningTrial } from "./running";
import { type Body, Trial } from "./trial";

const asset = (members: PropertyMap): PropertyMap => ({ [SIGNATURE_KEY]: ASSET_SIGNATURE, ...members });
const archive = (members: PropertyMap): PropertyMap => ({ [SIGNATURE_KEY]: ARCHIVE_SIGNATURE, ...members });

/** A program's folder as it was when the official CLI deployed an archive of it. */
const RECORDED = {
  "Pulumi.yaml": "name: rec\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n",
  "Pulumi.dev.yaml": "encryptionsalt: v1:hzOMibEO3WE=:v1:rlXJx4fkxHKiIhhc:yUKPC38gEU3tQlxwG1+12sb4M4rB9w==\n",
  "package.json": '{"name":"rec","version":"1.0.0","main":"index.js"}\n',
  "index.js":
    'const { pulumi, Thing, step } = require("../lib");\n' +
    'new Thing("a", { text: "t" }); new Thing("asset", { text: new pulumi.asset.StringAsset("hello"), ' +
    'f: new pulumi.asset.FileAsset("package.json"), ar: new pulumi.asset.AssetArchive({ "a.txt": ' +
    'new pulumi.asset.StringAsset("x"), d: new pulumi.asset.FileArchive(".") }), ' +
    'sec: pulumi.secret(new pulumi.asset.StringAsset("q")) });\n',
};

function hashOf(value: PropertyValue, folder = "/"): PropertyValue | undefined {
  const found = withAssetHashes({ value }, folder).value;
  return (found as PropertyMap).hash;
}

describe("the hash of an asset or archive", () => {
  it("is that which the official engine makes", () => {
    expect(hashOf(asset({ text: "hello" }))).toBe(
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    );
    expect(hashOf(archive({ assets: {} }))).toBe(
      "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    );
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(RECORDED)) writeFileSync(join(folder, name), text);
    const members = { "a.txt": asset({ text: "x" }), d: archive({ path: "." }) };
    expect(withAssetHashes({ value: archive({ assets: members }) }, folder).value).toMatchObject({
      hash: "99c056d9793cdfc689a27c1bdec440fa8ec25afc2ddfd2aff67a170be73ee8f8",
      assets: {
        "a.txt": { hash: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" },
        d: { hash: "3b2a0915c0a7c21d0af368420293093bd3417275a5738b1f38cd09cb4395c63f" },
      },
    });
  });

  it("follows the content alone, and leaves out Pulumi's own folder and links to folders", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "deep"));
    writeFileSync(join(folder, "deep", "b.txt"), "b");
    writeFileSync(join(folder, "a.txt"), "a");
    const same = archive({ assets: { "a.txt": asset({ text: "a" }), "deep/b.txt": asset({ text: "b" }) } });
    expect(hashOf(archive({ path: folder }))).toBe(hashOf(same));
    mkdirSync(join(folder, ".pulumi"));
    writeFileSync(join(folder, ".pulumi", "state"), "x");
    symlinkSync(join(folder, "deep"), join(folder, "link"));
    expect(hashOf(archive({ path: folder }))).toBe(hashOf(same));
    writeFileSync(join(folder, "a.txt"), "c");
    expect(hashOf(archive({ path: folder }))).not.toBe(hashOf(same));
    expect(hashOf(asset({ path: "a.txt" }), folder)).toBe(hashOf(asset({ text: "c" })));
    expect(hashOf(asset({ uri: `file://${folder}/a.txt` }))).toBe(hashOf(asset({ text: "c" })));
  });

  it("of a file that cannot be read ends the run with its path", async () => {
    const trial = Trial.forTest();
    const result = await trial.up(async (p) => {
      await p.made("a", { file: asset({ path: "none.txt" }) });
    });
    expect(messages(result).join()).toMatch(/none\.txt: cannot be read/);
    expect(trial.world.journal).toEqual([]);
  });
});

describe("a resource with assets", () => {
  const body =
    (file: PropertyMap): Body =>
    async (p) => {
      await p.made("a", { file: secret(file) });
    };

  it("is the same while the content is, wherever it comes from, and is changed when it is not", async () => {
    const requests: DiffRequest[] = [];
    class Undecided extends TestingProvider {
      override async diff(request: DiffRequest): Promise<DiffResponse> {
        requests.push(request);
        return { changes: "unknown", replaces: [], diffs: [], deleteBeforeReplace: false };
      }
    }
    const trial: Trial = Trial.forTest({
      factories: { testing: () => new Undecided({ world: trial.world }) },
    });
    writeFileSync(join(trial.root, "file.txt"), "hello");
    await settled(trial, body(asset({ text: "hello" })));
    expect(told(await settled(trial, body(asset({ path: "file.txt" }))))).toEqual(["same a"]);
    writeFileSync(join(trial.root, "file.txt"), "other");
    expect(told(await settled(trial, body(asset({ path: "file.txt" }))))).toEqual(["update a"]);
    // A comparison needs no contents; the state holds them, or where they are.
    expect(JSON.stringify(requests)).not.toMatch(/"text"|"path"/);
    expect((await trial.resource("a")).inputs.file).toMatchObject({
      value: { path: "file.txt", hash: hashOf(asset({ text: "other" })) },
    });
    expect((await trial.refresh()).outcome).toBe("succeeded");
    expect((await trial.resource("a")).inputs.file).toMatchObject({ value: { path: "file.txt" } });
  });

  it("is known by its content in the outputs of a component and of the stack too", async () => {
    const trial = Trial.forTest();
    writeFileSync(join(trial.root, "file.txt"), "hello");
    const hash = hashOf(asset({ text: "hello" }));
    await settled(trial, async (p) => {
      const part = await p.component("part");
      await p.monitor.registerOutputs(part.urn, { file: asset({ path: "file.txt" }) });
      await p.outputs({ file: secret(asset({ text: "hello" })) });
    });
    expect((await trial.resource("part")).outputs).toMatchObject({ file: { path: "file.txt", hash } });
    expect((await trial.resource("trial-dev")).outputs).toMatchObject({ file: { value: { hash } } });
  });

  it("gets from a real program what it holds, with paths relative to the program", async () => {
    const trial = RunningTrial.of({ "data/one.txt": "1" });
    const program = `
      new Made("a", {
        text: new pulumi.asset.StringAsset("hello"),
        archive: new pulumi.asset.AssetArchive({ dir: new pulumi.asset.FileArchive("data") }),
      }, version);`;
    const result = await trial.up(program);
    expect(messages(result)).toEqual([]);
    const { inputs } = await trial.resource("a");
    expect(inputs.text).toEqual(asset({ text: "hello", hash: hashOf(asset({ text: "hello" })) ?? null }));
    expect(inputs.archive).toMatchObject({
      hash: hashOf(archive({ assets: { "dir/one.txt": asset({ text: "1" }) } })),
      assets: { dir: { path: "data" } },
    });
    expect((await trial.up(program)).changes).toEqual({ same: 2 });
    writeFileSync(join(trial.root, "data", "one.txt"), "2");
    expect(told(await trial.up(program))).toEqual(["update a"]);
  });
});
