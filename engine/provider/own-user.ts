/**
 * Whose process is at the other end of a connection on loopback. A port there is open to every user of the machine, and
 * gRPC's requests name nobody, so that a process which serves one user has to ask the system who calls.
 */
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";

/** Of both families: a socket of IPv6 can connect to an address of IPv4. Fields: proc(5). */
const TABLES = ["/proc/net/tcp", "/proc/net/tcp6"];
const ESTABLISHED = "01";

/**
 * Whether the process that connected runs as this user. No where the system does not say so, as when that process has
 * closed its end already. Linux alone tells; elsewhere everybody passes.
 */
export function isOfUser(socket: Socket, uid: number | undefined = process.getuid?.()): boolean {
  if (process.platform !== "linux") return true;
  const ends = `${hexadecimal(socket.remotePort)} ${hexadecimal(socket.localPort)}`;
  // The peer's own end: its local port is this end's remote one. Should others have the same two, all must be the user's.
  const owners = TABLES.flatMap(rowsOf).flatMap(([, local, remote, state, , , , owner]) =>
    state === ESTABLISHED && `${portOf(local)} ${portOf(remote)}` === ends ? [owner] : [],
  );
  return owners.length > 0 && owners.every((owner) => owner === String(uid));
}

function rowsOf(table: string): string[][] {
  try {
    const [, ...rows] = readFileSync(table, "utf8").trimEnd().split("\n");
    return rows.map((row) => row.trim().split(/\s+/));
  } catch {
    return [];
  }
}

function portOf(address = ""): string {
  return address.slice(address.lastIndexOf(":") + 1);
}

function hexadecimal(port = 0): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
