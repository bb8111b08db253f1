/** Deploys what a program declares, or shows what a deployment would do. */
import { runProgram } from "../host/program-process";
import type { Outcome } from "../monitor/declaration";
import { MonitorService } from "../monitor/service";
import type { Project } from "../project/project";
import { DeployMonitor } from "./deploy-monitor";
import type { DeployResult } from "./events";
import type { DeployOptions } from "./options";
import { onStack, type Session } from "./session";

/** Runs a program to its end against the services of a deployment. */
export type RunProgram = (session: Session, service: MonitorService) => Promise<Outcome>;

/**
 * Runs the program in Pulumi's own runner and deploys what it registers. Throws EngineError when it cannot begin; then
 * nothing was changed.
 */
export function up(project: Project, environment: string, options: DeployOptions): Promise<DeployResult> {
  return upWith(project, environment, options, ({ configuration }, service) =>
    runProgram(project, configuration, service, options.signal),
  );
}

/** As up, with a program that is run otherwise. */
export function upWith(
  project: Project,
  environment: string,
  options: DeployOptions,
  run: RunProgram,
): Promise<DeployResult> {
  return onStack(project, environment, "update", options, (session) => deploy(session, options, run));
}

async function deploy(session: Session, { preview }: DeployOptions, run: RunProgram): Promise<Outcome> {
  const { project, configuration, deployment, registry, policies } = session;
  const service = new MonitorService(
    new DeployMonitor({
      project: project.name,
      root: project.root,
      programFolder: project.programDirectory,
      configuration,
      deployment,
      registry,
      preview,
    }),
  );
  const outcome = await run(session, service);
  if (outcome !== "succeeded") {
    deployment.stop(outcome === "cancelled" ? "cancelled" : "failed");
    await deployment.idle();
    return outcome;
  }
  // A program that ends itself does not say that it registered all.
  await service.monitor.finish();
  if (policies !== undefined && !deployment.stopped && (preview || !deployment.failed)) {
    await policies.judgeStack(deployment.finalStates().filter(({ external }) => external !== true));
  }
  return outcome;
}
