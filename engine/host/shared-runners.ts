/** Shares the environments among processes of SharedRunner: one for a few of them, more for many. */
import { availableParallelism } from "node:os";
import type { Declaration } from "../monitor/declaration";
import type { EnvironmentConfiguration } from "../project/environment";
import type { Project } from "../project/project";
import type { EvaluationEvents } from "./protocol";
import { type SharedResult, SharedRunner } from "./shared-runner";

/** A process loads the SDK and the program's packages for itself: the time of this many environments. */
const WORTH_A_PROCESS = 8;

/** Each takes the memory of a program of its own. */
const MOST = 2;

/** Whoever asked judges an environment while the next one is evaluated, and is slowed down without a core for it. */
const CORES_FOR_THE_REST = 1;

/** Processes that were started, for at most so many environments. They load the SDK at once. */
export class SharedRunners {
  readonly #runners: readonly SharedRunner[];

  constructor(project: Project, environments: number, cores = availableParallelism()) {
    const most = Math.min(MOST, cores - CORES_FOR_THE_REST, Math.floor(environments / WORTH_A_PROCESS));
    this.#runners = Array.from({ length: Math.max(1, most) }, () => new SharedRunner(project));
  }

  /** What became of each environment, by its name; see SharedRunner.evaluate. */
  async evaluate(
    configurations: readonly EnvironmentConfiguration[],
    events: EvaluationEvents,
    receive: (declaration: Declaration) => void,
  ): Promise<Map<string, SharedResult>> {
    const share = Math.ceil(configurations.length / this.#runners.length);
    const results = await Promise.all(
      this.#runners.map((runner, index) =>
        runner.evaluate(configurations.slice(index * share, (index + 1) * share), events, receive),
      ),
    );
    return new Map(results.flatMap((result) => [...result]));
  }

  /** Ends the processes that still run. */
  close(): void {
    for (const runner of this.#runners) runner.close();
  }
}
