/** Takes what is really there into a stack's state, without running its program and without changing anything else. */
import { bulkhead } from "cockatiel";
import { isReadable, refresh as readResource } from "../apply/refresh";
import type { ResourceState } from "../checkpoint/state";
import { messageOf } from "../diagnostic";
import type { Outcome } from "../monitor/declaration";
import { isUnownedProvider } from "../monitor/default-providers";
import type { Project } from "../project/project";
import { type DeployResult, recordOf, type StepRecord } from "./events";
import type { DeployOptions } from "./options";
import { onStack, type Session } from "./session";

export interface RefreshOptions extends DeployOptions {
  /** Forgets creates of which nobody can tell whether they happened. */
  readonly clearPendingCreates: boolean;
}

/**
 * Reads every resource. The result tells what became of each: `update`, `delete`, or `same`. A resource that cannot be
 * read keeps its state and fails the operation. Throws EngineError when it cannot begin.
 */
export function refresh(
  project: Project,
  environment: string,
  options: RefreshOptions,
): Promise<DeployResult> {
  return onStack(project, environment, "refresh", options, (session) => refreshAll(session, options));
}

async function refreshAll(session: Session, options: RefreshOptions): Promise<Outcome> {
  const { snapshot, stack, deployment } = session;
  if (options.clearPendingCreates && snapshot.pendingOperations.length > 0) {
    await stack?.rewrite({ ...snapshot, pendingOperations: [] });
  }
  const working = bulkhead(options.parallel, Number.POSITIVE_INFINITY);
  await Promise.all(
    snapshot.resources.map((state) =>
      working.execute(async () => {
        if (options.signal.aborted) return;
        if (isReadable(state)) await refreshOne(state, session, options);
        else deployment.note({ ...found(state, state), op: "same" });
      }),
    ),
  );
  return options.signal.aborted ? "cancelled" : deployment.failed ? "failed" : "succeeded";
}

async function refreshOne(old: ResourceState, session: Session, { events }: DeployOptions): Promise<void> {
  const { registry, stack, deployment } = session;
  const { urn, type } = old;
  events.started?.({ op: "refresh", urn, type });
  try {
    const { state, difference } = await readResource(
      { op: "refresh", reason: "read", old },
      {
        registry,
        ...(stack === undefined ? {} : { recorder: stack.recorder }),
        now: () => new Date().toISOString(),
      },
    );
    for (const reason of state?.initErrors ?? []) {
      deployment.report({ severity: "warning", message: `the resource is not in order: ${reason}`, urn });
    }
    const op = state === undefined ? "delete" : difference.changed ? "update" : "same";
    deployment.note({ ...found(old, state), op, diff: difference });
  } catch (error) {
    deployment.report({ severity: "error", message: messageOf(error), urn });
  }
}

/** What became of a resource, as it is shown. */
function found(old: ResourceState, state: ResourceState | undefined): StepRecord {
  return recordOf({ op: "refresh", reason: "read", old }, state, "done", isUnownedProvider(old.urn));
}
