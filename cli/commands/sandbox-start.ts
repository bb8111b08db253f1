/** `kb sandbox start`: starts the servers, and makes them if there are none. */
import { Command } from "commander";
import type { CommandContext } from "../context";
import { EXIT, type ExitCode } from "../exit-codes";
import { sandboxText } from "../format/sandbox-text";
import { type SandboxFlags, withSandbox } from "./sandbox-run";

/** The command; `finish` gets its exit code. */
export function sandboxStartCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("start")
    .summary("start the servers")
    .description(
      "Starts the servers and waits until they answer; makes them if there are none. They go on running until kb " +
        "sandbox stop, or the end of the machine. Starting what runs already is no error.",
    )
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<SandboxFlags>();
      finish(
        await withSandbox(context, flags, async ({ startSandbox, sandboxStatus }, folder, asked) => {
          await startSandbox(folder, asked);
          context.stdout.write(sandboxText(await sandboxStatus(folder)));
          return EXIT.success;
        }),
      );
    });
}
