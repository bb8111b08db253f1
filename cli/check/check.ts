/**
 * Checks environments: evaluates their programs, judges each by the rules of the pack, and lays them side by side.
 * Nothing is deployed, no credentials are used, and nothing outside of this machine is asked.
 *
 * Under kb the rules are loaded when they are first used (cli/kb.cjs): another process loads the program meanwhile.
 */
import type { EvaluationEvents } from "../../engine/host/protocol";
import type { Declaration } from "../../engine/monitor/declaration";
import { type PreviewOptions, preview } from "../../engine/preview";
import type { Project } from "../../engine/project/project";
import { Judging, type JudgingOptions, readKnown } from "./judging";
import { withProgramPlaces } from "./locate";
import { judgeByPacks, type PackChoice } from "./packs";
import type { CheckReport } from "./report";

/** How a check is made. */
export interface CheckOptions extends Omit<PreviewOptions, "overrides">, JudgingOptions {
  /** Packs beside the project's own rules, each with its configuration. */
  readonly packs: readonly PackChoice[];
}

/**
 * Checks the named environments. Throws EngineError when the project, a configuration or the exemptions cannot be
 * read.
 */
export async function check(
  project: Project,
  environments: readonly string[],
  given: CheckOptions,
): Promise<CheckReport> {
  const stop = new AbortController();
  let judging: Judging | undefined;
  // With the official runner the rules are asked in a process of their own.
  const declared = (declaration: Declaration): void => {
    if (given.officialRunner) return;
    timed(given.events, `rules on ${declaration.environment}`, () => judging?.take(declaration));
  };
  const signal = AbortSignal.any([given.signal, stop.signal]);
  const options = { ...given, overrides: [], signal, events: { ...followed(given.events), declared } };
  try {
    const evaluated = preview(project, environments, options);
    evaluated.catch(() => {});
    // Under kb this loads the rules.
    judging = timed(
      given.events,
      "loading rules and files",
      () => new Judging(project, readKnown(project, options), options),
    );
    const judged = judgeByPacks(project, environments, evaluated, options);
    judged.catch(() => {});
    const declarations = await evaluated;
    const answers = await judged;
    const started = performance.now();
    const report = await judging.finish(declarations, answers);
    given.events.timing?.("comparing environments", performance.now() - started);
    return await withProgramPlaces(report, project, declarations, options);
  } catch (error) {
    // Whatever else was started has nobody left to wait for it.
    stop.abort();
    throw error;
  }
}

/** Tells how long the work took. */
function timed<T>(events: EvaluationEvents, phase: string, work: () => T): T {
  const started = performance.now();
  const result = work();
  events.timing?.(phase, performance.now() - started);
  return result;
}

/** The events of an object with methods, which cannot be copied as they are. */
function followed(events: EvaluationEvents): EvaluationEvents {
  return {
    progress: (environment, resources) => events.progress?.(environment, resources),
    timing: (phase, milliseconds) => events.timing?.(phase, milliseconds),
    fallback: (environment, reason) => events.fallback?.(environment, reason),
  };
}
