/**
 * A process that deploys a program of life.ts and kills itself, as by kill -9, at one point: in the middle of writing
 * to a file of the state, right after any change to one, or before or after a side effect of the provider. A run that
 * comes to its end says how many points it passed.
 *
 * Arguments: the folder of the trial, the name of the program, the number of the point (0 for none).
 */
import crypto from "node:crypto";
import { appendFileSync, writeSync } from "node:fs";
import fs from "node:fs/promises";
import { join } from "node:path";
import { upWith } from "../../../engine/deploy/up";
import { loadProject } from "../../../engine/project/project";
import { PASSPHRASE, running } from "../deploy/program";
import { TestingProvider } from "../support/testing-provider";
import { type Entry, World } from "../support/testing-world";
import { programs } from "./life";

const [root = "", program = "", point = ""] = process.argv.slice(2);

let passed = 0;
function killAt(): void {
  passed += 1;
  if (passed === Number(point)) process.kill(process.pid, "SIGKILL");
}

type Call = (...given: unknown[]) => Promise<unknown>;

/** Puts a point after a function that changes files, and, where it writes bytes, one in the middle of it. */
function withPoints(owner: object, name: string, half?: (self: unknown, bytes: Buffer) => Promise<unknown>) {
  const functions = owner as Record<string, Call>;
  const original = functions[name];
  if (original === undefined) throw new Error(`there is no ${name}`);
  functions[name] = async function (this: unknown, ...given: unknown[]) {
    if (half !== undefined && passed + 1 === Number(point)) await half(this, Buffer.from(given[0] as string));
    if (half !== undefined) killAt();
    const result = await original.apply(this, given);
    killAt();
    return result;
  };
}

class MortalWorld extends World {
  override record(entry: Entry): void {
    killAt();
    super.record(entry);
    killAt();
  }
}

/** Deriving a key takes long and writes nothing; the parent has it. */
function withKnownKey(): void {
  const known = (...given: unknown[]): void => {
    const done = given.at(-1) as (error: null, key: Buffer) => void;
    done(null, Buffer.from(process.env.KNOWN_KEY ?? "", "hex"));
  };
  Object.assign(crypto, { pbkdf2: known });
}

async function main(): Promise<void> {
  withKnownKey();
  const handle = await fs.open(process.argv[1] ?? "", "r");
  const prototype = Object.getPrototypeOf(handle) as { write: Call };
  await handle.close();
  const half = async (self: unknown, bytes: Buffer): Promise<unknown> =>
    prototype.write.call(self, bytes.subarray(0, Math.floor(bytes.length / 2)));
  for (const name of ["writeFile", "appendFile"]) withPoints(prototype, name, half);
  for (const name of ["sync", "datasync"]) withPoints(prototype, name);
  for (const name of ["rename", "link", "copyFile", "rm"]) withPoints(fs, name);
  const body = programs[program as keyof typeof programs];
  const world = new MortalWorld(join(root, "world"));
  const { outcome, diagnostics } = await upWith(
    loadProject(root),
    "dev",
    {
      backend: join(root, "state"),
      preview: false,
      factories: { testing: () => new TestingProvider({ world }) },
      admission: () => {},
      settings: { values: {}, secretKeys: [] },
      overrides: [],
      processEnvironment: { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
      parallel: 8,
      continueOnError: false,
      message: "",
      signal: new AbortController().signal,
      events: {},
    },
    running(body),
  );
  if (outcome !== "succeeded") throw new Error(JSON.stringify(diagnostics));
  writeSync(1, String(passed));
}

main().catch((error: unknown) => {
  appendFileSync(2, String(error));
  process.exit(1);
});
