/** `kb sandbox stop`: stops the servers, and keeps their data. */
import { Command } from "commander";
import type { CommandContext } from "../context";
import { EXIT, type ExitCode } from "../exit-codes";
import { type SandboxFlags, withSandbox } from "./sandbox-run";

/** The command; `finish` gets its exit code. */
export function sandboxStopCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("stop")
    .summary("stop the servers")
    .description("Stops the servers and keeps their data. Stopping what does not run is no error.")
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<SandboxFlags>();
      finish(
        await withSandbox(context, flags, async ({ stopSandbox }, folder, asked) => {
          const stopped = await stopSandbox(folder, asked);
          context.stdout.write(stopped ? "The sandbox is stopped.\n" : "The sandbox does not run.\n");
          return EXIT.success;
        }),
      );
    });
}
