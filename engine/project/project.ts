/**
 * Pulumi.yaml and the environments beside it. An environment is a file `Pulumi.<name>.yaml`; there is no other
 * list. Rules for finding the program follow pkg/engine/project.go of pulumi/pulumi.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EngineError } from "../diagnostic";
import { isRecord, readYamlFile } from "./yaml-file";

/** A Pulumi project whose program runs on Node.js. */
export interface Project {
  readonly name: string;
  /** Absolute path of the folder that holds Pulumi.yaml. */
  readonly root: string;
  /** Absolute path of the folder with the environments' files. */
  readonly configDirectory: string;
  /** Working directory of the program. */
  readonly programDirectory: string;
  /** Entry point relative to the working directory; `.` leaves the choice to package.json. */
  readonly entryPoint: string;
  readonly options: RuntimeOptions;
  /** The project's own `config:` block: defaults that an environment's file overrides. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Range of engine versions that the project asks for. */
  readonly requiredPulumiVersion?: string;
}

/** `runtime.options` of Pulumi.yaml, as far as they decide how a program is run. */
export interface RuntimeOptions {
  /** Whether TypeScript is loaded through Pulumi's own loader. @default true */
  readonly typescript: boolean;
  /** Path of the tsconfig file, relative to the working directory. */
  readonly tsconfig?: string;
  /** Arguments for Node.js, placed before the script. */
  readonly nodeArguments: readonly string[];
}

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml"];
const ENVIRONMENT_FILE = /^Pulumi\.(.+)\.ya?ml$/;

/** Reads the project at or above a folder. Throws EngineError `project` with every problem. */
export function loadProject(directory: string): Project {
  if (!existsSync(directory)) {
    throw new EngineError("project", [
      `there is no folder ${resolve(directory)}; name a Pulumi project with -C DIR`,
    ]);
  }
  const file = findProjectFile(resolve(directory));
  if (file === undefined) {
    throw new EngineError("project", [
      `no Pulumi.yaml in ${resolve(directory)} or above it; run in a Pulumi project or name one with -C DIR`,
    ]);
  }
  const { value } = readYamlFile(file, "project");
  const name = basename(file);
  if (!isRecord(value)) throw new EngineError("project", [`${name}: expected a map with name and runtime`]);

  const problems: string[] = [];
  const text = (key: string): string | undefined => {
    const found = value[key];
    if (found === undefined || typeof found === "string") return found;
    problems.push(`${name}: ${key}: expected text, found ${JSON.stringify(found)}`);
    return undefined;
  };
  const projectName = text("name");
  if (!projectName) problems.push(`${name}: name: missing; every project has a name`);
  const options = readRuntime(value.runtime, name, problems);
  const root = dirname(file);
  const main = text("main");
  const program = main === undefined ? root : resolve(root, main);
  if (main !== undefined && !existsSync(program)) {
    problems.push(`${name}: main: ${main} does not exist`);
  }
  // A text is an older name of stackConfigDir.
  const config = typeof value.config === "string" ? {} : (value.config ?? {});
  if (!isRecord(config)) problems.push(`${name}: config: expected a map`);
  const stackConfigDir = text(typeof value.config === "string" ? "config" : "stackConfigDir");
  const requiredPulumiVersion = text("requiredPulumiVersion");
  if (problems.length > 0 || projectName === undefined || options === undefined) {
    throw new EngineError("project", problems);
  }
  const isFile = existsSync(program) && statSync(program).isFile();
  return {
    name: projectName,
    root,
    configDirectory: stackConfigDir === undefined ? root : resolve(root, stackConfigDir),
    programDirectory: isFile ? dirname(program) : program,
    entryPoint: isFile ? basename(program) : ".",
    options,
    config: isRecord(config) ? config : {},
    ...(requiredPulumiVersion === undefined ? {} : { requiredPulumiVersion }),
  };
}

/** Names of the environments that have a file, in alphabetical order. */
export function listEnvironments(project: Project): string[] {
  if (!existsSync(project.configDirectory)) return [];
  const names = readdirSync(project.configDirectory).flatMap(
    (file) => ENVIRONMENT_FILE.exec(file)?.[1] ?? [],
  );
  return [...new Set(names)].sort();
}

/** Path of an environment's file, or undefined when there is none. */
export function environmentFile(project: Project, environment: string): string | undefined {
  return [`Pulumi.${environment}.yaml`, `Pulumi.${environment}.yml`]
    .map((file) => join(project.configDirectory, file))
    .find((file) => existsSync(file));
}

function findProjectFile(directory: string): string | undefined {
  for (let current = directory; ; current = dirname(current)) {
    const found = PROJECT_FILES.map((file) => join(current, file)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (dirname(current) === current) return undefined;
  }
}

function readRuntime(value: unknown, file: string, problems: string[]): RuntimeOptions | undefined {
  const name = isRecord(value) ? value.name : value;
  if (name !== "nodejs") {
    problems.push(
      `${file}: runtime: found ${JSON.stringify(name)}; kb runs programs of runtime nodejs, use pulumi for others`,
    );
    return undefined;
  }
  const options = isRecord(value) && isRecord(value.options) ? value.options : {};
  const { typescript = true, tsconfig, nodeargs = "" } = options;
  if (typeof typescript !== "boolean") {
    problems.push(`${file}: runtime.options.typescript: expected true or false`);
  }
  if (typeof nodeargs !== "string") problems.push(`${file}: runtime.options.nodeargs: expected text`);
  return {
    typescript: typescript === true,
    nodeArguments: typeof nodeargs === "string" ? splitArguments(nodeargs) : [],
    ...(typeof tsconfig === "string" ? { tsconfig } : {}),
  };
}

/** Splits as a shell splits words: at blanks outside quotes. */
function splitArguments(text: string): string[] {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
