/** The state of a stack is its user's alone: what is deployed, and under which settings, stands there in clear. */
import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { providerState, SUCCEEDED, stackState, thing } from "./states";
import { create, newLocation, open, stackFile, stackWith } from "./trial";

/** The files below a folder that others than their user may do anything with. */
function shared(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => {
    const stat = statSync(join(folder, name));
    return stat.isFile() && (stat.mode & 0o077) !== 0;
  });
}

it("lets nobody else read any of its files, while a run goes on and after it, whatever the umask", async () => {
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  const location = newLocation();
  const stack = await open(location);
  await create(stack, stackState, providerState, thing("a"));
  expect(readdirSync(join(stackFile(location), ".."))).toContain("dev.jsonl");
  expect(shared(location.backend)).toEqual([]);
  await stack.finish(SUCCEEDED);
  expect(readdirSync(location.backend, { recursive: true }).length).toBeGreaterThan(10);
  expect(shared(location.backend)).toEqual([]);
});

it("closes the checkpoint that somebody left open to others, with every copy of it", async () => {
  const location = await stackWith(thing("a"));
  chmodSync(stackFile(location), 0o644);
  await (await open(location)).finish(SUCCEEDED);
  const stack = await open(location);
  await stack.rewrite({ ...stack.snapshot, resources: [stackState, providerState] });
  await stack.finish(SUCCEEDED);
  expect(shared(location.backend)).toEqual([]);
});
