/**
 * What a pack that judges one environment knows of the others: the files of the project beside it. Another
 * project's environments are not known, and rules that need them have nothing to say.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { environmentsIn } from "../environment-files";
import { type Estate, estateOf } from "../estate";
import { type Exempting, exemptedToday } from "../exemptions";
import { AS_DATA } from "./told";

/** Variable that names the folder of Pulumi.yaml. Without it, it is the folder in which the pack lies. */
export const PROJECT_ROOT = "KEYBUZZ_PROJECT_ROOT";

const PROJECT_FILES = ["Pulumi.yaml", "Pulumi.yml"];

/** The repository of this file. */
const BESIDE = dirname(dirname(__dirname));

/** What is read of Pulumi.yaml. */
interface ProjectFile {
  readonly name?: unknown;
  readonly config?: unknown;
  readonly stackConfigDir?: unknown;
}

/** What the pack knows of the project whose stack it judges. */
export interface PackProject {
  readonly estate: Estate;
  /** Which findings the project accepts. None when kb asks, which lays exemptions over its whole report. */
  readonly exempting: Exempting;
}

/**
 * The project and the environment for which Pulumi started this process. Throws when a file cannot be read, or when
 * the exemptions have mistakes: then the pack must not pass.
 *
 * @param beside the folder that is looked at when the variable names none
 */
export function packProject(variables: NodeJS.ProcessEnv, beside = BESIDE): PackProject {
  const { PULUMI_NODEJS_STACK: environment = "", PULUMI_NODEJS_PROJECT: name = "" } = variables;
  if (environment === "") {
    throw new Error("PULUMI_NODEJS_STACK is not set: the rules need to know which environment they judge");
  }
  const found = findProject(name, variables[PROJECT_ROOT], beside);
  if (found === undefined) return { estate: estateOf(environment, []), exempting: () => undefined };
  const environments = existsSync(found.environments) ? environmentsIn(found.environments) : [];
  return {
    estate: estateOf(environment, environments),
    exempting: variables[AS_DATA] === undefined ? exemptedToday(found.root, environment) : () => undefined,
  };
}

/** The project's folder, and where its environments' files stand; undefined when the project is another one. */
function findProject(
  project: string,
  named: string | undefined,
  beside: string,
): { readonly root: string; readonly environments: string } | undefined {
  const root = named === undefined || named === "" ? beside : resolve(named);
  const file = PROJECT_FILES.map((name) => join(root, name)).find((path) => existsSync(path));
  const content = file === undefined ? undefined : (parse(readFileSync(file, "utf8")) as ProjectFile | null);
  if (content?.name !== project) {
    if (root === beside) return undefined;
    const seen = file === undefined ? "there is no Pulumi.yaml" : `its project is ${String(content?.name)}`;
    throw new Error(`${PROJECT_ROOT}: ${root}: ${seen}; name the folder of the project ${project}`);
  }
  // A text is an older name of stackConfigDir.
  const directory = typeof content.config === "string" ? content.config : content.stackConfigDir;
  return { root, environments: typeof directory === "string" ? resolve(root, directory) : root };
}
