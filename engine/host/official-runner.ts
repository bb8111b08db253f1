/**
 * Previews a program in Pulumi's own runner, in a process of its own for each environment. Slower than sharing a
 * process, and the measure of what is right.
 */
import type { Declaration, Outcome } from "../monitor/declaration";
import { PreviewMonitor } from "../monitor/preview-monitor";
import { MonitorService } from "../monitor/service";
import type { EnvironmentConfiguration } from "../project/environment";
import type { Project } from "../project/project";
import { runProgram } from "./program-process";
import type { EvaluationEvents } from "./protocol";

/** Runs the program for one environment. Ends the process when the signal is aborted. */
export async function runOfficially(
  project: Project,
  configuration: EnvironmentConfiguration,
  events: EvaluationEvents,
  signal: AbortSignal,
): Promise<Declaration> {
  const { environment } = configuration;
  let count = 0;
  const monitor = new PreviewMonitor({ project: project.name, root: project.root }, configuration, {
    resource: () => {
      count += 1;
      events.progress?.(environment, count);
    },
  });
  const finish = (outcome: Outcome): Declaration => ({
    project: project.name,
    environment,
    outcome,
    resources: monitor.resources,
    outputs: monitor.outputs,
    invokes: monitor.invokes,
    diagnostics: monitor.diagnostics,
  });
  const service = new MonitorService(monitor);
  return finish(await runProgram(project, configuration, service, signal));
}
