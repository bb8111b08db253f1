/** Policy packs on the command line: `--policy-pack`, and the configuration that goes with each. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { CommandError, EXIT } from "../exit-codes";

export interface PolicyPackFlags {
  readonly cwd: string;
  readonly policyPack?: readonly string[];
  readonly policyPackConfig?: readonly string[];
}

/** A pack, and the file that configures it. */
export interface NamedPack {
  readonly folder: string;
  readonly settingsFile?: string;
}

/** Adds both options. */
export function withPolicyPackOptions(command: Command, judges: string): Command {
  const repeated = (value: string, before: readonly string[] = []): string[] => [...before, value];
  return command
    .option("--policy-pack <dir>", `${judges}, in Pulumi's own runner; may be repeated`, repeated)
    .option(
      "--policy-pack-config <file>",
      "configuration of the pack at the same place among the --policy-pack options; may be repeated",
      repeated,
    );
}

/** Packs with the configuration that stands at the same place; paths are relative to the folder of `-C`. */
export function packsOf({ cwd, policyPack = [], policyPackConfig = [] }: PolicyPackFlags): NamedPack[] {
  if (policyPackConfig.length > policyPack.length) {
    throw new CommandError(EXIT.configuration, [
      `--policy-pack-config is given more often than --policy-pack (${policyPackConfig.length} and ` +
        `${policyPack.length}); each configuration belongs to the pack at the same place`,
    ]);
  }
  return policyPack.map((folder, index) => {
    const settingsFile = policyPackConfig[index];
    return {
      folder: resolve(cwd, folder),
      ...(settingsFile === undefined ? {} : { settingsFile: resolve(cwd, settingsFile) }),
    };
  });
}
