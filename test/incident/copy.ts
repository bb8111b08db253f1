/** The incident in a folder and a Git repository of its own, so that its history is what the test says. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { repository } from "../support/project";

const FILES = [
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
  "Pulumi.prod.yaml",
  "tsconfig.json",
  "index.ts",
  "workload.ts",
];

/** Copies the incident and commits it; the folder is removed after the test. */
export function copyIncident(): string {
  const folder = mkdtempSync(join(tmpdir(), "kb-incident-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of FILES) cpSync(join(__dirname, file), join(folder, file));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const git = (...args: string[]): void => {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    execFileSync("git", [...identity, "-C", folder, ...args], { stdio: "ignore" });
  };
  git("init", "--quiet");
  git("add", ...FILES);
  git("commit", "--quiet", "-m", "as found");
  return folder;
}
