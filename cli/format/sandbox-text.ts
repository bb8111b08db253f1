/** How a sandbox is, for people and for programs. Neither holds its password. */
import type { SandboxStatus } from "../../sandbox/sandbox";

/** Raised when the form changes in a way that readers must know of. */
const FORMAT_VERSION = 1;

/** `kb sandbox status`. */
export function sandboxText({ folder, marker, description, postgresql }: SandboxStatus): string {
  if (marker === undefined) return `There is no sandbox in ${folder}; kb sandbox start makes one.\n`;
  const { state, host, port, pid, user, database, log } = postgresql;
  const running = state === "stopped" ? "stopped" : `${state} at ${host}:${port}, process ${pid}`;
  const lines = {
    PostgreSQL: running,
    database: `${database}, as ${user} with the password in ${description}`,
    marker,
    log,
  };
  return Object.entries(lines)
    .map(([name, text]) => `${name.padEnd(10)}  ${text}\n`)
    .join("");
}

/** `kb sandbox status --json`, described in docs/sandbox.md. */
export function sandboxJson({ folder, marker, description, postgresql }: SandboxStatus): string {
  const status = {
    version: FORMAT_VERSION,
    kind: "sandbox",
    folder,
    marker: marker ?? null,
    description,
    servers: { postgresql: { ...postgresql, pid: postgresql.pid ?? null } },
  };
  return `${JSON.stringify(status, undefined, 2)}\n`;
}
