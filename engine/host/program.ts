/**
 * Loads a program as Pulumi's runner does (cmd/run/run.ts), but as often as there are environments: the files of
 * the program are evaluated anew for each, so that what they keep in variables stays within one environment; the
 * packages they use are loaded once.
 */
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import type { Project } from "../project/project";
import { needsTypes } from "./compiler-options";
import type { ProgramLocation } from "./protocol";

const PACKAGES = `${sep}node_modules${sep}`;

interface Manifest {
  readonly type?: string;
  readonly main?: string;
  readonly exports?: unknown;
}

/** Why a program cannot be evaluated here, or undefined when it can. Looks at files only. */
export function whyUnsuitable(project: Pick<Project, "programDirectory" | "options">): string | undefined {
  const manifest = nearestManifest(project.programDirectory)?.manifest;
  if (manifest?.type === "module") return "its package.json makes it an ES module";
  return needsTypes(project) ? "its decorators want to know types" : undefined;
}

/** Loads the program of one environment after another. */
export class ProgramLoader {
  readonly #before = new Set(Object.keys(require.cache));
  /** How long the last run took to load its files, in milliseconds. */
  loading = 0;

  constructor(private readonly location: ProgramLocation) {}

  /** Evaluates the program's files and calls the function that they export, if they do. */
  async run(): Promise<unknown> {
    const require = createRequire(join(this.location.programDirectory, "program.js"));
    const started = performance.now();
    const exported: unknown = require(this.#entryPoint());
    this.loading = performance.now() - started;
    return await (exported instanceof Function ? exported() : exported);
  }

  /** Forgets the program's own files, so that the next run evaluates them anew. */
  forget(): void {
    for (const file of Object.keys(require.cache)) {
      if (!this.#before.has(file) && !file.includes(PACKAGES)) delete require.cache[file];
    }
  }

  /** With no entry point in Pulumi.yaml, `exports` and then `main` of package.json decide. */
  #entryPoint(): string {
    const { programDirectory, entryPoint } = this.location;
    const program = resolve(programDirectory, entryPoint);
    const found = entryPoint === "." ? nearestManifest(programDirectory) : undefined;
    const named = found === undefined ? undefined : manifestEntry(found.manifest);
    if (found === undefined || named === undefined) return program;
    const file = join(found.directory, named);
    return statSync(file, { throwIfNoEntry: false }) === undefined ? program : file;
  }
}

function manifestEntry({ exports, main }: Manifest): string | undefined {
  if (typeof exports === "string") return exports;
  if (typeof exports !== "object" || exports === null) return main;
  const entry: unknown = (exports as Record<string, unknown>)["."];
  if (typeof entry === "string") return entry;
  const conditions = (entry ?? {}) as Record<string, string | undefined>;
  return conditions.default ?? conditions.require ?? conditions.import;
}

function nearestManifest(directory: string): { manifest: Manifest; directory: string } | undefined {
  for (let current = directory; ; current = dirname(current)) {
    try {
      const text = readFileSync(join(current, "package.json"), "utf8");
      return { manifest: JSON.parse(text) as Manifest, directory: current };
    } catch {
      if (dirname(current) === current) return undefined;
    }
  }
}
