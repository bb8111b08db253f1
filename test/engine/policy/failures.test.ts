/** A pack that cannot be used, or that fails, is told once with what to do; its process is always gone after it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { judge } from "../../../engine/policy/analyze";
import { loadPack } from "../../../engine/policy/pack";
import { secret } from "../../../engine/property/values";
import { repository } from "../../support/project";
import { processesOf } from "../processes";
import { declarationOf, failureOf, packFolder, start, thing } from "./trial";

/** A pack in a folder of its own, with this repository's packages; null leaves a file out. */
function makePack(files: Readonly<Record<string, string | null>>): string {
  const folder = mkdtempSync(join(tmpdir(), "kb-pack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const all: Record<string, string | null> = {
    "PulumiPolicy.yaml": "runtime: nodejs\n",
    "package.json": JSON.stringify({ name: "made", version: "1.0.0" }),
    "index.js": 'new (require("@pulumi/policy").PolicyPack)("made", { policies: [] });\n',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) if (text !== null) writeFileSync(join(folder, name), text);
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  return folder;
}

describe("the folder of a pack", () => {
  const refusals: readonly (readonly [string, Readonly<Record<string, string | null>>, string])[] = [
    [
      "without PulumiPolicy.yaml",
      { "PulumiPolicy.yaml": null },
      "there is no PulumiPolicy.yaml; name the folder that holds it",
    ],
    [
      "with an empty PulumiPolicy.yaml",
      { "PulumiPolicy.yaml": "" },
      'expected a map with runtime; write "runtime: nodejs"',
    ],
    [
      "without a runtime",
      { "PulumiPolicy.yaml": "version: 1.0.0\n" },
      "runtime: found nothing; kb runs packs of runtime nodejs",
    ],
    [
      "of another runtime",
      { "PulumiPolicy.yaml": "runtime: python\n" },
      'runtime: found "python"; kb runs packs of runtime nodejs, use pulumi for others',
    ],
    [
      "with arguments for Node.js",
      { "PulumiPolicy.yaml": "runtime:\n  name: nodejs\n  options:\n    nodeargs: --inspect\n" },
      'runtime.options.nodeargs: found "--inspect"; Pulumi\'s runner cannot pass arguments',
    ],
    [
      "with a version that is no text",
      { "PulumiPolicy.yaml": "runtime: nodejs\nversion: 1\n" },
      "version: expected text, found 1; put it in quotation marks",
    ],
    ["with malformed YAML", { "PulumiPolicy.yaml": "runtime: [\n" }, "PulumiPolicy.yaml:2:1: malformed YAML"],
    ["without package.json", { "package.json": null }, "there is no package.json; write one with a version"],
    ["with a malformed package.json", { "package.json": "{" }, "package.json: cannot be read: "],
    [
      "with a package.json that is no map",
      { "package.json": "[]" },
      "package.json: expected a map with name and version",
    ],
    [
      "with dependencies that are not installed",
      {
        "package.json": JSON.stringify({
          version: "1.0.0",
          dependencies: { "@made-up/one": "1", "made-up-two": "1", yaml: "2" },
        }),
      },
      "its dependencies are not installed (@made-up/one, made-up-two); run npm install (or the package manager's install) there",
    ],
  ];

  it.each(refusals)("%s is refused with what to do", (_, files, message) => {
    const folder = makePack(files);
    expect(() => loadPack(folder)).toThrow(message);
    expect(() => loadPack(folder)).toThrow(expect.objectContaining({ code: "policy" }));
  });

  it("that does not exist, or is a file, is refused", () => {
    for (const name of ["none", "trial.ts"]) {
      expect(() => loadPack(join(__dirname, name))).toThrow(
        `policy pack ${join(__dirname, name)}: there is no such folder; name the folder that holds PulumiPolicy.yaml`,
      );
    }
  });

  it("without any version is refused", () => {
    expect(() => loadPack(packFolder("unversioned"))).toThrow(
      'no version; write one, such as "version": "1.0.0", into its package.json',
    );
  });

  it("tells all its mistakes at once", () => {
    const folder = makePack({ "PulumiPolicy.yaml": "runtime: go\n", "package.json": "{}" });
    expect(() => loadPack(folder)).toThrow(/runtime: found "go".*\n.*no version/);
  });

  it("may have packages of its own, and no @pulumi/pulumi among them", async () => {
    const folder = makePack({
      "index.js": 'new (require("./own/policy").PolicyPack)("made", { policies: [] });\n',
    });
    rmSync(join(folder, "node_modules"));
    mkdirSync(join(folder, "own"));
    const policy = JSON.stringify(join(repository, "node_modules", "@pulumi", "policy"));
    writeFileSync(join(folder, "own", "policy.js"), `module.exports = require(${policy});\n`);
    expect(await start(folder).ready).toMatchObject({ name: "made", version: "1.0.0" });
  });

  it("has the version of its PulumiPolicy.yaml before that of its package.json", async () => {
    expect(await start("versioned").ready).toEqual({ name: "versioned", version: "9.9.9", policies: [] });
  });
});

describe("a pack that does not start", () => {
  const label = (name: string): string => `policy pack ${packFolder(name)}: `;

  it.each([
    ["exits", "it ended (exit code 3):\n", "cannot go on with [secret]"],
    ["fails", "it ended (exit code 32):\nerror: ", "a mistake at load"],
    ["mismatched", "it ended (exit code 32):\nerror: ", "require is not defined in ES module scope"],
    ["wordless", "it ended (exit code 0) without a word", "does its entry point make a PolicyPack?"],
    ["prints", 'it wrote "hello" to standard output', "write messages with console.error"],
  ])("(%s) is told with its last words and leaves no process", async (name, message, last) => {
    const values = { "project:password": "correct horse", "trial:password": "correct horse" };
    const running = start(name, { target: { values, hidden: ["correct horse"] } });
    const error = await failureOf(judge(declarationOf([]), [running]));
    expect(error.code).toBe("policy");
    expect(error.problems).toHaveLength(1);
    expect(error.message.startsWith(label(name) + message), error.message).toBe(true);
    expect(error.message).not.toContain("horse");
    expect(error.message).toContain(last);
    await running.end();
    expect(processesOf(packFolder(name))).toEqual([]);
  });

  it("within its time is ended", async () => {
    const running = start("silent", { startTimeout: 3000 });
    const error = await failureOf(running.ready);
    expect(error.message).toBe(
      `${label("silent")}it was not ready within 3 s; its code has to end loading and to make a PolicyPack`,
    );
    await running.end();
    expect(processesOf(packFolder("silent"))).toEqual([]);
  });

  it("is not started at all when it was cancelled before", async () => {
    const running = start("levels", { signal: AbortSignal.abort() });
    expect((await failureOf(running.ready)).message).toBe(
      `${label("levels")}cancelled before it was started`,
    );
    await running.end();
  });
});

describe("a pack that fails while it judges", () => {
  const label = `policy pack ${packFolder("throws")}: `;

  it("by throwing, fails the check with the policy, the message and the stack, and without secrets", async () => {
    const things = [
      thing("a"),
      thing("b", { throws: true, wait: 100, password: secret("hush-hush") }),
      thing("c", { throws: true }),
    ];
    const error = await failureOf(judge(declarationOf(things), [start("throws")]));
    expect(error.code).toBe("policy");
    expect(error.problems).toHaveLength(1);
    expect(error.message).toContain(
      `${label}Error validating resource with policy 'sometimes' from policy pack 'throws@v1.2.3':\nTypeError: it broke at b with [secret]\n`,
    );
    expect(error.message).toContain(join(packFolder("throws"), "index.js"));
  });

  it.each([
    ["by ending itself", { exits: true }, "it ended (exit code 7):\nleaving because of a"],
    ["by being killed", { dies: true }, "it ended (SIGKILL) without a word"],
  ])("%s, is told with how it ended", async (_, inputs, message) => {
    const error = await failureOf(judge(declarationOf([thing("a", inputs)]), [start("throws")]));
    expect(error.message).toContain(`${label}while it was to answer to `);
    expect(error.message).toContain(message);
  });

  it("by never answering, is ended within its time", async () => {
    const running = start("throws", { answerTimeout: 1500 });
    const error = await failureOf(judge(declarationOf([thing("a", { hangs: true })]), [running]));
    expect(error.message).toMatch(/it did not answer to urn:pulumi:\S+::a within 1\.5 s$/);
    await running.end();
    expect(processesOf(packFolder("throws"))).toEqual([]);
  });
});

describe("a check that is cancelled", () => {
  it.each([0, 300, 4000])("after %d ms ends, and leaves no process", async (delay) => {
    const folder = makePack({
      "index.js": `const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("made", { policies: [{ name: "slow", description: "slow", validateResource: () => new Promise(() => {}) }] });
`,
    });
    const controller = new AbortController();
    const running = start(folder, { signal: controller.signal });
    const work = failureOf(judge(declarationOf([thing("a")]), [running]));
    await sleep(delay);
    controller.abort();
    expect((await work).message).toBe(`policy pack ${folder}: cancelled`);
    await running.end();
    expect(processesOf(folder)).toEqual([]);
  });
});

it("runs a pack that is an ES module", async () => {
  expect(await start("module").ready).toEqual({ name: "module", version: "1.2.3", policies: [] });
});
