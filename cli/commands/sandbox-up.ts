/** `kb sandbox up`: deploys an environment to the sandbox. */
import type { Command } from "commander";
import { up } from "../../engine/deploy/up";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-codes";
import { withPolicyPackOptions } from "./policy-packs";
import { type DeployFlags, deployCommand, runDeployment } from "./sandbox-deploy";

/** The command; `finish` gets its exit code. */
export function sandboxUpCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return withPolicyPackOptions(deployCommand("up"), "judge every resource by a policy pack")
    .summary("deploy an environment to the sandbox")
    .description(
      "Runs the program and makes the sandbox's servers what it declares. It asks nothing: these servers are there " +
        "to be tried on, and no other is touched.",
    )
    .option("--continue-on-error", "deploy what does not depend on a resource that failed")
    .action(async (environment: string, _, command: Command) => {
      const flags = command.optsWithGlobals<DeployFlags>();
      finish(await runDeployment(context, "up", environment, flags, up));
    });
}
