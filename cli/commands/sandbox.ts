/** `kb sandbox <command>`: the real servers of one machine, on which anything may be tried. One file per command. */
import { Command, Option } from "commander";
import type { CommandContext } from "../context";
import type { ExitCode } from "../exit-codes";
import { sandboxDestroyCommand } from "./sandbox-destroy";
import { sandboxPreviewCommand } from "./sandbox-preview";
import { sandboxRefreshCommand } from "./sandbox-refresh";
import { sandboxResetCommand } from "./sandbox-reset";
import { sandboxServeCommand } from "./sandbox-serve";
import { sandboxStartCommand } from "./sandbox-start";
import { sandboxStatusCommand } from "./sandbox-status";
import { sandboxStopCommand } from "./sandbox-stop";
import { sandboxUpCommand } from "./sandbox-up";

type MakeCommand = (context: CommandContext, finish: (code: ExitCode) => void) => Command;

/** In the order in which one needs them. */
const commands: readonly MakeCommand[] = [
  sandboxStartCommand,
  sandboxPreviewCommand,
  sandboxUpCommand,
  sandboxRefreshCommand,
  sandboxDestroyCommand,
  sandboxServeCommand,
  sandboxStatusCommand,
  sandboxStopCommand,
  sandboxResetCommand,
];

/** The group; `finish` gets the exit code of the command that was run. */
export function sandboxCommand(
  context: CommandContext,
  finish: (code: ExitCode) => void,
  kb: Command,
): Command {
  const group = new Command("sandbox")
    .summary("run real servers on this machine, to try things on")
    .description(
      "Runs real servers on loopback, with data of their own, on which anything may be tried: PostgreSQL 17, from " +
        "npm. They go on running when the command has ended. Nothing of a real environment is reached or known.",
    )
    .addOption(
      new Option(
        "--folder <dir>",
        "where the sandbox stands, if not in $KEYBUZZ_SANDBOX_DIR or the user's cache (docs/sandbox.md)",
      ),
    )
    .copyInheritedSettings(kb);
  for (const make of commands) group.addCommand(make(context, finish).copyInheritedSettings(group));
  return group;
}
