/** Deletes everything that a stack has, without running its program. */
import type { Project } from "../project/project";
import type { DeployResult } from "./events";
import type { DeployOptions } from "./options";
import { onStack } from "./session";

/** Deletes in reverse order of dependency. Throws EngineError when it cannot begin. */
export function destroy(
  project: Project,
  environment: string,
  options: DeployOptions,
): Promise<DeployResult> {
  return onStack(project, environment, "destroy", options, async ({ deployment }) => {
    await deployment.finish();
    return "succeeded";
  });
}
