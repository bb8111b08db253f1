/** A file backend of its own for a test, and what is done to the stack in it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { StackLocation } from "../../../engine/checkpoint/backend";
import { type OpenOptions, type OpenStack, openStack } from "../../../engine/checkpoint/open-stack";
import type { ResourceState } from "../../../engine/checkpoint/state";
import { EngineError } from "../../../engine/diagnostic";
import { providerState, SECRETS, SUCCEEDED, stackState } from "./states";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes after the tests of this file. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "checkpoint-"));
  folders.push(folder);
  return folder;
}

/** A stack in a backend of its own. */
export function newLocation(): StackLocation {
  return { backend: newFolder(), project: "rec", stack: "dev" };
}

/** The path of a file of the stack `dev`, below its project's folder. */
export function stackFile({ backend }: StackLocation, name = "dev.json"): string {
  return join(backend, ".pulumi", "stacks", "rec", name);
}

/** Opens a stack for an update. */
export function open(location: StackLocation, options: Partial<OpenOptions> = {}): Promise<OpenStack> {
  return openStack(location, { secrets: SECRETS, kind: "update", ...options });
}

/** Records that states were created, one after the other. */
export async function create({ recorder }: OpenStack, ...states: readonly ResourceState[]): Promise<void> {
  for (const state of states) {
    const { id: _, ...resource } = state;
    const recording = await recorder.begin({ type: "creating", resource });
    await recording.succeed({ made: state });
  }
}

/** A stack that has these resources below its provider. */
export async function stackWith(...states: readonly ResourceState[]): Promise<StackLocation> {
  const location = newLocation();
  const stack = await open(location);
  await create(stack, stackState, providerState, ...states);
  await stack.finish(SUCCEEDED);
  return location;
}

/** The paths of all files below a folder, relative to it, with their contents. */
export function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), "latin1")]),
  );
}

/** The EngineError that a promise is rejected with. */
export async function refusal(promise: Promise<unknown>): Promise<EngineError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
