/** `kb rules [id]`: which rules there are, and why. */
import { Command } from "commander";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";
import { type ColorWhen, paint, useColor } from "../format/color";
import { rulesJson } from "../format/rules-json";
import { ruleList, ruleText } from "../format/rules-text";

interface RulesFlags {
  readonly color: ColorWhen;
  readonly json?: true;
}

/** The command; `finish` gets its exit code. */
export function rulesCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("rules")
    .summary("list the rules that environments are held to")
    .description(
      "Lists the rules, or tells of one why it exists, what to do about a finding, and where it is written. All of " +
        "them are in docs/rules.md too.",
    )
    .argument("[id]", "id of one rule, as in postgres/dedicated-role")
    .option("--json", "print one JSON document to standard output (docs/check-json.md)")
    .action((id: string | undefined, _, command: Command) => {
      finish(runRules(context, id, command.optsWithGlobals<RulesFlags>()));
    });
}

function runRules(
  { stdout, processEnvironment }: CommandContext,
  id: string | undefined,
  flags: RulesFlags,
): ExitCode {
  // Rules read configurations, and the schema for that loads slowly.
  const { catalogue } = require("../../policies/catalogue") as typeof import("../../policies/catalogue");
  const entry = catalogue.find(({ record }) => record.id === id);
  if (id !== undefined && entry === undefined) {
    const { suggest } = require("../../config/mistakes") as typeof import("../../config/mistakes");
    throw new CommandError(EXIT.configuration, [
      unknownRule(
        id,
        suggest(
          id,
          catalogue.map((each) => each.record.id),
        ),
      ),
    ]);
  }
  const options = { paint: paint(useColor(flags.color, stdout, processEnvironment)) };
  if (flags.json) stdout.write(rulesJson(entry === undefined ? catalogue : [entry]));
  else stdout.write(entry === undefined ? ruleList(catalogue, options) : ruleText(entry, options));
  return EXIT.success;
}

function unknownRule(id: string, meant: string | undefined): string {
  const suggestion = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return `no rule ${JSON.stringify(id)}: kb rules lists all of them${suggestion}`;
}
