/**
 * Who may import whom: every import of every source file follows an arrow between the folders, and no file grows
 * beyond what one can read at once.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { repository } from "./support/project";

/** What a folder may import. */
interface Arrows {
  /** Other folders of the repository, or parts of them, or all of them but test. */
  readonly folders: readonly string[] | "all";
  /** Packages, if not every one that is installed. */
  readonly packages?: RegExp;
}

/** A program that Pulumi runs takes only Pulumi's SDKs and what Node.js has. */
const PULUMI_ONLY = /^(?:@pulumi\/|node:)/;

/** The arrows; the empty name stands for files beside the folders. A new folder needs an entry here. */
const arrows: Readonly<Record<string, Arrows>> = {
  "": { folders: [] },
  config: { folders: [] },
  components: { folders: [], packages: PULUMI_ONLY },
  stacks: { folders: ["components", "config"], packages: PULUMI_ONLY },
  // Rules must also catch what no component made.
  policies: { folders: ["config"] },
  engine: { folders: [] },
  // Of the engine they know the interface that they serve.
  providers: { folders: ["engine/provider"] },
  sandbox: { folders: ["providers"] },
  cli: { folders: "all" },
  scripts: { folders: ["config", "components", "policies"] },
  bench: { folders: ["engine"] },
  test: { folders: "all" },
};

/** Nobody else imports these. */
const CLOSED = ["cli", "test"];

const MOST_LINES = 300;

/** Every source file of the repository, relative to its root, with slashes. */
function sourceFiles(directory = repository): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.[cm]?[jt]s$/.test(entry.name) ? [relative(repository, path).split(sep).join("/")] : [];
  });
}

/** What a file imports, requires or names in an import type. */
function importsOf(file: string, text: string): string[] {
  const found: string[] = [];
  const take = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) take(node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) take(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) take(node.argument.literal);
    else if (ts.isCallExpression(node) && isLoading(node.expression)) take(node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** `import(…)`, `require(…)` and `require.resolve(…)`. */
function isLoading(called: ts.Expression): boolean {
  if (called.kind === ts.SyntaxKind.ImportKeyword) return true;
  return /^require(?:\.resolve)?$/.test(called.getText());
}

/** The folder of a file; empty for files beside the folders. */
function folderOf(file: string): string {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
}

/** The folder that a relative import leads to; a folder itself stands for its index file. */
function targetOf(path: string): string {
  const [first = ""] = path.split("/");
  return Object.hasOwn(arrows, first) ? first : "";
}

/** The imports of a file that follow no arrow, as `file → what it imports`. */
function violations(file: string, text: string): string[] {
  const folder = folderOf(file);
  const allowed = arrows[folder];
  if (allowed === undefined) return [`${file} is in a folder without arrows`];
  const { folders, packages } = allowed;
  const mayImport = (specifier: string): boolean => {
    const path = join(dirname(file), specifier).split(sep).join("/");
    const target = targetOf(path);
    return (
      target === folder ||
      (!CLOSED.includes(target) &&
        (folders === "all" ||
          folders.some((part) => part === target || `${path}/`.startsWith(`${part}/`)))) ||
      folder === "test"
    );
  };
  return importsOf(file, text)
    .filter((specifier) =>
      specifier.startsWith(".") ? !mayImport(specifier) : packages?.test(specifier) === false,
    )
    .map((specifier) => `${file} → ${specifier}`);
}

const files = sourceFiles().map((file) => ({ file, text: readFileSync(join(repository, file), "utf8") }));

describe("the arrows of the architecture", () => {
  it("are followed by every import of every file", () => {
    expect(files.flatMap(({ file, text }) => violations(file, text))).toEqual([]);
  });

  it("were checked on files and imports of every folder", () => {
    for (const folder of Object.keys(arrows)) {
      const inside = files.filter(({ file }) => folderOf(file) === folder);
      expect(inside.length, folder).toBeGreaterThan(0);
      const imports = inside.flatMap(({ file, text }) => importsOf(file, text));
      expect(imports.length, folder).toBeGreaterThan(0);
      if (folder !== "")
        expect(imports.filter((name) => name.startsWith(".")).length, folder).toBeGreaterThan(0);
    }
    expect(files.length).toBeGreaterThan(150);
  });

  it.each([
    ["components/made-up.ts", 'import { preview } from "../engine/preview";'],
    ["components/made-up.ts", 'import type { Config } from "../config";'],
    ["components/made-up.ts", 'import { z } from "zod";'],
    ["config/schema/made-up.ts", 'export * from "../../components/handles";'],
    ["stacks/made-up.ts", 'const main = require("../cli/main");'],
    ["stacks/made-up.ts", 'import yaml from "yaml";'],
    ["engine/host/made-up.cjs", 'require.resolve("../../stacks/index");'],
    ["engine/made-up.ts", 'type Names = import("../config/names").Names;'],
    ["engine/made-up.ts", 'const names = await import("../config/names");'],
    ["cli/commands/made-up.ts", 'import { repository } from "../../test/support/project";'],
    ["scripts/made-up.ts", 'import { preview } from "../engine/preview";'],
    ["bench/made-up.ts", 'import main = require("../cli/main");'],
    ["providers/made-up.ts", 'import { makeUrn } from "../engine/urn";'],
    ["made-up.ts", 'import "./config";'],
    ["elsewhere/made-up.ts", ""],
  ])("refuse, in %s: %s", (file, text) => {
    expect(violations(file, `/** Made up. */\n${text}\n`)).toHaveLength(1);
  });

  it.each([
    ["stacks/made-up.ts", 'import { Database } from "../components/database"; import "../config";'],
    [
      "components/made-up.ts",
      'import * as pulumi from "@pulumi/pulumi"; import "./handles"; import "node:net";',
    ],
    ["cli/commands/made-up.ts", 'import "../../engine/preview"; import "../../config"; import "commander";'],
    ["providers/random/made-up.ts", 'import type { Provider } from "../../engine/provider/provider";'],
    ["test/cli/made-up.ts", 'import "../../cli/main"; import "../support/project"; import "vitest";'],
    ["engine/made-up.ts", '// import "../cli/main";\nconst text = \'require("../cli/main")\';'],
  ])("allow, in %s: %s", (file, text) => {
    expect(violations(file, text)).toEqual([]);
  });
});

it("lets one file of the policies know Pulumi's SDKs", () => {
  const knowing = files.filter(
    ({ file, text }) =>
      folderOf(file) === "policies" && importsOf(file, text).some((name) => name.startsWith("@pulumi/")),
  );
  // The second only loads it before anything else.
  expect(knowing.map(({ file }) => file).sort()).toEqual(["policies/adapter.ts", "policies/index.cjs"]);
});

it("keeps every source file outside of test/ at a length that one can read at once", () => {
  const lines = (text: string): number => text.trimEnd().split("\n").length;
  const tooLong = files.filter(({ file, text }) => folderOf(file) !== "test" && lines(text) > MOST_LINES);
  expect(tooLong.map(({ file, text }) => `${file}: ${lines(text)} lines`)).toEqual([]);
});
