/** `kb sandbox reset`: deletes the servers' data. */
import { Command } from "commander";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";
import { withStacksHeld } from "../sandbox/held-stacks";
import { type SandboxFlags, withSandbox } from "./sandbox-run";

/** The command; `finish` gets its exit code. */
export function sandboxResetCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("reset")
    .summary("delete the servers' data and the stacks' states")
    .description(
      "Stops the servers and deletes their data, their log, the sandbox's mark, and the states of the stacks that " +
        "were deployed there. The next start makes a new sandbox.",
    )
    .option("--yes", "delete; without it, nothing is done")
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<SandboxFlags & { readonly yes?: true }>();
      finish(
        await withSandbox(context, flags, async ({ resetSandbox }, folder, asked) => {
          if (!flags.yes) {
            throw new CommandError(EXIT.configuration, [
              `this deletes all data and all stacks of the sandbox in ${folder}; say so with --yes`,
            ]);
          }
          const deleted = await withStacksHeld(folder, () => resetSandbox(folder, asked));
          context.stdout.write(deleted ? "The sandbox is deleted.\n" : `There is no sandbox in ${folder}.\n`);
          return EXIT.success;
        }),
      );
    });
}
