/** `kb sandbox preview|up|refresh|destroy`: a stack on the sandbox's servers, through the engine of this project. */
import { Command, InvalidArgumentError } from "commander";
import { type DeployResult, hasChanges } from "../../engine/deploy/events";
import type { DeployOptions } from "../../engine/deploy/options";
import { EngineError } from "../../engine/diagnostic";
import { loadProject, type Project } from "../../engine/project/project";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";
import { type ColorWhen, paint, useColor } from "../format/color";
import { deployJson } from "../format/deploy-json";
import { DeployProgress } from "../format/deploy-progress";
import { type DeployKind, deployText } from "../format/deploy-text";
import { terminalWidth } from "../format/table";
import { withPassphrase } from "../sandbox/passphrase";
import { makeStateFolder } from "../sandbox/state-folder";
import { connectionsTo, sandboxTarget } from "../sandbox/target";
import { engineExitCodes, namedEnvironments } from "./environments";
import { type PolicyPackFlags, packsOf } from "./policy-packs";
import { type SandboxFlags, withSandbox } from "./sandbox-run";

export interface DeployFlags extends SandboxFlags, PolicyPackFlags {
  readonly color: ColorWhen;
  readonly config?: readonly string[];
  readonly parallel: number;
  readonly message: string;
  readonly diff?: true;
  readonly json?: true;
  readonly preview?: true;
  readonly expectNoChanges?: true;
  readonly continueOnError?: true;
}

/** An operation of the engine, told what the command line says. */
export type Operate<F extends DeployFlags> = (
  project: Project,
  environment: string,
  options: DeployOptions,
  flags: F,
) => Promise<DeployResult>;

/** Steps at a time, unless the command line says otherwise. */
const PARALLEL = 16;

/** A command with what all operations have in common. */
export function deployCommand(name: DeployKind): Command {
  return new Command(name)
    .argument("<environment>", "name of an environment: a file Pulumi.<name>.yaml")
    .option("--diff", "show what changes of every property")
    .option("--json", "print one JSON document to standard output (docs/deploy-json.md)")
    .option("--expect-no-changes", "exit with 7 if anything was, or would be, changed")
    .option("-p, --parallel <n>", "steps at a time", positive, PARALLEL)
    .option("-m, --message <text>", "what the history says of it", "")
    .option(
      "--config <key=value>",
      "lay a value over the environment's file, for this run only; may be repeated",
      (value: string, before: readonly string[] = []) => [...before, value],
    );
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("expected a whole number above 0");
}

/** Runs an operation on the sandbox and shows what it came to. */
export async function runDeployment<F extends DeployFlags>(
  context: CommandContext,
  kind: DeployKind,
  environment: string,
  flags: F,
  operate: Operate<F>,
): Promise<ExitCode> {
  const { stdout, stderr, processEnvironment, signal } = context;
  const preview = kind === "preview" || flags.preview === true;
  return withSandbox(context, flags, async (sandbox, folder) => {
    const target = await sandboxTarget(sandbox, folder);
    const progress = new DeployProgress(
      stderr,
      processEnvironment,
      `${doing(kind, preview)} ${environment}`,
      preview,
    );
    const cancelling = (): void =>
      progress.say("cancelling: steps under way come to their end; interrupt again to end at once");
    signal.addEventListener("abort", cancelling);
    const started = performance.now();
    try {
      const project = loadProject(flags.cwd);
      const [known = environment] = namedEnvironments(project, [environment]);
      progress.start();
      const result = await operate(
        project,
        known,
        {
          backend: makeStateFolder(folder),
          preview,
          ...connectionsTo(target),
          overrides: flags.config ?? [],
          processEnvironment: withPassphrase(processEnvironment, folder),
          parallel: flags.parallel,
          continueOnError: flags.continueOnError === true,
          message: flags.message,
          policyPacks: packsOf(flags),
          signal,
          events: progress,
        },
        flags,
      );
      progress.stop();
      const seconds = (performance.now() - started) / 1000;
      const shown = { kind, preview, project: project.name, environment: known, seconds };
      const color = paint(useColor(flags.color, stdout, processEnvironment));
      stdout.write(
        flags.json
          ? deployJson(result, shown)
          : deployText(result, {
              ...shown,
              paint: color,
              width: terminalWidth(stdout),
              diff: flags.diff === true,
            }),
      );
      return exitCodeOf(result, flags);
    } catch (error) {
      if (error instanceof EngineError) throw new CommandError(engineExitCodes[error.code], error.problems);
      throw error;
    } finally {
      progress.stop();
      signal.removeEventListener("abort", cancelling);
    }
  });
}

function doing(kind: DeployKind, preview: boolean): string {
  if (kind === "preview") return "Previewing";
  if (preview) return `Previewing ${kind} of`;
  return { up: "Updating", refresh: "Refreshing", destroy: "Destroying" }[kind];
}

function exitCodeOf(result: DeployResult, { expectNoChanges }: DeployFlags): ExitCode {
  if (result.outcome === "cancelled") return EXIT.cancelled;
  if (isRefused(result)) return EXIT.policy;
  if (result.outcome === "misconfigured") return EXIT.configuration;
  if (result.outcome !== "succeeded") return EXIT.failure;
  return expectNoChanges === true && hasChanges(result) ? EXIT.unexpectedChanges : EXIT.success;
}

/** Whether a policy that is mandatory is broken; a preview goes on and tells of all. */
function isRefused({ policies }: DeployResult): boolean {
  return policies.some(({ violations }) => violations.some(({ level }) => level === "mandatory"));
}
