/**
 * Measures `kb preview` as a user waits for it: from the start of the process to its end, for one environment
 * and for all, in turn, so that a machine that gets slower or faster does not favour one. Beside it the part
 * spent loading modules, the time per environment, and the memory of all processes together. Compare the
 * ratios; absolute times are the machine's.
 *
 *   npm run bench            7 runs of each
 *   npm run bench -- 21      21 runs
 */
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { preview } from "../engine/preview";
import { listEnvironments, loadProject } from "../engine/project/project";
import { median, memoryOfTree } from "./measure";

const root = resolve(__dirname, "..");
const runs = Number(process.argv[2] ?? 7);
const kb = join(root, "cli", "kb.cjs");

/** What is run, by what the report calls it. The last is the yardstick: one official runner per environment. */
const commands: Record<string, readonly string[]> = {
  "node, nothing loaded": ["-e", ""],
  "kb --version": [kb, "--version"],
  "kb preview dev": [kb, "preview", "dev"],
  "kb preview (dev and prod)": [kb, "preview"],
  "kb preview --official-runner": [kb, "preview", "--official-runner"],
};

interface Run {
  readonly milliseconds: number;
  /** Most memory of all processes together, in MB. */
  readonly megabytes: number;
}

async function once(args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.resume();
  child.stderr.resume();
  let peak = 0;
  const sample = setInterval(() => {
    peak = Math.max(peak, memoryOfTree(child.pid ?? 0));
  }, 25);
  const code = await new Promise<number | null>((done) => child.on("close", done));
  clearInterval(sample);
  if (code !== 0) throw new Error(`kb ${args.slice(1).join(" ")} ended with ${code}`);
  return { milliseconds: performance.now() - started, megabytes: peak };
}

/** Phases inside one preview of all environments. */
async function phases(): Promise<Record<string, number>> {
  const project = loadProject(root);
  const found: Record<string, number> = {};
  const declarations = await preview(project, listEnvironments(project), {
    overrides: [],
    processEnvironment: {},
    officialRunner: false,
    signal: new AbortController().signal,
    events: {
      timing: (phase, milliseconds) => {
        found[phase] = milliseconds;
      },
      fallback: (environment, reason) => {
        throw new Error(`${environment} does not share the process: ${reason}`);
      },
    },
  });
  const resources = declarations.reduce((sum, declaration) => sum + declaration.resources.length, 0);
  return { ...found, resources };
}

async function main(): Promise<void> {
  const results = new Map<string, Run[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = -1; round < runs; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const run = await once(args);
      // The first round fills the caches of transpiled files.
      if (round >= 0) results.get(name)?.push(run);
    }
  }
  const base = median((results.get("kb preview (dev and prod)") ?? []).map((run) => run.milliseconds));
  console.log(`Node.js ${process.versions.node}, ${runs} runs of each, in turn; medians\n`);
  console.log("                                   wall ms   (least – most)   ratio   peak MB");
  for (const [name, all] of results) {
    const times = all.map((run) => run.milliseconds);
    const middle = median(times);
    const range = `(${Math.min(...times).toFixed(0)} – ${Math.max(...times).toFixed(0)})`;
    const memory = median(all.map((run) => run.megabytes));
    console.log(
      `${name.padEnd(33)} ${middle.toFixed(0).padStart(8)}   ${range.padEnd(15)}  ${(middle / base).toFixed(2).padStart(5)}   ${memory.toFixed(0).padStart(7)}`,
    );
  }
  const inside: Record<string, number>[] = [];
  for (let round = 0; round < runs; round += 1) inside.push(await phases());
  console.log("\ninside one preview of dev and prod, in the evaluating process");
  for (const phase of Object.keys(inside[0] ?? {})) {
    const value = median(inside.map((each) => each[phase] ?? 0));
    console.log((PHASES[phase] ?? `  ${phase}, ms`).padEnd(60) + value.toFixed(0).padStart(6));
  }
}

const PHASES: Record<string, string> = {
  start: "from the start of the process until the SDK is loaded, ms",
  resources: "resources of both environments",
};

void main();
