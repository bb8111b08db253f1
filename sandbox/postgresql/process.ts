/**
 * The server's process, by the file in which PostgreSQL itself keeps it. A number that another process has now is none; a
 * server is known again under any path that leads to its data.
 */
import { readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { SandboxError } from "../errors";

/** A server that runs, or is starting or stopping. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Whether it takes connections, as it says itself. */
  readonly ready: boolean;
}

/** The server of a data folder; undefined when none runs, whatever the file says. */
export function serverProcess(data: string): ServerProcess | undefined {
  // Lines: pid, folder, start time, port, socket folder, address, shared memory, state.
  const lines = read(join(data, "postmaster.pid")).split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0 || !isServerOf(pid, data)) return undefined;
  return { pid, port: Number.isInteger(port) ? port : 0, ready: lines[7]?.trim() === "ready" };
}

/**
 * Takes away the file of a server that was killed if another process has its number by now: PostgreSQL sees to the
 * other cases itself, but would take that process for a server. As long as any PostgreSQL has the number the file stays:
 * two servers on the same data would destroy it.
 */
export function forgetDead(data: string): void {
  const file = join(data, "postmaster.pid");
  const pid = Number(read(file).split("\n")[0]);
  if (!Number.isInteger(pid) || pid <= 0 || isPostgres(pid)) return;
  if (read(`/proc/${pid}/status`) !== "") rmSync(file, { force: true });
}

/** Ends the server: lets sessions roll back, then does not, then kills. Each wait is bounded. */
export async function stopServer(data: string): Promise<void> {
  const running = serverProcess(data);
  if (running === undefined) return;
  for (const [signal, seconds] of [
    ["SIGINT", 30],
    ["SIGQUIT", 10],
    ["SIGKILL", 10],
  ] as const) {
    try {
      process.kill(running.pid, signal);
    } catch {
      return;
    }
    for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; ) {
      if (!isServerOf(running.pid, data)) return;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  throw new SandboxError(`PostgreSQL (process ${running.pid}) does not end, not even by SIGKILL`);
}

/** Whether the process is the main process of the server with this data: backends have other command lines. */
function isServerOf(pid: number, data: string): boolean {
  const command = read(`/proc/${pid}/cmdline`).split("\0");
  const named = command.indexOf("-D") + 1;
  if (named === 0 || !isPostgres(pid)) return false;
  // It stands in its data; where another user's process does not tell where it stands, there is what it was started with.
  const stands = identityOf(`/proc/${pid}/cwd`) ?? identityOf(command[named] ?? "");
  return stands !== undefined && stands === identityOf(data);
}

function isPostgres(pid: number): boolean {
  if (/^State:\s*Z/m.test(read(`/proc/${pid}/status`))) return false;
  return read(`/proc/${pid}/comm`).trim() === "postgres" || basename(program(pid)) === "postgres";
}

function program(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return "";
  }
}

/** What tells a folder from every other, under whatever path. */
function identityOf(folder: string): string | undefined {
  try {
    const { dev, ino } = statSync(folder, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
