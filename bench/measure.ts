/** Figures of runs, and the memory of processes. Linux only, as the sandbox is. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..");

/** The command as users run it, without npm. */
export const kb = join(root, "cli", "kb.cjs");

/** One run of a command, from the start of its process to the end. */
export interface CommandRun {
  readonly milliseconds: number;
  /** Most memory of all its processes together, in MB. */
  readonly megabytes: number;
  /** Bytes that the process itself wrote to files. */
  readonly written: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kb; throws when it does not succeed. */
export function runKb(args: readonly string[]): Promise<CommandRun> {
  return runNode([kb, ...args]);
}

/** Runs Node.js with the arguments, in the root of this project; throws when it does not succeed. */
export async function runNode(args: readonly string[]): Promise<CommandRun> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let peak = 0;
  let written = 0;
  const sample = setInterval(() => {
    peak = Math.max(peak, memoryOfTree(child.pid ?? 0));
    written = Math.max(written, writtenBy(child.pid ?? 0));
  }, 25);
  const code = await new Promise<number | null>((done) => child.on("close", done));
  clearInterval(sample);
  if (code !== 0) throw new Error(`${args.slice(1).join(" ")} ended with ${code}: ${stderr}`);
  return { milliseconds: performance.now() - started, megabytes: peak, written, stdout, stderr };
}

/** Milliseconds by phase, as `--timings` prints them. */
export function timingsOf(stderr: string): Record<string, number> {
  const lines = stderr.matchAll(/^(\S.*?) +(\d+) ms$/gm);
  return Object.fromEntries([...lines].map(([, phase = "", milliseconds]) => [phase, Number(milliseconds)]));
}

/** The middle of the values; the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** MB that a process and everything it started use, pages shared between them counted once. */
export function memoryOfTree(pid: number): number {
  return memoryOf(pid) + childrenOf(pid).reduce((sum, child) => sum + memoryOfTree(child), 0);
}

/** What the process sent to storage, or would have: pages that it made dirty. */
function writtenBy(pid: number): number {
  return Number(/^write_bytes: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1] ?? 0);
}

function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`);
  return text.split(" ").filter(Boolean).map(Number);
}

function memoryOf(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** A process that has just ended has no files any more. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
