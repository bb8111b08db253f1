/**
 * The folder of a policy pack: PulumiPolicy.yaml, package.json, and the runner that Pulumi's Node.js language
 * host would start it with. Nothing of the pack is run here.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { EngineError } from "../diagnostic";
import { isRecord, readYamlFile } from "../project/yaml-file";

/** A policy pack that can be started. */
export interface PolicyPack {
  /** Absolute path of the folder that holds PulumiPolicy.yaml. */
  readonly directory: string;
  /** Absolute path of `@pulumi/pulumi/cmd/run-policy-pack`. */
  readonly runner: string;
  /** The version of PulumiPolicy.yaml, which goes before the one that the pack tells. */
  readonly version?: string;
}

const PACK_FILE = "PulumiPolicy.yaml";
const RUNNER = "@pulumi/pulumi/cmd/run-policy-pack";

/** Reads a pack. Throws EngineError `policy` with every problem, each with what to do about it. */
export function loadPack(folder: string): PolicyPack {
  const directory = resolve(folder);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new EngineError("policy", [
      `policy pack ${directory}: there is no such folder; name the folder that holds ${PACK_FILE}`,
    ]);
  }
  const file = join(directory, PACK_FILE);
  if (!existsSync(file)) {
    throw new EngineError("policy", [
      `policy pack ${directory}: there is no ${PACK_FILE}; name the folder that holds it, or write one with "runtime: nodejs"`,
    ]);
  }
  const { value } = readYamlFile(file, "policy");
  if (!isRecord(value)) {
    throw new EngineError("policy", [`${file}: expected a map with runtime; write "runtime: nodejs"`]);
  }
  const problems = runtimeProblems(value.runtime).map((problem) => `${file}: ${problem}`);
  const manifest = readManifest(directory, problems);
  const version = versionOf(value.version);
  if (value.version !== undefined && version === undefined) {
    problems.push(
      `${file}: version: expected text, found ${JSON.stringify(value.version)}; put it in quotation marks`,
    );
  } else if (version === undefined && manifest !== undefined && versionOf(manifest.version) === undefined) {
    problems.push(
      `policy pack ${directory}: no version; write one, such as "version": "1.0.0", into its package.json`,
    );
  }
  const missing = missingDependencies(directory, manifest);
  if (missing.length > 0) {
    problems.push(
      `policy pack ${directory}: its dependencies are not installed (${missing.join(", ")}); run npm install (or the package manager's install) there`,
    );
  }
  const runner = resolveRunner(directory);
  if (runner === undefined && missing.length === 0) {
    problems.push(
      `policy pack ${directory}: @pulumi/pulumi cannot be found; run npm install @pulumi/policy there`,
    );
  }
  if (problems.length > 0 || runner === undefined) throw new EngineError("policy", problems);
  return { directory, runner, ...(version === undefined ? {} : { version }) };
}

/** What is wrong with `runtime`, a name or a map of name and options. */
function runtimeProblems(runtime: unknown): string[] {
  const { name, options } = isRecord(runtime) ? runtime : { name: runtime, options: undefined };
  if (name !== "nodejs") {
    const seen = name === undefined ? "nothing" : JSON.stringify(name);
    return [`runtime: found ${seen}; kb runs packs of runtime nodejs, use pulumi for others`];
  }
  const { nodeargs = "" } = isRecord(options) ? options : {};
  if (nodeargs === "") return [];
  // The language host puts them behind the script, which then takes them for its own arguments.
  return [
    `runtime.options.nodeargs: found ${JSON.stringify(nodeargs)}; Pulumi's runner cannot pass arguments to the Node.js of a policy pack: remove them, or set NODE_OPTIONS`,
  ];
}

/** package.json as a map; undefined with a problem when there is none or it is no map. */
function readManifest(directory: string, problems: string[]): Record<string, unknown> | undefined {
  const file = join(directory, "package.json");
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isRecord(value)) return value;
    problems.push(`${file}: expected a map with name and version`);
  } catch (error) {
    problems.push(
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? `policy pack ${directory}: there is no package.json; write one with a version and @pulumi/policy among its dependencies`
        : `${file}: cannot be read: ${(error as Error).message}`,
    );
  }
  return undefined;
}

function versionOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Packages among the pack's dependencies that stand in no node_modules folder that it sees. */
function missingDependencies(directory: string, manifest: Record<string, unknown> | undefined): string[] {
  const { dependencies } = manifest ?? {};
  if (!isRecord(dependencies)) return [];
  const { resolve } = createRequire(join(directory, "index.js"));
  return Object.keys(dependencies).filter(
    (name) => !(resolve.paths(name) ?? []).some((folder) => existsSync(join(folder, name))),
  );
}

/** The pack's own runner; without one, that of this program. */
function resolveRunner(directory: string): string | undefined {
  for (const from of [join(directory, "index.js"), __filename]) {
    try {
      return createRequire(from).resolve(RUNNER);
    } catch {
      // The next one is tried.
    }
  }
  return undefined;
}
