/**
 * The data of the sandbox's PostgreSQL: made once, with settings that keep it on loopback, keep passwords out of its
 * log, and say which sandbox it belongs to.
 */
import { execFile } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { MARKER_SETTING } from "../../providers/postgresql/settings";
import type { Asked } from "../asked";
import { SandboxCancelled, SandboxError } from "../errors";
import type { Owner } from "../owner";
import type { Binaries } from "./binaries";

const INIT_SECONDS = 60;

/** What the server's own programs get: nothing of the user's environment, above all no PG* and no LD_*. */
export const SERVER_ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8", TZ: "UTC" } as const;

/** The data's folder inside a sandbox. */
export function dataFolder(folder: string): string {
  return join(folder, "postgresql-data");
}

/** Makes the data if there is none. One that was interrupted is begun anew. */
export async function makeCluster(
  folder: string,
  {
    binaries,
    owner,
    marker,
    user,
    password,
    asked,
  }: {
    readonly binaries: Binaries;
    readonly owner: Owner;
    readonly marker: string;
    readonly user: string;
    readonly password: string;
    readonly asked: Asked;
  },
): Promise<void> {
  const data = dataFolder(folder);
  if (existsSync(data)) return;
  asked.onProgress("Making the data of PostgreSQL");
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  // Only what the server's user may write is made by that user.
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = join(folder, "initial-password");
  try {
    rmSync(passwordFile, { force: true });
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: "wx" });
    if (owner.other) for (const path of [unfinished, passwordFile]) chownSync(path, owner.uid, owner.gid);
    await initialise(binaries, owner, asked.signal, [
      `--pgdata=${unfinished}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C.UTF-8",
      // Only the end of the whole machine could cost the files of a server that nobody has used yet.
      "--no-sync",
    ]);
    appendFileSync(join(unfinished, "postgresql.conf"), settings(marker));
    writeFileSync(join(unfinished, "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
    renameSync(unfinished, data);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function initialise(
  binaries: Binaries,
  { uid, gid, other }: Owner,
  signal: AbortSignal,
  flags: string[],
): Promise<void> {
  chmodSync(binaries.initdb, 0o755);
  chmodSync(binaries.postgres, 0o755);
  try {
    await promisify(execFile)(binaries.initdb, flags, {
      env: SERVER_ENVIRONMENT,
      cwd: "/",
      signal,
      timeout: INIT_SECONDS * 1000,
      ...(other ? { uid, gid } : {}),
    });
  } catch (error) {
    if (signal.aborted) throw new SandboxCancelled();
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new SandboxError(`PostgreSQL could not make its data: ${said || "it took over a minute"}`);
  }
}

/** Statements hold passwords: the log gets neither those that fail nor what an error says beyond its message. */
function settings(marker: string): string {
  return `
# The sandbox of kb.
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
log_statement = 'none'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
# What applies to a sandbox looks for this, and refuses a server without it.
${MARKER_SETTING} = '${marker}'
`;
}
