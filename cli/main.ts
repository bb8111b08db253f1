/** The kb command: parses the command line, runs one command, and is the only place that sets the exit code. */
import { Command, CommanderError, Option } from "commander";
import { checkCommand } from "./commands/check";
import { previewCommand } from "./commands/preview";
import { promoteCommand } from "./commands/promote";
import { rulesCommand } from "./commands/rules";
import { sandboxCommand } from "./commands/sandbox";
import type { CommandContext } from "./context";
import { CommandError, EXIT, type ExitCode } from "./exit-codes";
import { type ColorWhen, paint, useColor } from "./format/color";
import { version } from "./package.json";

function program(context: CommandContext, finish: (code: ExitCode) => void): Command {
  const kb = new Command("kb")
    .description(
      "Previews and checks KeyBuzz's environments side by side, without credentials and without the Pulumi CLI, and " +
        "deploys them to real servers on this machine.",
    )
    .version(version, "-v, --version", "print the version of kb")
    .helpOption("-h, --help", "print help")
    .option("-C, --cwd <dir>", "run as if kb had been started in another directory", ".")
    .addOption(
      new Option("--color <when>", "colorize output; NO_COLOR is respected")
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText(
      "after",
      `
Exit codes:
  0  success
  1  a program failed, or a check could not be made
  2  wrong usage, or a configuration that is refused
  5  a mandatory rule is broken
  6  no such environment
  7  changes where --expect-no-changes expected none
  8  cancelled

Examples:
  kb preview                 every environment that has a Pulumi.<name>.yaml
  kb preview prod --diff     one environment, with its properties
  kb check                   refuse what mixes environments
  kb promote api             PROD gets the image that DEV has proved
  kb rules                   what environments are held to, and why
  kb sandbox start           real servers on this machine, to try things on
  kb sandbox up dev          deploy an environment to them
  kb -C ../other preview     another Pulumi project on Node.js`,
    );
  kb.addCommand(previewCommand(context, finish).copyInheritedSettings(kb));
  kb.addCommand(checkCommand(context, finish).copyInheritedSettings(kb));
  kb.addCommand(promoteCommand(context, finish).copyInheritedSettings(kb));
  kb.addCommand(rulesCommand(context, finish).copyInheritedSettings(kb));
  kb.addCommand(sandboxCommand(context, finish, kb));
  pointToHelp(kb, kb.name());
  return kb;
}

/** A mistake in the use of a command points to that command's help. */
function pointToHelp(command: Command, called: string): void {
  command.showHelpAfterError(`(${called} --help tells more)`);
  for (const inner of command.commands) pointToHelp(inner, `${called} ${inner.name()}`);
}

/** What ends kb early. SIGHUP comes when the terminal is closed. */
const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npx hands on the Ctrl-C that the terminal has already given to kb: so soon, a second one is the same. */
const SAME_INTERRUPT_MS = 500;

async function main(): Promise<ExitCode> {
  const interrupt = new AbortController();
  let interrupted = 0;
  const abort = (): void => {
    if (interrupt.signal.aborted && performance.now() - interrupted > SAME_INTERRUPT_MS) {
      process.stderr.write("error: ended at once; what was under way is looked at by the next run\n");
      process.exit(EXIT.cancelled);
    }
    if (!interrupt.signal.aborted) interrupted = performance.now();
    interrupt.abort();
  };
  for (const signal of INTERRUPTS) process.on(signal, abort);
  process.stdout.on("error", unwritten);
  process.stderr.on("error", unwritten);
  let code: ExitCode = EXIT.success;
  const { stdout, stderr } = process;
  const context: CommandContext = {
    stdout,
    stderr,
    processEnvironment: process.env,
    signal: interrupt.signal,
  };
  const kb = program(context, (exitCode) => {
    code = exitCode;
  });
  try {
    await kb.parseAsync(process.argv);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.configuration;
    const messages = error instanceof CommandError ? error.messages : [unexpected(error)];
    const red = paint(useColor(kb.opts<{ color: ColorWhen }>().color, stderr, process.env));
    for (const message of messages) stderr.write(`${red("red", "error:")} ${message}\n`);
    return error instanceof CommandError ? error.exitCode : EXIT.failure;
  } finally {
    for (const signal of INTERRUPTS) process.off(signal, abort);
  }
}

/** A reader that stops reading (`kb preview | head`) is not an error; a full disk is. */
function unwritten(this: NodeJS.WriteStream, error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") return;
  process.exitCode = EXIT.failure;
  if (this === process.stdout)
    process.stderr.write(`error: the result could not be written: ${error.message}\n`);
}

/** A mistake of kb itself: the whole trace is of use. */
function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

void main().then((code) => {
  process.exitCode ??= code;
});
