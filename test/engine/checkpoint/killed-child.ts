/**
 * A process that carries the made-up run out and kills itself, as by kill -9, at one of its writes: in the middle of
 * one, or right after any change to a file. Tells how many calls of the recorder were answered.
 *
 * Arguments: the backend, the number of the point, bytes of the log from which the checkpoint is written in between.
 */
import crypto from "node:crypto";
import { writeSync } from "node:fs";
import fs from "node:fs/promises";
import { openStack } from "../../../engine/checkpoint/open-stack";
import { madeUpRun } from "./made-up-run";
import { SECRETS, SUCCEEDED } from "./states";

const [backend = "", point = "", smallestLog = ""] = process.argv.slice(2);

let passed = 0;
function killAt(): void {
  passed += 1;
  if (passed === Number(point)) process.kill(process.pid, "SIGKILL");
}

type Call = (...given: unknown[]) => Promise<unknown>;

/** Puts a point after a function that changes files, and, where it writes bytes, one in the middle of it. */
function withPoints(
  owner: object,
  name: string,
  torn?: (self: unknown, bytes: Buffer) => Promise<unknown>,
): void {
  const functions = owner as Record<string, Call>;
  const original = functions[name];
  if (original === undefined) throw new Error(`there is no ${name}`);
  functions[name] = async function (this: unknown, ...given: unknown[]) {
    if (torn !== undefined && passed + 1 === Number(point)) {
      await torn(this, Buffer.from(given[0] as string));
    }
    if (torn !== undefined) killAt();
    const result = await original.apply(this, given);
    killAt();
    return result;
  };
}

/** Deriving a key takes long and writes nothing; the parent has it. */
function withKnownKey(): void {
  const key = process.env.KNOWN_KEY;
  const known = (...given: unknown[]): void => {
    (given.at(-1) as (error: null, key: Buffer) => void)(null, Buffer.from(key ?? "", "hex"));
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

  const stack = await openStack(
    { backend, project: "rec", stack: "dev" },
    { secrets: SECRETS, kind: "update", smallestLog: Number(smallestLog) },
  );
  await madeUpRun(stack.recorder, stack.snapshot, () => writeSync(1, "."));
  await stack.finish(SUCCEEDED);
  writeSync(1, "!");
}

void main();
