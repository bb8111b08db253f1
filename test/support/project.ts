/** Pulumi projects made for one test: files in a folder of their own, with this repository's packages. */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Declaration } from "../../engine/monitor/declaration";
import { preview } from "../../engine/preview";
import { listEnvironments, loadProject } from "../../engine/project/project";

/** The root of this repository. */
export const repository = resolve(__dirname, "../..");

/**
 * Writes a project and returns its folder; it is removed after the test. Pulumi.yaml, package.json and one
 * environment `dev` are there unless `files` says otherwise; `null` leaves a file out.
 */
export function makeProject(files: Readonly<Record<string, string | null>>): string {
  const root = mkdtempSync(join(tmpdir(), "kb-project-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const all: Record<string, string | null> = {
    "Pulumi.yaml": "name: trial\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "config: {}\n",
    "package.json": JSON.stringify({ name: "trial" }),
    "tsconfig.json": JSON.stringify({
      compilerOptions: { noCheck: true, module: "commonjs", moduleResolution: "node", target: "es2022" },
    }),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    if (text === null) continue;
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  return root;
}

/** Copies this project without its environments, and returns the folder: whoever asks for it removes it. */
export function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "kb-copy-"));
  for (const file of ["Pulumi.yaml", "package.json", "tsconfig.json"]) {
    copyFileSync(join(repository, file), join(copy, file));
  }
  for (const folder of ["stacks", "components", "config"]) {
    cpSync(join(repository, folder), join(copy, folder), { recursive: true });
  }
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** What a test may ask of a preview. */
export interface TrialOptions {
  readonly overrides?: readonly string[];
  readonly processEnvironment?: NodeJS.ProcessEnv;
  readonly officialRunner?: boolean;
  readonly signal?: AbortSignal;
  readonly environments?: readonly string[];
}

/** Previews a project; `fallbacks` says which environments could not share a process, and why. */
export async function trial(
  root: string,
  options: TrialOptions = {},
): Promise<{ declarations: Declaration[]; fallbacks: Record<string, string> }> {
  const project = loadProject(root);
  const fallbacks: Record<string, string> = {};
  const declarations = await preview(project, options.environments ?? listEnvironments(project), {
    overrides: options.overrides ?? [],
    processEnvironment: options.processEnvironment ?? {},
    officialRunner: options.officialRunner ?? false,
    signal: options.signal ?? new AbortController().signal,
    events: {
      fallback: (environment, reason) => {
        fallbacks[environment] = reason;
      },
    },
  });
  return { declarations, fallbacks };
}

/** The declaration of a project's only environment. */
export async function declare(root: string, options: TrialOptions = {}): Promise<Declaration> {
  const { declarations } = await trial(root, options);
  const [declaration] = declarations;
  if (declaration === undefined || declarations.length !== 1) throw new Error("expected one environment");
  return declaration;
}

/** A resource of a declaration by its name. */
export function named(declaration: Declaration, name: string): Declaration["resources"][number] {
  const found = declaration.resources.find((resource) => resource.name === name);
  if (found === undefined)
    throw new Error(`no resource ${name}; there are ${declaration.resources.map((r) => r.name)}`);
  return found;
}
