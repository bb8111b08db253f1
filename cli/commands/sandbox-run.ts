/** What the commands of `kb sandbox` have in common. */
import { resolve } from "node:path";
import type { Asked } from "../../sandbox/asked";
import { SandboxCancelled, SandboxError } from "../../sandbox/errors";
import { sandboxFolder } from "../../sandbox/folder";
import type { CommandContext } from "../context";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";

export interface SandboxFlags {
  readonly cwd: string;
  readonly folder?: string;
}

/** The sandbox, as a module: it loads slowly, and other commands do not need it. */
type Sandbox = typeof import("../../sandbox/sandbox");

/** Does something with the sandbox that is meant; what is refused becomes an error of the command. */
export async function withSandbox(
  { stderr, processEnvironment, signal }: CommandContext,
  flags: SandboxFlags,
  work: (sandbox: Sandbox, folder: string, asked: Asked) => Promise<ExitCode>,
): Promise<ExitCode> {
  const asked: Asked = { signal, onProgress: (line) => stderr.write(`${line}\n`) };
  const folder = folderOf(processEnvironment, flags);
  try {
    return await work(require("../../sandbox/sandbox") as Sandbox, folder, asked);
  } catch (error) {
    if (error instanceof SandboxCancelled) throw new CommandError(EXIT.cancelled, ["cancelled"]);
    if (error instanceof SandboxError) throw new CommandError(EXIT.failure, [error.message]);
    throw error;
  }
}

function folderOf(processEnvironment: NodeJS.ProcessEnv, { cwd, folder }: SandboxFlags): string {
  try {
    return sandboxFolder(processEnvironment, folder === undefined ? undefined : resolve(cwd, folder));
  } catch (error) {
    if (error instanceof SandboxError) throw new CommandError(EXIT.configuration, [error.message]);
    throw error;
  }
}
