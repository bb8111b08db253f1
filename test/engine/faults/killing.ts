/** Deploys in a child process that is killed at a point, and says what is in the state and in the world afterwards. */
import { spawn } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";
import { integrityProblems } from "../../../engine/checkpoint/integrity";
import type { Snapshot } from "../../../engine/checkpoint/state";
import { PASSPHRASE, SALT, Trial } from "../deploy/trial";
import type { World } from "../support/testing-world";
import type { programs } from "./life";

const knownKey = pbkdf2Sync(
  PASSPHRASE,
  Buffer.from(SALT.split(":")[1] ?? "", "base64"),
  1_000_000,
  32,
  "sha256",
).toString("hex");

/** What a child may not. */
export interface Limits {
  /** Size of a file that it writes, as on a disk that is full. */
  readonly kilobytes?: number;
  /** Whether it runs without the powers of the superuser, who may write anywhere. */
  readonly nobody?: boolean;
}

/** An engine that can be started many times. */
export interface KillableEngine {
  /**
   * Deploys in a child. The number of points that it passed, or undefined when it was killed; throws what it said when
   * it failed.
   */
  deploy(
    trial: Trial,
    program: keyof typeof programs,
    point: number,
    limits?: Limits,
  ): Promise<number | undefined>;
  remove(): void;
}

/** Packs the engine into one file, which starts in a quarter of the time. */
export async function killableEngine(): Promise<KillableEngine> {
  const folder = mkdtempSync(join(tmpdir(), "kb-engine-"));
  // Another user is to start it, too.
  chmodSync(folder, 0o755);
  const script = join(folder, "engine.js");
  await build({
    entryPoints: [join(__dirname, "killed-engine.ts")],
    outfile: script,
    bundle: true,
    platform: "node",
    target: "node20",
  });
  return {
    deploy: (trial, program, point, limits = {}) =>
      deploy([script, trial.root, program, String(point)], trial, limits),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

function deploy(
  given: readonly string[],
  trial: Trial,
  { kilobytes, nobody = false }: Limits,
): Promise<number | undefined> {
  const limit = kilobytes === undefined ? "" : `ulimit -f ${kilobytes}; `;
  const superuser = process.getuid?.() === 0;
  if (nobody && superuser) giveAway(trial.root);
  const child = spawn("bash", ["-c", `${limit}exec "$0" "$@"`, process.execPath, ...given], {
    env: { PATH: process.env.PATH, KNOWN_KEY: knownKey },
    stdio: ["ignore", "pipe", "pipe"],
    ...(nobody && superuser ? { uid: NOBODY } : {}),
  });
  let told = "";
  let errors = "";
  child.stdout.on("data", (data: Buffer) => {
    told += data.toString();
  });
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
  });
  return new Promise((done, failed) => {
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") done(undefined);
      else if (code === 0) done(Number(told));
      else failed(new Error(`exit ${code}: ${errors}`));
    });
  });
}

const NOBODY = 65_534;

function giveAway(folder: string): void {
  chownSync(folder, NOBODY, NOBODY);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    chownSync(join(folder, name), NOBODY, NOBODY);
  }
}

/** A copy of a trial, with its state and world. */
export function copyOf(trial: Trial): Trial {
  const root = mkdtempSync(join(tmpdir(), "kb-trial-"));
  cpSync(trial.root, root, { recursive: true });
  return new Trial({}, root);
}

/** How often each object was made, and is deleted, by whom; the ids that are made up are left out. */
export function deeds({ journal }: World): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { effect, type, id, urn } of journal) {
    if (effect === "updated") continue;
    const key = `${effect} ${urn} ${type.endsWith(":Named") ? id : ""}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** What exists, in a fixed order; ids that are made up are left out. */
export function things({ objects }: World): string[] {
  return objects
    .map(({ type, id, urn, inputs }) =>
      JSON.stringify([type, type.endsWith(":Named") ? id : "", urn, Object.entries(inputs).sort()]),
    )
    .sort();
}

/** The state, which must be whole wherever the run ended. */
export async function wholeState(trial: Trial): Promise<Snapshot> {
  if (existsSync(join(trial.backend, ".pulumi/stacks/trial/dev.json"))) JSON.parse(trial.file());
  const state = await trial.state();
  expect(integrityProblems(state.resources)).toEqual([]);
  return state;
}

/** What is beside the checkpoint while a run goes on, or after it was killed. */
export function leftovers(trial: Trial): string[] {
  const below = (folder: string): string[] => {
    const path = join(trial.backend, ".pulumi", folder);
    return existsSync(path) ? readdirSync(path).map((name) => join(folder, name)) : [];
  };
  return [
    ...below("locks/organization/trial/dev"),
    ...below("stacks/trial").filter((path) => !/dev\.json(\.bak)?$/.test(path)),
  ];
}
