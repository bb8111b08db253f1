/**
 * Previews environments on empty state: what their program declares, with no Pulumi CLI, no provider, no
 * credentials and no network. All environments share one process where the program allows it; those that cannot
 * are run in Pulumi's own runner.
 */
import { EngineError } from "./diagnostic";
import { runOfficially } from "./host/official-runner";
import { whyUnsuitable } from "./host/program";
import type { EvaluationEvents } from "./host/protocol";
import type { SharedResult } from "./host/shared-runner";
import { SharedRunners } from "./host/shared-runners";
import { inTurns } from "./in-turns";
import type { Declaration } from "./monitor/declaration";
import { type EnvironmentConfiguration, loadEnvironment } from "./project/environment";
import { parseOverride } from "./project/overrides";
import type { Project } from "./project/project";
import { withoutRevealed } from "./property/revealed-secrets";

/** How a preview is made. */
export interface PreviewOptions {
  /** Values laid over every environment's file, as `key=value`. */
  readonly overrides: readonly string[];
  /** Where the passphrase is looked for. */
  readonly processEnvironment: NodeJS.ProcessEnv;
  /** Whether each environment gets a process of Pulumi's own runner, even if it could share one. */
  readonly officialRunner: boolean;
  /** Ends the preview, and every process that it started. */
  readonly signal: AbortSignal;
  readonly events: EvaluationEvents;
}

/** Processes of the official runner at a time: each loads every module for itself. */
const RUNNERS = 2;

/**
 * Previews the named environments; the results stand in the order of the names. Throws EngineError when a
 * configuration cannot be read, with the problems of all of them, before any program runs.
 */
export async function preview(
  project: Project,
  environments: readonly string[],
  options: PreviewOptions,
): Promise<Declaration[]> {
  const shared = mayShare(project, options) ? new SharedRunners(project, environments.length) : undefined;
  const stop = (): void => shared?.close();
  options.signal.addEventListener("abort", stop);
  try {
    const configurations = await loadAll(project, environments, options);
    const byName = new Map(configurations.map((configuration) => [configuration.environment, configuration]));
    const declared = new Map<string, Declaration>();
    const receive = (declaration: Declaration): Declaration => {
      const configuration = byName.get(declaration.environment);
      const whole = configuration === undefined ? declaration : shown(declaration, configuration);
      declared.set(declaration.environment, whole);
      options.events.declared?.(whole);
      return whole;
    };
    const results =
      (await shared?.evaluate(configurations, options.events, receive)) ?? new Map<string, SharedResult>();
    return await inTurns(configurations, RUNNERS, async (configuration) => {
      const { environment } = configuration;
      const known = declared.get(environment);
      if (known !== undefined) return known;
      const result = results.get(environment);
      if (result?.kind === "unsuitable" && !options.signal.aborted) {
        options.events.fallback?.(environment, withoutRevealed(result.reason, configuration.revealed));
      }
      return receive(await runOfficially(project, configuration, options.events, options.signal));
    });
  } finally {
    options.signal.removeEventListener("abort", stop);
    stop();
  }
}

/** Whether the program may be evaluated for many environments in one process, as far as its files tell. */
function mayShare(project: Project, options: PreviewOptions): boolean {
  return (
    !options.officialRunner &&
    project.options.nodeArguments.length === 0 &&
    whyUnsuitable(project) === undefined
  );
}

async function loadAll(
  project: Project,
  environments: readonly string[],
  { overrides, processEnvironment }: PreviewOptions,
): Promise<EnvironmentConfiguration[]> {
  const parsed = overrides.map((override) => parseOverride(override, project.name));
  const loaded = await Promise.allSettled(
    environments.map((environment) => loadEnvironment(project, environment, parsed, processEnvironment)),
  );
  const errors = loaded.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  const foreign = errors.find((error) => !(error instanceof EngineError));
  if (foreign !== undefined) throw foreign;
  const refused = errors as EngineError[];
  const [first] = refused;
  if (first !== undefined) {
    const problems = new Set(refused.flatMap((error) => error.problems));
    throw new EngineError(first.code, [...problems]);
  }
  return loaded.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

/** The declaration with the warnings of its configuration, and without secrets in clear. */
function shown(declaration: Declaration, configuration: EnvironmentConfiguration): Declaration {
  const { revealed, locked, diagnostics } = configuration;
  const whole = { ...declaration, diagnostics: [...diagnostics, ...declaration.diagnostics] };
  // A marker in a name or a key cannot become an unknown value; it would differ from run to run.
  return withoutRevealed(whole, [...revealed, ...locked.markers]);
}
