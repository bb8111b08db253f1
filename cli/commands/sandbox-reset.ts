/** `kb sandbox reset`: deletes the servers' data. */
import { Command } from "commander";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";
import { type SandboxFlags, withSandbox } from "./sandbox-run";

/** The command; `finish` gets its exit code. */
export function sandboxResetCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("reset")
    .summary("delete the servers' data")
    .description(
      "Stops the servers and deletes their data, their log and the sandbox's mark. The next start makes a new " +
        "sandbox, which the states of the old one do not fit.",
    )
    .option("--yes", "delete; without it, nothing is done")
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<SandboxFlags & { readonly yes?: true }>();
      finish(
        await withSandbox(context, flags, async ({ resetSandbox }, folder, asked) => {
          if (!flags.yes) {
            throw new CommandError(EXIT.configuration, [
              `this deletes all data of the sandbox in ${folder}; say so with --yes`,
            ]);
          }
          const deleted = await resetSandbox(folder, asked);
          context.stdout.write(deleted ? "The sandbox is deleted.\n" : `There is no sandbox in ${folder}.\n`);
          return EXIT.success;
        }),
      );
    });
}
