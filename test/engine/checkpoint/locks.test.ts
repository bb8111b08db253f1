/** One process at a time works on a stack; a dead one's lock holds nobody up, and is there until it is recovered. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureLayout, type StackLocation } from "../../../engine/checkpoint/backend";
import { type OpenStack, readStack } from "../../../engine/checkpoint/open-stack";
import { hasEnded, isOnlyNumbering, ownIdentity } from "../../../engine/checkpoint/process-identity";
import { SECRETS, SUCCEEDED, thing } from "./states";
import { newFolder, newLocation, open, refusal, stackWith } from "./trial";

const lockFolder = ({ backend }: StackLocation): string =>
  join(backend, ".pulumi", "locks", "organization", "rec", "dev");

/** Puts somebody's lock on a stack. */
function putLock(location: StackLocation, content: unknown): void {
  mkdirSync(lockFolder(location), { recursive: true });
  writeFileSync(join(lockFolder(location), "theirs.json"), JSON.stringify(content));
}

/** The id of a process that ran and has ended. */
function endedProcess(): Promise<number> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ["-e", ""]);
    child.on("exit", () => done(child.pid ?? 0));
  });
}

const official = { username: "ann", hostname: hostname(), timestamp: "2026-11-27T13:25:32.138376468Z" };

describe("a lock", () => {
  it("has the official form, and is gone when the stack is finished or abandoned", async () => {
    const location = newLocation();
    const stack = await open(location);
    const [name = ""] = readdirSync(lockFolder(location));
    expect(name).toMatch(/^[0-9a-f-]{36}\.json$/);
    const content = JSON.parse(readFileSync(join(lockFolder(location), name), "utf8")) as Record<
      string,
      unknown
    >;
    expect(Object.keys(content).slice(0, 4)).toEqual(["pid", "username", "hostname", "timestamp"]);
    expect(content.pid).toBe(process.pid);
    await stack.finish(SUCCEEDED);
    expect(readdirSync(lockFolder(location))).toEqual([]);
    await (await open(location)).abandon();
    expect(readdirSync(lockFolder(location))).toEqual([]);
  });

  it("of a living process refuses everybody else, and says who it is and what to do", async () => {
    const location = await stackWith(thing("a"));
    putLock(location, { ...official, pid: process.pid });
    const error = await refusal(open(location));
    expect(error.code).toBe("locked");
    expect(error.message).toContain(`ann@${hostname()} (pid ${process.pid}) since 2026-11-27T13:25:32`);
    expect(error.message).toContain("`pulumi cancel`");
    expect(readdirSync(lockFolder(location))).toEqual(["theirs.json"]);
    expect((await readStack(location, SECRETS)).resources).toHaveLength(3);
  });

  const living: readonly [name: string, content: unknown][] = [
    ["of another machine", { ...official, pid: 999_999_999, hostname: "elsewhere" }],
    ["that cannot be read", "nonsense"],
    ["without a process id", official],
    [
      "of another numbering of processes",
      { ...official, pid: 999_999_999, engine: { namespace: "pid:[1]" } },
    ],
    [
      "of a machine that only has the same name",
      { ...official, pid: 1, engine: { machine: "another", boot: "b" } },
    ],
  ];
  it.each(living)("%s counts as held", async (_, content) => {
    const location = await stackWith();
    putLock(location, content);
    expect((await refusal(open(location))).code).toBe("locked");
  });

  it("of a process that has ended does not count, and goes once its stack is open", async () => {
    const { pid: _, hostname: __, ...engine } = ownIdentity();
    const location = await stackWith();
    putLock(location, { ...official, pid: await endedProcess(), engine });
    const stack = await open(location);
    expect(readdirSync(lockFolder(location))).not.toContain("theirs.json");
    await stack.abandon();
  });

  it("of a process whose id another one has now does not count", async () => {
    const { pid, hostname: _, ...engine } = ownIdentity();
    const location = await stackWith();
    putLock(location, { ...official, pid, engine: { ...engine, started: "1" } });
    await (await open(location)).abandon();
    putLock(location, { ...official, pid, engine });
    expect((await refusal(open(location))).code).toBe("locked");
  });

  it("of Pulumi's CLI, which tells no numbering of processes, ends with its process only where there is one", async () => {
    const ended = { pid: await endedProcess(), hostname: hostname() };
    expect(hasEnded(ended, () => true)).toBe(true);
    expect(hasEnded(ended, () => false)).toBe(false);
    expect(hasEnded({ ...ended, pid: process.pid }, () => true)).toBe(false);
    const location = await stackWith();
    putLock(location, { ...official, pid: ended.pid });
    const opened = await open(location).then(
      (stack) => stack.abandon().then(() => true),
      () => false,
    );
    expect(opened).toBe(isOnlyNumbering());
  });

  it("that was never put in place goes with the next one, unless it may be written at this moment", async () => {
    const location = await stackWith();
    const beside = join(lockFolder(location), "..");
    const [old, fresh] = [`.${randomUUID()}.tmp`, `.${randomUUID()}.tmp`];
    for (const name of [old, fresh]) writeFileSync(join(beside, name), "{");
    const before = Date.now() / 1000 - 120;
    utimesSync(join(beside, old), before, before);
    await (await open(location)).abandon();
    expect(readdirSync(beside).filter((name) => name.endsWith(".tmp"))).toEqual([fresh]);
  });

  it("goes to exactly one of several that start at once", async () => {
    const location = await stackWith();
    for (let round = 0; round < 10; round += 1) {
      const tried = await Promise.allSettled(Array.from({ length: 4 }, () => open(location)));
      const winners = tried.flatMap((one): OpenStack[] => (one.status === "fulfilled" ? [one.value] : []));
      expect(winners).toHaveLength(1);
      await winners[0]?.abandon();
    }
  });

  it("is not left by an open that is refused", async () => {
    const location = await stackWith();
    await refusal(open(location, { secrets: { ...SECRETS, passphrase: "wrong" } }));
    expect(readdirSync(lockFolder(location))).toEqual([]);
  });
});

it("a new backend gets its layout from all who first come to it at once", async () => {
  for (let round = 0; round < 20; round += 1) {
    const backend = newFolder();
    await Promise.all(Array.from({ length: 4 }, () => ensureLayout(backend)));
    expect(readdirSync(join(backend, ".pulumi"))).toEqual(["meta.yaml"]);
  }
});
