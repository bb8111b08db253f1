/** `kb sandbox refresh`: takes what is really on the sandbox into the state. */
import type { Command } from "commander";
import { refresh } from "../../engine/deploy/refresh";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-codes";
import { type DeployFlags, deployCommand, runDeployment } from "./sandbox-deploy";

interface RefreshFlags extends DeployFlags {
  readonly clearPendingCreates?: true;
}

/** The command; `finish` gets its exit code. */
export function sandboxRefreshCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return deployCommand("refresh")
    .summary("take what is really there into the state")
    .description(
      "Reads every resource of the stack from the sandbox's servers, and changes nothing but the state.",
    )
    .option("--preview", "only show what is different")
    .option("--clear-pending-creates", "forget creates of which nobody can tell whether they happened")
    .action(async (environment: string, _, command: Command) => {
      const flags = command.optsWithGlobals<RefreshFlags>();
      finish(
        await runDeployment(context, "refresh", environment, flags, (project, name, options) =>
          refresh(project, name, { ...options, clearPendingCreates: flags.clearPendingCreates === true }),
        ),
      );
    });
}
