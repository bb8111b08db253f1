/** Runs the kb command as a user does, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { repository } from "./project";

/** What a run of kb left behind. */
export interface KbResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const KB = join(repository, "cli", "kb.cjs");

/** Starts kb; nothing of the tester's own settings for colours or passphrases reaches it. */
export function startKb(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): { readonly child: ChildProcess; readonly result: Promise<KbResult> } {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [KB, ...args], {
    cwd: options.cwd ?? repository,
    env: { PATH, HOME, TMPDIR, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const result = new Promise<KbResult>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, result };
}

/** Runs kb to its end. */
export function kb(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<KbResult> {
  return startKb(args, options).result;
}
