/** `kb preview [environment…]`: what the environments declare, from empty state. */
import { Command } from "commander";
import { EngineError } from "../../engine/diagnostic";
import type { Declaration } from "../../engine/monitor/declaration";
import { preview } from "../../engine/preview";
import { loadProject, type Project } from "../../engine/project/project";
import { Judging, readKnown } from "../check/judging";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";
import { type ColorWhen, paint, useColor } from "../format/color";
import { type PolicySummary, policySummaries } from "../format/policy-summary";
import { previewJson } from "../format/preview-json";
import { previewText } from "../format/preview-text";
import { Progress } from "../format/progress";
import { terminalWidth } from "../format/table";
import { engineExitCodes, namedEnvironments } from "./environments";

interface PreviewFlags {
  readonly cwd: string;
  readonly color: ColorWhen;
  readonly config?: readonly string[];
  readonly diff?: true;
  readonly json?: true;
  readonly officialRunner?: true;
}

/** The command; `finish` gets its exit code. */
export function previewCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("preview")
    .summary("show what environments consist of")
    .description(
      "Shows what each environment declares, from empty state: every resource that its program registers, with no " +
        "Pulumi CLI, no provider, no credentials and no network. It does not look at what is deployed; for that, " +
        "use pulumi preview.",
    )
    .argument(
      "[environments...]",
      "names of environments; all that have a Pulumi.<name>.yaml when none is given",
    )
    .option("--diff", "show the properties of every resource")
    .option("--json", "print one JSON document to standard output (docs/preview-json.md)")
    .option(
      "--config <key=value>",
      "lay a value over the environments' files, for this run only; may be repeated, and may go on as a path into a structured value (keybuzz:workloads.api.replicas=3)",
      (value: string, before: readonly string[] = []) => [...before, value],
    )
    .option(
      "--official-runner",
      "run each environment in a process of Pulumi's own runner (slower, same result)",
    )
    .action(async (environments: string[], _, command: Command) => {
      finish(await runPreview(context, environments, command.optsWithGlobals<PreviewFlags>()));
    });
}

async function runPreview(
  context: CommandContext,
  named: readonly string[],
  flags: PreviewFlags,
): Promise<ExitCode> {
  const { stdout, stderr, processEnvironment, signal } = context;
  const progress = new Progress(stderr, processEnvironment);
  try {
    const project = loadProject(flags.cwd);
    const environments = namedEnvironments(project, named);
    progress.start(environments);
    const overrides = flags.config ?? [];
    const evaluated = preview(project, environments, {
      overrides,
      processEnvironment,
      officialRunner: flags.officialRunner === true,
      signal,
      events: progress,
    });
    evaluated.catch(() => {});
    // Values laid over the files are not what the rules know of the environments.
    const policies = overrides.length === 0 ? await judged(project, evaluated, signal) : undefined;
    const declarations = await evaluated;
    progress.stop();
    if (signal.aborted) throw new CommandError(EXIT.cancelled, ["preview cancelled"]);
    const color = paint(useColor(flags.color, stdout, processEnvironment));
    stdout.write(
      flags.json
        ? previewJson(declarations, policies)
        : previewText(declarations, {
            paint: color,
            width: terminalWidth(stdout),
            diff: flags.diff === true,
            ...(policies === undefined ? {} : { policies }),
          }),
    );
    return exitCodeOf(declarations);
  } catch (error) {
    progress.stop();
    if (signal.aborted) throw new CommandError(EXIT.cancelled, ["preview cancelled"]);
    if (error instanceof EngineError) throw new CommandError(engineExitCodes[error.code], error.problems);
    throw error;
  }
}

/** What the rules say of the environments. */
async function judged(
  project: Project,
  evaluated: Promise<Declaration[]>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PolicySummary>> {
  const today = new Date().toISOString().slice(0, 10);
  const known = readKnown(project, { today, signal });
  const judging = new Judging(project, known, { strict: false, today });
  return policySummaries(await judging.finish(await evaluated));
}

/** The worst of the outcomes: a failed program before a refused configuration. */
function exitCodeOf(declarations: readonly Declaration[]): ExitCode {
  const outcomes = new Set(declarations.map(({ outcome }) => outcome));
  if (outcomes.has("cancelled")) return EXIT.cancelled;
  if (outcomes.has("failed")) return EXIT.failure;
  return outcomes.has("misconfigured") ? EXIT.configuration : EXIT.success;
}
