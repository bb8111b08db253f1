/** What is known of a project's environments before their programs run, by their files. */
import { readFileSync } from "node:fs";
import { environmentFile, listEnvironments, type Project } from "../../engine/project/project";
import { factsOf } from "../../policies/environment-files";
import type { EnvironmentFacts } from "../../policies/estate";

/**
 * Every environment of the project, those that are not checked too: what one of them claims must not be used by the
 * others.
 */
export function environmentFacts(project: Project): EnvironmentFacts[] {
  return listEnvironments(project).map((name) => {
    const file = environmentFile(project, name);
    return factsOf(name, file === undefined ? "" : readFileSync(file, "utf8"));
  });
}
