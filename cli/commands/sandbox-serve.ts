/** `kb sandbox serve`: lets Pulumi's CLI work on the sandbox's stacks, with the sandbox's providers. */
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { type ServedProvider, serveProvider } from "../../engine/provider/serve";
import type { CommandContext } from "../context";
import { EXIT, type ExitCode } from "../exit-codes";
import { heldProvider } from "../sandbox/held-provider";
import { withPassphrase } from "../sandbox/passphrase";
import { makeStateFolder, stateFolder } from "../sandbox/state-folder";
import { connectionsTo, sandboxTarget } from "../sandbox/target";
import { type SandboxFlags, withSandbox } from "./sandbox-run";

/** The command; `finish` gets its exit code. */
export function sandboxServeCommand(context: CommandContext, finish: (code: ExitCode) => void): Command {
  return new Command("serve")
    .summary("let Pulumi's CLI work on the sandbox")
    .description(
      "Serves the sandbox's providers to Pulumi's CLI until it is interrupted, and prints, as lines for a shell, the " +
        "variables with which the CLI finds them, the state and its passphrase (docs/engine.md). They lead to this " +
        "sandbox and nowhere else.",
    )
    .action(async (_, command: Command) => {
      const flags = command.optsWithGlobals<SandboxFlags>();
      finish(
        await withSandbox(context, flags, async (sandbox, folder) => {
          const target = connectionsTo(await sandboxTarget(sandbox, folder));
          const served = await Promise.all(
            Object.entries(target.factories).map(async ([name, factory]) => {
              const held = async () => heldProvider(await factory(), target.admission, target.settings);
              return [name, await serveProvider(held)] as const;
            }),
          );
          // The CLI refuses a folder that is not there.
          makeStateFolder(folder);
          context.stdout.write(exportsFor(folder, served, context.processEnvironment));
          context.stderr.write("Serving the sandbox's providers; interrupt to end\n");
          if (!context.signal.aborted) await once(context.signal, "abort");
          await Promise.all(served.map(([, { close }]) => close()));
          return EXIT.success;
        }),
      );
    });
}

function exportsFor(
  folder: string,
  served: readonly (readonly [string, ServedProvider])[],
  environment: NodeJS.ProcessEnv,
): string {
  const ports = served.map(([name, { address }]) => `${name}:${address.slice(address.lastIndexOf(":") + 1)}`);
  const { PULUMI_CONFIG_PASSPHRASE: given, PULUMI_CONFIG_PASSPHRASE_FILE: file } = withPassphrase(
    environment,
    folder,
  );
  const variables = {
    PULUMI_BACKEND_URL: pathToFileURL(stateFolder(folder)).href,
    PULUMI_DEBUG_PROVIDERS: ports.join(","),
    // A passphrase that stands in the environment is the shell's already, and is not printed.
    ...(given === undefined && file !== undefined ? { PULUMI_CONFIG_PASSPHRASE_FILE: file } : {}),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join("");
}
