/**
 * Which process on which machine this is, so that a later one can tell whether it still runs. A process id alone
 * cannot: another process has it after a while, and a restarted machine starts them anew.
 */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells a process from every other, as far as this machine says. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly hostname: string;
  /** The machine, whatever its name; its current start; the numbering that the id belongs to. */
  readonly machine?: string;
  readonly boot?: string;
  readonly namespace?: string;
  /** When the process started, in ticks of the machine since its start. */
  readonly started?: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  const machine = read("/etc/machine-id");
  const boot = read("/proc/sys/kernel/random/boot_id");
  const namespace = pidNamespace();
  const started = startOf(process.pid);
  return {
    pid: process.pid,
    hostname: hostname(),
    ...(machine ? { machine } : {}),
    ...(boot ? { boot } : {}),
    ...(namespace ? { namespace } : {}),
    ...(started ? { started } : {}),
  };
}

/**
 * Whether it is certain that a process has ended. What another machine runs is never certain, nor what another numbering
 * of processes may have. `onlyNumbering` answers whether there is but one here.
 */
export function hasEnded(other: ProcessIdentity, onlyNumbering = isOnlyNumbering): boolean {
  const own = ownIdentity();
  if (other.hostname !== own.hostname || differ(other.machine, own.machine)) return false;
  // Without a machine id, another start may be another machine of the same name.
  if (differ(other.boot, own.boot)) return other.machine !== undefined && other.machine === own.machine;
  if (differ(other.namespace, own.namespace)) return false;
  // Pulumi's CLI does not tell its numbering: it may run in a container that has this machine's name.
  if (!exists(other.pid)) return other.namespace !== undefined || onlyNumbering();
  return differ(other.started, startOf(other.pid));
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function exists(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Anything else, such as a process of another user, says that there is one.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** The 22nd field of the process's stat; the second, its name in brackets, may hold blanks. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
}

/** The numbering that Linux starts with; any other stands within it. Source: include/linux/proc_ns.h. */
const FIRST_NUMBERING = "pid:[4026531836]";

/** Whether every process of this machine that can be asked counts as this one does. */
export function isOnlyNumbering(): boolean {
  if (process.platform !== "linux") return true;
  if (pidNamespace() !== FIRST_NUMBERING) return false;
  // Of a process of another user nothing may be told.
  const told = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return told.every((pid) => (pidNamespace(pid) ?? FIRST_NUMBERING) === FIRST_NUMBERING);
}

function pidNamespace(pid = "self"): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
