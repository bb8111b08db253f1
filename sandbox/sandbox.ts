/**
 * A sandbox: real servers on loopback, with data of their own, that anything may be tried on. Whatever is done here
 * can be done again: starting what runs, stopping what does not, and both after kill -9 of anything.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Asked } from "./asked";
import {
  descriptionFile,
  newDescription,
  readDescription,
  type SandboxDescription,
  writeDescription,
} from "./description";
import { SandboxCancelled, SandboxError } from "./errors";
import { makeFolder } from "./folder";
import { locked } from "./lock";
import { serverOwner } from "./owner";
import { installBinaries } from "./postgresql/binaries";
import { dataFolder, makeCluster } from "./postgresql/cluster";
import { serverProcess, stopServer } from "./postgresql/process";
import { answers, logFile, startServer } from "./postgresql/server";

/** Starts the sandbox of a folder, and makes it if there is none. */
export async function startSandbox(folder: string, asked: Asked): Promise<SandboxDescription> {
  const owner = serverOwner();
  makeFolder(folder, owner);
  return exclusively(folder, asked, async () => {
    let sandbox = readDescription(folder);
    if (sandbox === undefined) {
      if (existsSync(dataFolder(folder))) {
        throw new SandboxError(
          `${descriptionFile(folder)} is gone, and with it the password of the data beside it; kb sandbox reset --yes removes that data`,
        );
      }
      sandbox = newDescription(folder);
      writeDescription(sandbox);
    }
    const { user, password } = sandbox.servers.postgresql;
    const binaries = installBinaries(folder, asked.onProgress);
    await makeCluster(folder, { binaries, owner, marker: sandbox.marker, user, password, asked });
    if (asked.signal.aborted) throw new SandboxCancelled();
    if (serverProcess(dataFolder(folder)) === undefined) asked.onProgress("Starting PostgreSQL");
    const port = await startServer(sandbox, { binaries, owner, signal: asked.signal });
    const started = { ...sandbox, servers: { postgresql: { ...sandbox.servers.postgresql, port } } };
    writeDescription(started);
    return started;
  });
}

/** Stops the servers, and keeps their data. Returns whether one ran. */
export async function stopSandbox(folder: string, asked: Asked): Promise<boolean> {
  if (!existsSync(folder)) return false;
  return exclusively(folder, asked, async () => {
    if (serverProcess(dataFolder(folder)) === undefined) return false;
    asked.onProgress("Stopping PostgreSQL");
    await stopServer(dataFolder(folder));
    return true;
  });
}

/** Stops the servers, and deletes everything. Returns whether there was anything. */
export async function resetSandbox(folder: string, asked: Asked): Promise<boolean> {
  if (!existsSync(folder)) return false;
  return exclusively(folder, asked, async () => {
    await stopServer(dataFolder(folder));
    // Names alone: the folder may be one that holds other things too.
    // The state of stacks tells of objects that go with the data.
    const kept = ["state", ...passphrasesIn(folder)].map((name) => join(folder, name));
    const own = [
      dataFolder(folder),
      `${dataFolder(folder)}.new`,
      logFile(folder),
      `${logFile(folder)}.1`,
      ...kept,
    ];
    const present = own.filter((path) => existsSync(path));
    const description = descriptionFile(folder);
    const described = existsSync(description);
    if (present.length > 0) asked.onProgress(`Deleting ${dataFolder(folder)}`);
    // The description last: data without it would be refused by the next start.
    for (const path of [...own, join(folder, "initial-password"), `${description}.new`, description])
      rmSync(path, { recursive: true, force: true });
    return present.length > 0 || described;
  });
}

/** The passphrase, and those that a command which was killed had not put in place yet. */
function passphrasesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^passphrase(?:\.\d+)?$/.test(name));
}

/** How a server is. */
export type ServerState = "running" | "starting" | "stopped";

export interface SandboxStatus {
  readonly folder: string;
  /** Undefined when there is no sandbox. */
  readonly marker: string | undefined;
  /** Where the password stands, which nothing prints. */
  readonly description: string;
  readonly postgresql: {
    readonly state: ServerState;
    readonly host: string;
    /** 0 when it was never started. */
    readonly port: number;
    readonly user: string;
    readonly database: string;
    readonly pid: number | undefined;
    readonly log: string;
  };
}

/** Looks at the sandbox, and changes nothing. */
export async function sandboxStatus(folder: string): Promise<SandboxStatus> {
  const sandbox = readDescription(folder);
  const server = serverProcess(dataFolder(folder));
  const { host, port, user, database } = (sandbox ?? newDescription(folder)).servers.postgresql;
  const running = sandbox !== undefined && server?.ready === true && (await answers(sandbox, server.port));
  return {
    folder,
    marker: sandbox?.marker,
    description: descriptionFile(folder),
    postgresql: {
      state: running ? "running" : server === undefined ? "stopped" : "starting",
      host,
      port: server?.port ?? port,
      user,
      database,
      pid: server?.pid,
      log: logFile(folder),
    },
  };
}

function exclusively<T>(folder: string, { signal, onProgress }: Asked, work: () => Promise<T>): Promise<T> {
  const onWait = (): void => onProgress("Waiting for another command that works on the sandbox");
  return locked(folder, { signal, onWait }, work);
}
