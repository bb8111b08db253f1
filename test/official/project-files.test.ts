/**
 * The project is one that the official CLI runs as it is: it finds the program, does not check its types on every
 * run, and nothing of the program knows of kb, so that everything else of this repository could be deleted.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { repository } from "../support/project";

function read(...path: string[]): string {
  return readFileSync(join(repository, ...path), "utf8");
}

it("names the program's file in Pulumi.yaml, and nothing in package.json that the CLI would run instead", () => {
  const project = parse(read("Pulumi.yaml"));
  expect(project).toMatchObject({ main: "stacks/index.ts", runtime: { name: "nodejs" } });
  expect(existsSync(join(repository, project.main))).toBe(true);
  // With one of these the CLI runs another file, or takes the program for an ES module; all of it would be deleted.
  const manifest = JSON.parse(read("package.json"));
  for (const key of ["main", "exports", "type"]) expect(manifest).not.toHaveProperty(key);
  expect(existsSync(join(repository, "stacks", "package.json"))).toBe(false);
});

it("leaves out type checking at run time, in the file that the CLI's loader finds first", () => {
  const { runtime } = parse(read("Pulumi.yaml"));
  expect(runtime.options).toEqual({ typescript: true });
  const { compilerOptions } = JSON.parse(read("stacks", "tsconfig.json"));
  expect(compilerOptions).toMatchObject({ noCheck: true, rootDir: ".." });
});

describe.each(["stacks", "components", "config"])("%s/", (folder) => {
  const files = readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(?:ts|json)$/.test(name),
  );

  it("imports nothing that belongs to kb, and does not mention it", () => {
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const text = read(folder, file);
      expect(text, file).not.toMatch(/["'](?:\.\.\/)+(?:engine|cli|test|scripts|bench)\//);
      expect(text, file).not.toMatch(/\bkb\b/i);
    }
  });
});

it("does not mention kb in the files that the CLI reads", () => {
  const files = readdirSync(repository).filter((name) => /^Pulumi.*\.yaml$/.test(name));
  expect(files).toEqual(expect.arrayContaining(["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"]));
  for (const file of files) expect(read(file), file).not.toMatch(/\bkb\b/i);
});
