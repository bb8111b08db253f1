/** What one environment does in the shared process is never told of another, and nothing outlives a preview. */
import { spawn } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { makeProject, repository, trial } from "../support/project";
import { processesOf } from "./processes";

const two = { "Pulumi.dev.yaml": "config:\n  who: D\n", "Pulumi.prod.yaml": "config:\n  who: P\n" };
const imports = 'import * as pulumi from "@pulumi/pulumi";\n';

describe("an environment", () => {
  it("does not see the error of the one before it", async () => {
    const root = makeProject({
      ...two,
      "index.ts": `${imports}export = async () => {
  await Promise.resolve();
  if (pulumi.getStack() === "dev") throw new pulumi.RunError("dev only");
  return { ok: true };
};`,
    });
    const { declarations, fallbacks } = await trial(root);
    expect(fallbacks).toEqual({});
    expect(declarations.map(({ outcome, diagnostics }) => [outcome, diagnostics.length])).toEqual([
      ["failed", 1],
      ["succeeded", 0],
    ]);
  });

  it("does not get what the one before it prints after its failure", async () => {
    const root = makeProject({
      ...two,
      "index.ts": `${imports}export = async () => {
  const stack = pulumi.getStack();
  setTimeout(() => console.log("late", stack), 60);
  if (stack === "dev") throw new pulumi.RunError("dev only");
  await new Promise((resolve) => setTimeout(resolve, 150));
};`,
    });
    const { declarations } = await trial(root);
    expect(declarations[1]?.diagnostics).toEqual([{ severity: "info", message: "late prod" }]);
  });

  it("is read anew by a package that reads it while it is loaded", async () => {
    const root = makeProject({
      ...two,
      "index.ts": 'import * as own from "own"; export const who = own.who; export const stack = own.stack;',
      "packages/node_modules/own/index.js":
        'const p = require("@pulumi/pulumi"); exports.who = new p.Config("trial").get("who"); exports.stack = p.getStack();',
    });
    rmSync(join(root, "node_modules"));
    symlinkSync(join(root, "packages/node_modules"), join(root, "node_modules"));
    symlinkSync(join(repository, "node_modules/@pulumi"), join(root, "node_modules/@pulumi"));
    const { declarations, fallbacks } = await trial(root);
    expect(fallbacks.prod).toContain("uses the environment while it is loaded");
    expect(declarations.map(({ outputs }) => outputs)).toEqual([
      { who: "D", stack: "dev" },
      { who: "P", stack: "prod" },
    ]);
  });

  const modules = [
    {
      name: "dynamic import",
      "index.js": `const { add } = await import("./list.mjs"); return { seen: add(stack) };`,
      "list.mjs": "const seen = []; export const add = (x) => { seen.push(x); return seen.join(); };",
    },
    {
      name: "require of an ES module",
      "index.js": `return { seen: require("./lib/list.js").add(stack) };`,
      "lib/package.json": '{ "type": "module" }',
      "lib/list.js": "const seen = []; export const add = (x) => { seen.push(x); return seen.join(); };",
    },
  ];
  for (const { name, "index.js": body, ...files } of modules) {
    it(`starts with fresh ES modules (${name})`, async () => {
      const program = `module.exports = async () => { const stack = require("@pulumi/pulumi").getStack(); ${body} };`;
      const { declarations } = await trial(
        makeProject({ ...two, ...(files as Record<string, string>), "index.js": program }),
      );
      expect(declarations.map(({ outputs }) => outputs)).toEqual([{ seen: "dev" }, { seen: "prod" }]);
    });
  }
});

describe("a program's own tsconfig", () => {
  const program = `
const kinds: string[] = [];
function dec(_: unknown, key: unknown) { kinds.push(typeof key); }
class Base { constructor() { this.init(); } init() {} }
class Sub extends Base { value?: string; override init() { this.value = "kept"; } }
class Decorated { @dec member = 1; }
new Decorated();
export const result = { kinds, value: new Sub().value ?? "reset" };`;
  const options = { noCheck: true, module: "nodenext", moduleResolution: "nodenext", target: "es2022" };
  const cases = [
    { name: "is used", file: { ...options, experimentalDecorators: true, useDefineForClassFields: false } },
    { name: "may define fields anew", file: { ...options, useDefineForClassFields: true } },
    { name: "may be missing", file: null },
  ];
  for (const { name, file } of cases) {
    it(`${name}, as in Pulumi's runner`, async () => {
      const root = makeProject({
        "index.ts": program,
        "tsconfig.json": file === null ? null : JSON.stringify({ compilerOptions: file }),
      });
      const shared = await trial(root);
      const official = await trial(root, { officialRunner: true });
      expect(shared.fallbacks).toEqual({});
      expect(shared.declarations[0]?.outputs).toEqual(official.declarations[0]?.outputs);
      expect(shared.declarations[0]?.outcome).toBe("succeeded");
    });
  }

  it("that asks for the types of decorated members is left to Pulumi's runner", async () => {
    const root = makeProject({
      "index.ts": "export const a = 1;",
      "tsconfig.json": JSON.stringify({ compilerOptions: { noCheck: true, emitDecoratorMetadata: true } }),
    });
    const project = await import("../../engine/project/project");
    const { whyUnsuitable } = await import("../../engine/host/program");
    expect(whyUnsuitable(project.loadProject(root))).toContain("types");
  });
});

describe("when kb is killed", () => {
  for (const flags of [[], ["--official-runner"]]) {
    it(`nothing that it started goes on (${["preview", ...flags].join(" ")})`, async () => {
      const root = makeProject({
        "index.ts": "export = async () => { await new Promise((resolve) => setTimeout(resolve, 1e9)); };",
      });
      const kb = join(repository, "cli/kb.cjs");
      const child = spawn(process.execPath, [kb, "-C", root, "preview", ...flags], { stdio: "ignore" });
      await expect.poll(() => processesOf(root).length, { timeout: 10_000 }).toBe(2);
      await sleep(1500);
      child.kill("SIGKILL");
      await expect.poll(() => processesOf(root), { timeout: 5000 }).toEqual([]);
    });
  }
});
