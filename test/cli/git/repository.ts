/** Git repositories made for one test, without anything of the tester's own Git settings. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

const IDENTITY = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
const SETTINGS = [
  "-c",
  "init.defaultBranch=main",
  "-c",
  "commit.gpgsign=false",
  "-c",
  "protocol.file.allow=always",
];

/** A folder that is removed after the test. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "kb-git-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs git in a folder and returns what it printed; a failure is a mistake in the test. */
export function git(
  folder: string,
  args: readonly string[],
  options: { input?: string; date?: string } = {},
): string {
  const { PATH, TMPDIR } = process.env;
  const date = options.date ?? "2026-01-01T12:00:00+00:00";
  const { status, stdout, stderr } = spawnSync("git", [...IDENTITY, ...SETTINGS, "-C", folder, ...args], {
    input: options.input ?? "",
    encoding: "utf8",
    env: {
      PATH,
      TMPDIR,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** An empty repository. */
export function makeRepository(): string {
  const folder = makeFolder();
  git(folder, ["init", "--quiet"]);
  return folder;
}

/** Writes files, or removes those that are null, commits, and returns the commit. */
export function commit(
  folder: string,
  files: Readonly<Record<string, string | null>>,
  date?: string,
): string {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (text === null) rmSync(path);
    else writeFileSync(path, text);
  }
  const options = date === undefined ? {} : { date };
  git(folder, ["add", "--all"], options);
  git(folder, ["commit", "--quiet", "--allow-empty", "--no-verify", "-m", "a change"], options);
  return git(folder, ["rev-parse", "HEAD"]).trim();
}

/** Commits one version of a file after the other, thousands within a second, and checks the last one out. */
export function commitMany(folder: string, file: string, versions: readonly string[]): void {
  const stream = versions.map((text, index) => {
    const time = 1_700_000_000 + index * 60;
    return [
      "commit refs/heads/main",
      `author Tester <tester@example.org> ${time} +0000`,
      `committer Tester <tester@example.org> ${time} +0000`,
      "data 8\na change",
      `M 100644 inline ${file}`,
      `data ${Buffer.byteLength(text)}\n${text}\n`,
    ].join("\n");
  });
  git(folder, ["fast-import", "--quiet"], { input: stream.join("\n") });
  git(folder, ["reset", "--quiet", "--hard", "main"]);
}
