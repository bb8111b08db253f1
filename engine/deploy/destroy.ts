/** Deletes everything that a stack has, without running its program. */
import type { ResourceState } from "../checkpoint/state";
import { undeletable } from "../plan/refusals";
import type { Project } from "../project/project";
import type { DeployResult } from "./events";
import type { DeployOptions } from "./options";
import { onStack } from "./session";

/** Whether a resource stays because it is protected; what is gone already does not. */
function isKept({ protect, delete: leftover, pendingReplacement }: ResourceState): boolean {
  return protect === true && leftover !== true && pendingReplacement !== true;
}

/**
 * Deletes in reverse order of dependency. Where something is protected it deletes nothing and names all that is, as
 * the preview before the official CLI's destroy does: what hangs on a protected resource, such as the privileges on a
 * database, would be gone before the resource itself is refused. With continueOnError the rest goes. Throws EngineError when it cannot begin.
 */
export function destroy(
  project: Project,
  environment: string,
  options: DeployOptions,
): Promise<DeployResult> {
  return onStack(project, environment, "destroy", options, async ({ deployment, snapshot }) => {
    const kept = snapshot.resources.filter(isKept);
    if (kept.length > 0 && !options.continueOnError) {
      for (const { urn } of kept) deployment.report({ severity: "error", message: undeletable(urn), urn });
      return "failed";
    }
    await deployment.finish();
    return "succeeded";
  });
}
