/** `kb sandbox destroy`: deletes what a stack has on the sandbox. */
import type { Command } from "commander";
import { destroy } from "../../engine/deploy/destroy";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-codes";
import { type DeployFlags, deployCommand, runDeployment } from "./sandbox-deploy";

/** The command; `finish` gets its exit code. */
export function sandboxDestroyCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return deployCommand("destroy")
    .summary("delete what an environment has on the sandbox")
    .description(
      "Deletes every resource of the stack from the sandbox's servers. Where one is protected, nothing is deleted; " +
        "with --continue-on-error, what no protected resource needs.",
    )
    .option("--preview", "only show what would be deleted")
    .option("--continue-on-error", "delete what a resource that failed does not need")
    .action(async (environment: string, _, command: Command) => {
      const flags = command.optsWithGlobals<DeployFlags>();
      finish(await runDeployment(context, "destroy", environment, flags, destroy));
    });
}
