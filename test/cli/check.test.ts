/** kb check as scripts and pipelines see it: exit codes, what goes to which stream, and what a cancelled one leaves. */
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { kb, startKb } from "../support/kb";
import { makeProject } from "../support/project";

const LIMIT = 60_000;

const HEAD = `
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
const core = require("@pulumi/kubernetes/core/v1");
const postgresql = require("@pulumi/postgresql");
const environment = pulumi.getStack();
`;
const PRODUCTION = { "Pulumi.prod.yaml": "config: {}\n" };

const project = (program: string, files: Readonly<Record<string, string>> = PRODUCTION): string =>
  makeProject({ "index.js": HEAD + program, ...files });

const SHARED = `
new core.Namespace("shop", { metadata: { name: "shop" } }, { protect: true });
`;
const HARMLESS = 'new random.RandomString("harmless", { length: 4 });';
/** A role whose name another stack decides. */
const OPEN = `
const elsewhere = new pulumi.StackReference("organization/network/shared");
new postgresql.Role("role", { name: elsewhere.getOutput("name"), connectionLimit: 3 });
`;

const PACK = join(__dirname, "check", "packs", "names");

describe("the verdict", () => {
  it(
    "is 5 for environments that share a name, on standard output, with progress on standard error",
    async () => {
      const { code, stdout, stderr } = await kb(["-C", project(SHARED), "check"]);
      expect(code).toBe(5);
      expect(stdout).toContain("name claims the namespace shop, which dev claims too\n");
      expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
        /^error: check refused: \d+ mandatory findings? \(\d+ rules, 2 environments\)$/,
      );
      expect(stderr).toBe("Checking dev, prod\n");
    },
    LIMIT,
  );

  it(
    "on a part of the environments says with which ones it did not compare",
    async () => {
      const root = project(HARMLESS, { ...PRODUCTION, "Pulumi.qa.yaml": "config: {}\n" });
      const { code, stdout } = await kb(["-C", root, "check", "dev"]);
      expect(stdout).toMatch(
        /^check passed: no findings \(\d+ rules, 1 of 3 environments, not compared with prod, qa\)$/m,
      );
      expect(code).toBe(0);
      const json = await kb(["-C", root, "check", "prod", "dev", "--format", "json"]);
      expect(JSON.parse(json.stdout)).toMatchObject({ leftOut: ["qa"], verdict: "passed" });
    },
    LIMIT,
  );

  it(
    "on what cannot be decided is 0, and 5 with --strict",
    async () => {
      const root = project(OPEN, {});
      const usual = await kb(["-C", root, "check"]);
      expect(usual.stdout).toContain(
        "postgres/dedicated-role: postgresql:index:Role (role) depends on name\n",
      );
      expect(usual.code).toBe(0);
      expect((await kb(["-C", root, "check", "--strict"])).code).toBe(5);
    },
    LIMIT,
  );

  it(
    "is 1 for a program that fails, and 2 for a configuration that cannot be read",
    async () => {
      const failed = await kb(["-C", project('throw new Error("boom 4711");', {}), "check"]);
      expect(failed.stdout).toContain("Error: boom 4711");
      expect(failed.stdout).toMatch(/^error: check incomplete: 1 failure kept it from being made/m);
      expect(failed.code).toBe(1);

      const malformed = await kb(["-C", project("", { "Pulumi.dev.yaml": "config: [}\n" }), "check"]);
      expect(malformed.stderr).toMatch(/^error: Pulumi\.dev\.yaml:1:10: malformed YAML/m);
      expect(malformed.stdout).toBe("");
      expect(malformed.code).toBe(2);
    },
    LIMIT,
  );
});

describe("formats", () => {
  for (const [format, beginning] of [
    ["markdown", "<!-- kb-check:trial -->\n## ❌ trial: check refused"],
    ["sarif", '{\n  "$schema"'],
    ["github", "::error "],
  ] as const) {
    it(
      `${format} is all that is written to standard output`,
      async () => {
        const { code, stdout, stderr } = await kb(["-C", project(SHARED), "check", "--format", format]);
        expect(stdout.startsWith(beginning)).toBe(true);
        expect(stdout).toContain("isolation/disjoint-claims");
        if (format === "sarif") expect(JSON.parse(stdout).runs).toHaveLength(1);
        expect(stderr).toBe("Checking dev, prod\n");
        expect(code).toBe(5);
      },
      LIMIT,
    );
  }
});

describe("what is refused before anything runs", () => {
  it(
    "is named with what is allowed",
    async () => {
      const root = project(HARMLESS);
      const refusals = [
        [["--formt", "json"], 2, "unknown option '--formt'"],
        [["--format", "xml"], 2, "Allowed choices are pretty, json, markdown, sarif, github."],
        [["qa"], 6, 'no environment "qa": there are dev, prod'],
        [["--policy-pack-config", "x.json"], 2, "more often than --policy-pack (1 and 0)"],
        [["--policy-pack", "nowhere"], 1, `policy pack ${join(root, "nowhere")}: there is no such folder`],
      ] as const;
      for (const [flags, code, message] of refusals) {
        const result = await kb(["-C", root, "check", ...flags]);
        expect(result.stderr).toContain(message);
        expect([flags, result.code, result.stdout]).toEqual([flags, code, ""]);
      }
    },
    LIMIT,
  );

  it("is a project without environments", async () => {
    const root = makeProject({ "index.js": "", "Pulumi.dev.yaml": null });
    const { code, stderr } = await kb(["-C", root, "check"]);
    expect(stderr).toContain("an environment is a file Pulumi.<name>.yaml");
    expect(code).toBe(6);
  });
});

describe("packs of others", () => {
  it(
    "are found from the folder of -C, with their configuration, and keep the check from being made when broken",
    async () => {
      const root = project("", {});
      const pack = join(root, "mine");
      mkdirSync(pack);
      writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
      const manifest = { name: "mine", version: "1.0.0", dependencies: { "@pulumi/policy": "*" } };
      writeFileSync(join(pack, "package.json"), JSON.stringify(manifest));
      writeFileSync(join(pack, "index.js"), 'throw new Error("broken 4712");');
      const broken = await kb(["-C", root, "check", "--policy-pack", "mine"]);
      expect(broken.stdout + broken.stderr).toContain("broken 4712");
      expect(broken.code).toBe(1);

      writeFileSync(join(root, "levels.json"), JSON.stringify({ shrt: "advisory" }));
      const levels = ["--policy-pack", PACK, "--policy-pack-config", "levels.json"];
      const mistaken = await kb(["-C", root, "check", ...levels]);
      expect(mistaken.stderr).toContain(
        "shrt: policy pack names@2.0.0 has no such policy; it has count, prefixed, short",
      );
      expect(mistaken.code).toBe(2);
    },
    LIMIT,
  );
});

describe("a check that is cancelled", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(
      `ends with 8 at ${signal}, without a result and with nothing left running`,
      async () => {
        const root = project(`
          require("node:fs").writeFileSync("pid", String(process.pid));
          module.exports = () => new Promise((resolve) => setTimeout(resolve, 600_000));
        `);
        const { child, result } = startKb(["-C", root, "check"]);
        const pid = await pidIn(join(root, "pid"));
        child.kill(signal);
        await once(child, "exit");
        const { code, stdout, stderr } = await result;
        expect(stderr).toContain("error: check cancelled\n");
        expect([code, stdout]).toEqual([8, ""]);
        await gone(pid);
      },
      LIMIT,
    );
  }
});

async function pidIn(file: string): Promise<number> {
  const { readFile } = await import("node:fs/promises");
  for (;;) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") return Number(text);
    await sleep(50);
  }
}

/** Waits until no process has the id; the limit of the test ends the waiting. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(50);
  }
}
