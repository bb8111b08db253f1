/**
 * Runs git to read from a repository, and nothing else: no shell, no pager, no hook, no network, and neither system
 * settings nor `GIT_` variables, which inside of a hook lead to another repository. The user's own settings count,
 * since they say which repositories of other owners are trusted.
 */
import { spawn } from "node:child_process";

/** What git printed, and what it did not come to. */
export interface GitAnswer {
  /** Whole, or the beginning of it where there is a problem. */
  readonly output: Buffer;
  /** Why the answer is not whole. */
  readonly problem?: string;
}

/** How long git may take, and how much it may print. */
export interface GitLimits {
  /** Aborted by the user: `git` then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly milliseconds: number;
  readonly bytes: number;
}

const SETTINGS = ["core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never"].flatMap(
  (setting) => ["-c", setting],
);

/** What git needs to be found and to find the user's settings. */
const KEPT = ["PATH", "HOME", "XDG_CONFIG_HOME", "USERPROFILE", "SYSTEMROOT", "PATHEXT", "TMPDIR", "TEMP"];

const OWN = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  // The messages are read here.
  LC_ALL: "C",
};

const MOST_ERROR_TEXT = 10_000;

/**
 * Runs git in a folder. Never throws for what git says or does; what went wrong is the answer's problem.
 *
 * @param input what git reads from standard input
 */
export function git(
  directory: string,
  args: readonly string[],
  limits: GitLimits,
  input = "",
): Promise<GitAnswer> {
  const { signal, milliseconds, bytes } = limits;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const child = spawn("git", ["--no-pager", ...SETTINGS, "-C", directory, ...args], {
      env: environment(),
      stdio: "pipe",
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let [size, errors] = [0, ""];
    let cut: string | undefined;
    const stop = (why: string): void => {
      cut ??= why;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(() => stop(`git took longer than ${milliseconds / 1000} s`), milliseconds);
    const abort = (): void => stop("cancelled");
    signal.addEventListener("abort", abort, { once: true });
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      else resolve({ output: Buffer.concat(chunks), ...(problem === undefined ? {} : { problem }) });
    };
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > bytes) stop(`the versions of the file are larger than ${bytes >> 20} MiB together`);
      else chunks.push(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (errors.length < MOST_ERROR_TEXT) errors += text;
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      end(error.code === "ENOENT" ? "git is not installed" : `git cannot be started: ${error.message}`),
    );
    child.on("close", (code) => end(cut ?? (code === 0 ? undefined : problemIn(errors))));
    // It may end before it has read everything; what it says then is told by its exit code.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

function environment(): NodeJS.ProcessEnv {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...OWN };
}

/** What git complains of, in words that say what to do where that is known. */
function problemIn(errors: string): string {
  if (/not a git repository/i.test(errors)) return "the folder is in no Git repository";
  if (/dubious ownership/i.test(errors)) {
    return "git does not trust the repository, which another user owns (git config --global --add safe.directory …)";
  }
  if (/promisor remote|transport '.*' not allowed/i.test(errors)) {
    return "the clone is partial: versions of the file are not on this machine (git fetch --refetch --no-filter)";
  }
  const line = errors.split("\n").find((each) => each.trim() !== "");
  return `git failed: ${line?.trim() ?? "it said nothing"}`;
}
