/** `kb promote <workload…>`: gives one environment the images that another one has run. */
import { basename } from "node:path";
import { Command } from "commander";
import { EngineError } from "../../engine/diagnostic";
import { environmentFile, listEnvironments, loadProject, type Project } from "../../engine/project/project";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";
import { type ColorWhen, paint, useColor } from "../format/color";
import type { EnvironmentPath } from "../promotion/promote";

interface PromoteFlags {
  readonly cwd: string;
  readonly color: ColorWhen;
  readonly from?: string;
  readonly to?: string;
  readonly tag?: string;
  readonly dryRun?: true;
}

/** From where to where, when nothing else is said and there are both. */
const USUAL = { from: "dev", to: "prod" } as const;

/** The command; `finish` gets its exit code. */
export function promoteCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("promote")
    .summary("give an environment the image that another one has proved")
    .description(
      "Copies tag and digest of a workload's image from one environment's file into another's, and changes nothing " +
        "else there. With several workloads, all are promoted or none. Nothing is deployed and nothing committed. " +
        "An image that was built for one environment is refused (docs/promotion.md).",
    )
    .argument("<workloads...>", "workloads, as in keybuzz:workloads: api, outboundWorker, website")
    .option(
      "--from <environment>",
      "environment that has run the image (default: dev, if there are dev and prod)",
    )
    .option("--to <environment>", "environment that gets it (default: prod, if there are dev and prod)")
    .option("--tag <tag>", "an older image: one that the source has run, by the Git history of its file")
    .option("--dry-run", "show what would change, and write nothing")
    .action(async (workloads: string[], _, command: Command) => {
      finish(await runPromote(context, workloads, command.optsWithGlobals<PromoteFlags>()));
    });
}

async function runPromote(
  { stdout, processEnvironment, signal }: CommandContext,
  workloads: readonly string[],
  flags: PromoteFlags,
): Promise<ExitCode> {
  try {
    const [from, to] = sides(loadProject(flags.cwd), flags);
    // The schema and the YAML library load slowly, and only this command needs them.
    const { promote } = require("../promotion/promote") as typeof import("../promotion/promote");
    const { promotionText } =
      require("../format/promotion-text") as typeof import("../format/promotion-text");
    const asked = { tag: flags.tag, dryRun: flags.dryRun === true };
    const { history, ...promoted } = await promote({ workloads, from, to, ...asked, signal });
    const color = paint(useColor(flags.color, stdout, processEnvironment));
    stdout.write(promotionText({ ...promoted, ...asked, historyProblem: history.reason, paint: color }));
    return EXIT.success;
  } catch (error) {
    if (signal.aborted) throw new CommandError(EXIT.cancelled, ["promotion cancelled; no file is changed"]);
    if (error instanceof EngineError) throw new CommandError(EXIT.configuration, error.problems);
    throw error;
  }
}

/** Both environments, or an error that says which there are. */
function sides(project: Project, flags: PromoteFlags): [from: EnvironmentPath, to: EnvironmentPath] {
  const known = listEnvironments(project);
  const usual: Partial<typeof USUAL> = known.includes(USUAL.from) && known.includes(USUAL.to) ? USUAL : {};
  const [from, to] = [flags.from ?? usual.from, flags.to ?? usual.to];
  const existing = known.length === 0 ? "there is none yet" : `there are ${known.join(", ")}`;
  if (from === undefined || to === undefined) {
    const missing = [...(from === undefined ? ["--from"] : []), ...(to === undefined ? ["--to"] : [])];
    throw new CommandError(EXIT.configuration, [
      `which environments? Without both dev and prod, ${missing.join(" and ")} must be given; ${existing}`,
    ]);
  }
  const unknown = [...new Set([from, to])].filter((each) => !known.includes(each));
  if (unknown.length > 0) {
    throw new CommandError(
      EXIT.noSuchEnvironment,
      unknown.map(
        (each) =>
          `no environment "${each}": ${existing}; an environment is a file Pulumi.<name>.yaml beside Pulumi.yaml`,
      ),
    );
  }
  if (from === to) {
    throw new CommandError(EXIT.configuration, [
      `--from and --to are both ${from}: an image is promoted from one environment to another; ${existing}`,
    ]);
  }
  return [pathOf(project, from), pathOf(project, to)];
}

function pathOf(project: Project, environment: string): EnvironmentPath {
  const path = environmentFile(project, environment);
  if (path === undefined) throw new Error(`${basename(project.root)}: the file of ${environment} is gone`);
  return { environment, path };
}
