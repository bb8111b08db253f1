/** Disks that are full, folders that cannot be written, logs that are torn or belong elsewhere: nothing is lost. */
import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readStack } from "../../../engine/checkpoint/open-stack";
import { SECRETS, SUCCEEDED, thing, urnOf } from "./states";
import { create, newFolder, newLocation, open, refusal, stackFile, stackWith } from "./trial";

const urns = (resources: readonly { readonly urn: string }[]): string[] => resources.map(({ urn }) => urn);

/** A copy of a stack whose last run, which made `b`, was killed: its log is there, and no lock. */
async function killed(): Promise<ReturnType<typeof newLocation>> {
  const location = await stackWith(thing("a"));
  const stack = await open(location);
  for (const state of stack.snapshot.resources) {
    await (await stack.recorder.begin()).succeed({ made: { ...state }, removes: state, unimportant: true });
  }
  await create(stack, thing("b"));
  await stack.recorder.begin({ type: "creating", resource: thing("c") });
  const copy = { ...location, backend: newFolder() };
  cpSync(location.backend, copy.backend, { recursive: true });
  rmSync(join(copy.backend, ".pulumi", "locks"), { recursive: true });
  await stack.abandon();
  return copy;
}

describe("a log", () => {
  it("tells what its run did, and what it had begun", async () => {
    const stack = await open(await killed());
    expect(urns(stack.snapshot.resources).at(-1)).toBe(urnOf("b"));
    if (stack.recovered?.outcome !== "replayed") throw new Error("nothing was recovered");
    const { kind, steps, interrupted, ignoredLines } = stack.recovered;
    expect({ kind, ignoredLines }).toEqual({ kind: "update", ignoredLines: 0 });
    expect(steps.slice(-2)).toEqual([
      { operation: { type: "creating", urn: urnOf("b") }, outcome: "succeeded" },
      { operation: { type: "creating", urn: urnOf("c") }, outcome: "unknown" },
    ]);
    expect(interrupted).toEqual(stack.snapshot.pendingOperations);
    expect(interrupted.map(({ type, resource }) => [type, resource.urn])).toEqual([["creating", urnOf("c")]]);
    await stack.abandon();
  });

  it("whose last line is torn is read up to that line", async () => {
    const location = await killed();
    appendFileSync(stackFile(location, "dev.jsonl"), '{"success":5,"made":{"urn');
    const stack = await open(location);
    expect(urns(stack.snapshot.resources).at(-1)).toBe(urnOf("b"));
    expect(stack.recovered).toMatchObject({ ignoredLines: 1 });
    await stack.abandon();
  });

  it("of which nothing is whole is no log", async () => {
    const location = await killed();
    writeFileSync(stackFile(location, "dev.jsonl"), '{"form":1,"checkp');
    const stack = await open(location);
    expect(stack.recovered).toBeUndefined();
    expect(urns(stack.snapshot.resources).at(-1)).toBe(urnOf("a"));
    await stack.abandon();
    expect(readdirSync(dirname(stackFile(location)))).not.toContain("dev.jsonl");
  });

  it.each([
    [
      "builds on another checkpoint",
      (text: string) => text.replace(/"checkpoint":"[0-9a-f]{8}/, '"checkpoint":"00000000'),
    ],
    ["has a form that is not known", (text: string) => text.replace('"form":2', '"form":3')],
    ["has a damaged first line before those that were promised", (text: string) => text.replace("{", "\0")],
  ])("that %s is set aside and never replayed", async (_, change) => {
    const location = await killed();
    const path = stackFile(location, "dev.jsonl");
    const text = change(readFileSync(path, "utf8"));
    writeFileSync(path, text);
    const previewed = await readStack(location, SECRETS);
    expect(urns(previewed.resources).at(-1)).toBe(urnOf("a"));
    const stack = await open(location);
    expect(stack.snapshot).toEqual(previewed);
    if (stack.recovered?.outcome !== "set-aside") throw new Error("nothing was set aside");
    expect(readFileSync(stack.recovered.path, "utf8")).toBe(text);
    expect(stack.recovered.path).toMatch(/\.jsonl$/);
    await stack.abandon();
  });

  it("that does not fit its own checkpoint is refused, and both stay", async () => {
    const location = await killed();
    const path = stackFile(location, "dev.jsonl");
    writeFileSync(path, `${readFileSync(path, "utf8").trimEnd()}\n{"success":9,"removes":99}\n`);
    const error = await refusal(open(location));
    expect(error.message).toMatch(/dev\.jsonl: line \d+: there is no slot 99; .*move the log away/);
    expect(readdirSync(dirname(path))).toContain("dev.jsonl");
  });
});

describe("a disk that is full", () => {
  /** Runs a script in a process that may write files of so many blocks of 512 bytes (1,024 in some shells). */
  const limited = (blocks: number, backend: string): { status: number | null; output: string } => {
    const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" --require tsx/cjs "$1" "$2"`;
    const child = join(__dirname, "full-disk-child.ts");
    const { status, stdout, stderr } = spawnSync("sh", ["-c", script, process.execPath, child, backend], {
      encoding: "utf8",
    });
    return { status, output: stdout + stderr };
  };

  it("ends a run with an error that names the file; what was answered before is there", async () => {
    const location = await stackWith(thing("a"));
    const { status, output } = limited(32, location.backend);
    expect(output).toMatch(/state: .*dev\.json(?:l)?: cannot be written: /);
    expect(status).toBe(0);
    const answered = Number(/answered (\d+)/.exec(output)?.[1]);
    expect(answered).toBeGreaterThan(0);
    const stack = await open(location);
    expect(stack.snapshot.resources.length).toBeGreaterThanOrEqual(3 + answered);
    expect(stack.snapshot.resources.length).toBeLessThanOrEqual(3 + answered + 1);
    await stack.finish(SUCCEEDED);
    expect((await readStack(location, SECRETS)).resources).toEqual(stack.snapshot.resources);
  });
});

describe("a folder that cannot be written", () => {
  it("refuses a new stack by name", async () => {
    const location = newLocation();
    writeFileSync(join(location.backend, ".pulumi"), "a file where a folder should be");
    const error = await refusal(open(location));
    expect(error.code).toBe("state");
    expect(error.message).toContain(location.backend);
  });

  it("leaves the state as it was when its sibling cannot be written, and the log to recover from", async () => {
    const location = await stackWith();
    const before = readFileSync(stackFile(location), "utf8");
    const stack = await open(location);
    for (const state of stack.snapshot.resources) {
      await (await stack.recorder.begin()).succeed({ made: state, removes: state, unimportant: true });
    }
    await create(stack, thing("a"));
    mkdirSync(`${stackFile(location)}.tmp`);
    const error = await refusal(stack.finish(SUCCEEDED));
    expect(error.message).toContain("dev.json: cannot be written");
    expect(readFileSync(stackFile(location), "utf8")).toBe(before);
    rmSync(`${stackFile(location)}.tmp`, { recursive: true, force: true });
    const again = await open(location);
    expect(urns(again.snapshot.resources).at(-1)).toBe(urnOf("a"));
    await again.abandon();
  });

  it("does not lose a run whose history cannot be kept", async () => {
    const location = await stackWith();
    rmSync(join(location.backend, ".pulumi", "history"), { recursive: true });
    writeFileSync(join(location.backend, ".pulumi", "history"), "");
    const stack = await open(location);
    for (const state of stack.snapshot.resources) {
      await (await stack.recorder.begin()).succeed({ made: state, removes: state, unimportant: true });
    }
    await create(stack, thing("a"));
    expect((await refusal(stack.finish(SUCCEEDED))).message).toContain("history");
    expect(urns((await readStack(location, SECRETS)).resources).at(-1)).toBe(urnOf("a"));
    await (await open(location)).abandon();
  });
});
