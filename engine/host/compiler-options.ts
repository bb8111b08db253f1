/**
 * Which tsconfig file a program is compiled with. Pulumi's runner takes the one that Pulumi.yaml names, or
 * tsconfig.json in the program's own folder, and otherwise its own defaults; it never looks above that folder.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Project } from "../project/project";

type Compiled = Pick<Project, "programDirectory" | "options">;

/** Path of the tsconfig file; one that stands for the runner's defaults when the program has none. */
export function tsconfigOf({ programDirectory, options }: Compiled): string {
  const file = resolve(programDirectory, options.tsconfig ?? "tsconfig.json");
  return existsSync(file) ? file : join(__dirname, "default-tsconfig.json");
}

/** Whether the program needs a compiler that knows types. Options that the file inherits are not looked at. */
export function needsTypes(project: Compiled): boolean {
  const text = readFileSync(tsconfigOf(project), "utf8");
  return /^[^/]*"emitDecoratorMetadata"\s*:\s*true/m.test(text);
}
