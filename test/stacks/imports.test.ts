/**
 * Proves that imports run one way, those of types too: no file of components/, config/ or stacks/ leads back to
 * itself. Which folder may import which is in test/architecture.test.ts.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../support/project";

const FOLDERS = ["components", "config", "stacks"];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${folder}/${file.slice(0, -".ts".length)}`),
);
const imports = new Map(files.map((file) => [file, importsOf(file)]));

function importsOf(file: string): string[] {
  const text = readFileSync(join(repository, `${file}.ts`), "utf8");
  const named = [...text.matchAll(/^(?:import|export|\}) [^"]*?from "(\.[^"]*)";$/gm)];
  return named.map(([, from = ""]) => {
    const target = relative(repository, join(repository, dirname(file), from));
    return files.includes(target) ? target : `${target}/index`;
  });
}

/** The shortest way from a file back to itself. */
function circle(file: string): string[] {
  const ways = (imports.get(file) ?? []).map((next) => [next]);
  const seen = new Set<string>();
  for (const way of ways) {
    const last = way.at(-1) ?? "";
    if (last === file) return [file, ...way];
    if (seen.has(last)) continue;
    seen.add(last);
    ways.push(...(imports.get(last) ?? []).map((next) => [...way, next]));
  }
  return [];
}

describe("imports", () => {
  it("are found, over several lines and of whole folders too", () => {
    expect(imports.get("components/workload")).toContain("components/workload-args");
    expect(imports.get("config/index")).toContain("config/claims");
    expect(imports.get("config/schema/estate")).toContain("config/schema/forms");
    expect(imports.get("stacks/workloads")).toContain("config/index");
    expect([...imports.values()].flat().filter((target) => !files.includes(target))).toEqual([]);
  });

  it("lead no file back to itself", () => {
    const circles = files.map((file) => circle(file).join(" → "));
    expect(circles.filter((way) => way !== "")).toEqual([]);
  });
});
