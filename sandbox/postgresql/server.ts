/**
 * Starts the sandbox's PostgreSQL so that it outlives the command, on a port of loopback that is free, and knows it
 * again: a server counts as the sandbox's only when it takes the password and says the marker.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chownSync, closeSync, existsSync, openSync, readFileSync, renameSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Client } from "pg";
import { MARKER_SETTING } from "../../providers/postgresql/settings";
import type { SandboxDescription } from "../description";
import { SandboxCancelled, SandboxError } from "../errors";
import type { Owner } from "../owner";
import type { Binaries } from "./binaries";
import { dataFolder, SERVER_ENVIRONMENT } from "./cluster";
import { forgetDead, type ServerProcess, serverProcess, stopServer } from "./process";

/** Recovery after kill -9 takes long with much data. */
const START_SECONDS = 60;
/** How often a port may be taken between finding it free and using it. */
const PORTS = 5;
/** Processes of a server that was killed end by themselves; until then no other can start on its data. */
const LEFTOVER_SECONDS = 10;
const TAIL_LINES = 20;

interface Starting {
  readonly binaries: Binaries;
  readonly owner: Owner;
  readonly signal: AbortSignal;
}

export function logFile(folder: string): string {
  return join(folder, "postgresql.log");
}

/** The port of the server, which is started unless it runs. */
export async function startServer(sandbox: SandboxDescription, starting: Starting): Promise<number> {
  const data = dataFolder(sandbox.folder);
  let { port } = sandbox.servers.postgresql;
  const patience = Date.now() + LEFTOVER_SECONDS * 1000;
  for (let tries = 0; tries < PORTS; await pause(200)) {
    const running = serverProcess(data);
    if (running !== undefined) return waitFor(sandbox, () => serverProcess(data), starting.signal);
    forgetDead(data);
    port = await freePort(port);
    const outcome = await startOn(sandbox, port, starting);
    if (outcome === "started") return port;
    if (outcome === "port taken") tries += 1;
    else if (Date.now() > patience) throw failed(sandbox, `${outcome} for over ${LEFTOVER_SECONDS} s`);
  }
  throw failed(sandbox, `each of ${PORTS} ports was taken by another program before it could be used`);
}

/** Why a server ended at once, by the words of its log, where trying again may help. */
const PASSING = {
  "port taken": /could not bind|could not create any TCP\/IP sockets/,
  "processes of a killed server go on": /pre-existing shared memory block/,
  // A command that was killed had started it a moment ago.
  "another server starts on the same data": /lock file "postmaster\.pid" (?:already exists|is empty)/,
} as const;

type Passing = keyof typeof PASSING;

async function startOn(
  sandbox: SandboxDescription,
  port: number,
  { binaries, owner, signal }: Starting,
): Promise<"started" | Passing> {
  const { folder } = sandbox;
  const data = dataFolder(folder);
  const child = launch(folder, { binaries, owner }, ["-D", data, "-p", String(port)]);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, killed) => resolve(code === null ? `ended by ${killed}` : `exit code ${code}`));
  });
  let end: string | undefined;
  void ended.then((how) => {
    end = how;
  });
  child.unref();
  try {
    await waitFor(
      sandbox,
      () => (end === undefined ? (serverProcess(data) ?? "starting") : undefined),
      signal,
    );
    return "started";
  } catch (error) {
    const log = logTail(sandbox);
    if (end === undefined) {
      await stopServer(data);
      child.kill("SIGQUIT");
      throw error;
    }
    const reasons = Object.keys(PASSING) as Passing[];
    const passing = reasons.find((reason) => PASSING[reason].test(log));
    if (passing !== undefined) return passing;
    throw failed(sandbox, end);
  }
}

/** The server writes into its log itself, and stands in a session of its own: nothing of this process holds it. */
function launch(
  folder: string,
  { binaries, owner }: Omit<Starting, "signal">,
  flags: string[],
): ChildProcess {
  const log = logFile(folder);
  if (existsSync(log)) renameSync(log, `${log}.1`);
  const descriptor = openSync(log, "ax", 0o600);
  try {
    if (owner.other) chownSync(log, owner.uid, owner.gid);
    return spawn(binaries.postgres, flags, {
      detached: true,
      stdio: ["ignore", descriptor, descriptor],
      env: SERVER_ENVIRONMENT,
      cwd: "/",
      ...(owner.other ? { uid: owner.uid, gid: owner.gid } : {}),
    });
  } finally {
    closeSync(descriptor);
  }
}

/** Waits until the server answers; `look` says undefined once it is gone. */
async function waitFor(
  sandbox: SandboxDescription,
  look: () => ServerProcess | "starting" | undefined,
  signal: AbortSignal,
): Promise<number> {
  for (const deadline = Date.now() + START_SECONDS * 1000; Date.now() < deadline; await pause(50)) {
    if (signal.aborted) throw new SandboxCancelled();
    const server = look();
    if (server === undefined) throw failed(sandbox, "it ended while it was waited for");
    if (server === "starting" || !server.ready) continue;
    await verify(sandbox, server.port);
    return server.port;
  }
  throw failed(sandbox, `it takes no connections after ${START_SECONDS} s`);
}

/** Whether the server of this sandbox answers at the port. */
export async function answers(sandbox: SandboxDescription, port: number): Promise<boolean> {
  return verify(sandbox, port).then(
    () => true,
    () => false,
  );
}

/** Logs in and reads the marker, in a given time. */
async function verify(sandbox: SandboxDescription, port: number): Promise<void> {
  const { host, user, password, database } = sandbox.servers.postgresql;
  const access = { host, port, user, password, database, ssl: false, connectionTimeoutMillis: 10_000 };
  const client = new Client({ ...access, query_timeout: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query("select current_setting($1, true) as marker", [MARKER_SETTING]);
    if (rows[0]?.marker === sandbox.marker) return;
  } catch (error) {
    throw failed(
      sandbox,
      `it refuses the login at port ${port}: ${error instanceof Error ? error.message : error}`,
    );
  } finally {
    await client.end().catch(() => {});
  }
  throw new SandboxError(
    `the server at ${host}:${port} does not say the marker of the sandbox in ${sandbox.folder}; kb sandbox reset --yes removes that sandbox and its data`,
  );
}

/** The port itself if it is free, or another one that is. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (wanted === 0 ? reject(error) : resolve(freePort(0))));
    server.listen({ host: "127.0.0.1", port: wanted, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function failed(sandbox: SandboxDescription, why: string): SandboxError {
  const tail = logTail(sandbox);
  const said = tail === "" ? "" : `; the end of ${logFile(sandbox.folder)}:\n${tail}`;
  return new SandboxError(`PostgreSQL could not be started: ${why}${said}`);
}

/** The last lines of the log, without the password. */
function logTail({ folder, servers }: SandboxDescription): string {
  const file = logFile(folder);
  const lines = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  return lines.slice(-TAIL_LINES).join("\n").replaceAll(servers.postgresql.password, "[secret]");
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
