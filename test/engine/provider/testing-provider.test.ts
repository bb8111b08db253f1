/** The fault-injecting provider does what tests of the engine rely on, in this process and in one that dies. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { InitFailedError } from "../../../engine/provider/errors";
import { isUnknown } from "../../../engine/provider/values";
import { repository } from "../../support/project";
import { type Fault, writeFaults } from "../support/faults";
import { temporaryFolder } from "../support/temporary";
import { MADE, NAMED, TestingProvider, VALUE } from "../support/testing-provider";
import { World } from "../support/testing-world";
import { changeRequest, createRequest, deleteRequest, readRequest } from "./requests";

/** Creates a Named `one` in a process of its own; returns the signal that ended that, if any. */
function createInChild(folder: string): string | null {
  const script = `
    const { TestingProvider, NAMED } = require("./test/engine/support/testing-provider.ts");
    const { createRequest } = require("./test/engine/provider/requests.ts");
    new TestingProvider({ world: ${JSON.stringify(folder)} })
      .create(createRequest(NAMED, "one", { name: "one" }))
      .catch(() => { process.exitCode = 3; });`;
  const tsx = join(repository, "node_modules", "tsx", "dist", "cjs", "index.cjs");
  return spawnSync(process.execPath, ["-r", tsx, "-e", script], { cwd: repository }).signal;
}

it("keeps what it did when its process is killed, and refuses to do it twice", async () => {
  const folder = temporaryFolder();
  writeFaults(folder, [{ name: "one", operation: "create", kind: "crash-after", times: 1 }]);
  expect(createInChild(folder)).toBe("SIGKILL");
  const provider = new TestingProvider({ world: folder });
  expect(provider.world.objects).toMatchObject([{ type: NAMED, id: "one", inputs: { name: "one" } }]);
  // The fault was used up by the process that died of it.
  await expect(provider.create(createRequest(NAMED, "two", { name: "one" }))).rejects.toThrow(
    'testing:index:Named "one" exists; to manage it, import it',
  );
  expect(provider.world.count()).toEqual({ created: 1, updated: 0, deleted: 0 });
});

it("does nothing when it crashes before the side effect", () => {
  const folder = temporaryFolder();
  writeFaults(folder, [{ name: "one", operation: "create", kind: "crash-before" }]);
  expect(createInChild(folder)).toBe("SIGKILL");
  expect(new World(folder).journal).toEqual([]);
});

it("counts what it makes, changes and deletes, and holds no object for a value", async () => {
  const provider = new TestingProvider({ world: temporaryFolder() });
  const made = await provider.create(createRequest(MADE, "a", { value: 1 }));
  const value = await provider.create(createRequest(VALUE, "b", { value: 1 }));
  await provider.update(changeRequest(MADE, "a", made.id, [{ value: 1 }, { value: 2 }]));
  expect(await provider.read(readRequest(MADE, "a", made.id))).toMatchObject({
    id: made.id,
    inputs: { value: 2 },
    outputs: { computed: "computed from 2" },
  });
  await provider.delete(deleteRequest(MADE, "a", made.id));
  await provider.delete(deleteRequest(MADE, "a", made.id));
  expect(provider.world.count(made.id)).toEqual({ created: 1, updated: 1, deleted: 1 });
  expect(provider.world.count(value.id)).toEqual({ created: 1, updated: 0, deleted: 0 });
  expect(await provider.read(readRequest(MADE, "a", made.id))).toBeUndefined();
});

interface FaultCase {
  readonly kind: Fault["kind"];
  readonly reason: string;
  readonly made: number;
  readonly holds: (outcome: unknown) => boolean;
}

const faults: FaultCase[] = [
  { kind: "error-before", reason: "nothing was done", made: 0, holds: (e) => e instanceof Error },
  { kind: "error-after", reason: "it was done all the same", made: 1, holds: (e) => e instanceof Error },
  { kind: "mistake", reason: "it is no ProviderError", made: 0, holds: (e) => e instanceof TypeError },
  {
    kind: "init-failed",
    reason: "id and state are told",
    made: 1,
    holds: (e) => e instanceof InitFailedError,
  },
  { kind: "hang-before", reason: "the timeout ends it", made: 0, holds: (e) => /over 0\.05 s/.test(`${e}`) },
  { kind: "hang-after", reason: "it was done", made: 1, holds: (e) => /over 0\.05 s/.test(`${e}`) },
  {
    kind: "garbage",
    reason: "the answer has no id",
    made: 1,
    holds: (a) => !Object.hasOwn(a as object, "id"),
  },
  {
    kind: "unknown",
    reason: "an output is unknown",
    made: 1,
    holds: (a) => isUnknown((a as { outputs: { computed: string } }).outputs.computed),
  },
  { kind: "slow", reason: "it works", made: 1, holds: (a) => (a as { id: string }).id === "one" },
];

it.each(faults)("meets the fault $kind: $reason", async ({ kind, made, holds }) => {
  const provider = new TestingProvider({
    world: temporaryFolder(),
    faults: [{ name: "*", operation: "create", kind, times: 1 }],
  });
  const request = createRequest(NAMED, "one", { name: "one" }, { timeout: 0.05 });
  const outcome = await provider.create(request).catch((error: unknown) => error);
  expect(holds(outcome)).toBe(true);
  expect(provider.world.count()).toEqual({ created: made, updated: 0, deleted: 0 });
});
