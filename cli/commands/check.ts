import { Command, Option } from "commander";
import { EngineError } from "../../engine/diagnostic";
import { loadProject } from "../../engine/project/project";
import { check } from "../check/check";
import { checkFormats, type FormatName, formatNames } from "../check/format";
import { type CheckReport, verdictOf } from "../check/report";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";
import { type ColorWhen, paint, useColor } from "../format/color";
import { Progress } from "../format/progress";
import { engineExitCodes, namedEnvironments } from "./environments";
import { type PolicyPackFlags, packsOf, withPolicyPackOptions } from "./policy-packs";

interface CheckFlags extends PolicyPackFlags {
  readonly color: ColorWhen;
  readonly format: FormatName;
  readonly strict?: true;
  readonly officialRunner?: true;
  readonly timings?: true;
}

/** The command; `finish` gets its exit code. */
export function checkCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  const command = new Command("check")
    .summary("refuse what mixes environments")
    .description(
      "Judges what the environments' programs declare: each environment by the rules of policies/, then all of them " +
        "side by side. No Pulumi CLI, no provider, no credentials and no network are needed. Ends with 5 when a " +
        "mandatory rule is broken, and with 1 when the check could not be made.",
    )
    .argument(
      "[environments...]",
      "names of environments; all that have a Pulumi.<name>.yaml when none is given",
    )
    .addOption(
      new Option("--format <format>", "how to print the result (docs/check-formats.md)")
        .choices(formatNames)
        .default("pretty"),
    )
    .option("--strict", "fail also on what could not be decided because a value is not known yet");
  return withPolicyPackOptions(command, "judge by another policy pack too")
    .option(
      "--official-runner",
      "run programs and rules in processes of Pulumi's own runners (slower, same result)",
    )
    .option("--timings", "print to standard error how long each phase took")
    .action(async (environments: string[], _, command: Command) => {
      finish(await runCheck(context, environments, command.optsWithGlobals<CheckFlags>()));
    });
}

async function runCheck(
  context: CommandContext,
  named: readonly string[],
  flags: CheckFlags,
): Promise<ExitCode> {
  const { stdout, stderr, processEnvironment, signal } = context;
  const progress = new Progress(stderr, processEnvironment, "Checking");
  try {
    const project = loadProject(flags.cwd);
    const environments = namedEnvironments(project, named);
    progress.start(environments);
    const report = await check(project, environments, {
      processEnvironment,
      officialRunner: flags.officialRunner === true,
      packs: packsOf(flags),
      strict: flags.strict === true,
      today: new Date().toISOString().slice(0, 10),
      signal,
      events: progress,
    });
    progress.stop();
    if (signal.aborted) throw new CommandError(EXIT.cancelled, ["check cancelled"]);
    const width = stdout.isTTY ? stdout.columns : undefined;
    const color = paint(useColor(flags.color, stdout, processEnvironment));
    stdout.write(checkFormats[flags.format](report, { paint: color, width }));
    if (flags.timings) progress.writeTimings();
    return exitCodeOf(report);
  } catch (error) {
    progress.stop();
    if (signal.aborted) throw new CommandError(EXIT.cancelled, ["check cancelled"]);
    if (error instanceof EngineError) throw new CommandError(engineExitCodes[error.code], error.problems);
    throw error;
  }
}

/** A program that refused its configuration is the user's to mend, and is told by its own code. */
function exitCodeOf(report: CheckReport): ExitCode {
  const verdict = verdictOf(report);
  if (verdict === "refused") return EXIT.policy;
  if (verdict === "passed") return EXIT.success;
  const outcomes = report.environments.map(({ outcome }) => outcome);
  const broken = report.failures.length > outcomes.filter((outcome) => outcome === "misconfigured").length;
  return broken ? EXIT.failure : EXIT.configuration;
}
