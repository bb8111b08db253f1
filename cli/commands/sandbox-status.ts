/** `kb sandbox status`: what runs, and how it is reached. */
import { Command } from "commander";
import type { CommandContext } from "../context";
import { EXIT, type ExitCode } from "../exit-codes";
import { sandboxJson, sandboxText } from "../format/sandbox-text";
import { type SandboxFlags, withSandbox } from "./sandbox-run";

/** The command; `finish` gets its exit code. */
export function sandboxStatusCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("status")
    .summary("tell what runs, and how it is reached")
    .description(
      "Tells whether the servers run and how they are reached. The password is not printed: it stands in the file " +
        "that is named. Ends with 0 whether they run or not.",
    )
    .option("--json", "print one JSON document to standard output (docs/sandbox.md)")
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<SandboxFlags & { readonly json?: true }>();
      finish(
        await withSandbox(context, flags, async ({ sandboxStatus }, folder) => {
          const status = await sandboxStatus(folder);
          context.stdout.write(flags.json ? sandboxJson(status) : sandboxText(status));
          return EXIT.success;
        }),
      );
    });
}
