/** `kb sandbox preview`: what `kb sandbox up` would do. */
import type { Command } from "commander";
import { up } from "../../engine/deploy/up";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-codes";
import { withPolicyPackOptions } from "./policy-packs";
import { type DeployFlags, deployCommand, runDeployment } from "./sandbox-deploy";

/** The command; `finish` gets its exit code. */
export function sandboxPreviewCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return withPolicyPackOptions(deployCommand("preview"), "judge every resource by a policy pack")
    .summary("show what an up would change on the sandbox")
    .description(
      "Runs the program and shows what a deployment to the sandbox would do, by its state. Resources of packages " +
        "that the sandbox has no provider for are taken as they are declared.",
    )
    .action(async (environment: string, _, command: Command) => {
      const flags = command.optsWithGlobals<DeployFlags>();
      finish(await runDeployment(context, "preview", environment, flags, up));
    });
}
