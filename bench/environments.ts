/**
 * Measures a preview of many environments at once: generated ones, each as large as DEV, in a copy of this project.
 * Prints the time from the call to the last declaration, what an environment takes inside its process, and the
 * memory of all processes together.
 *
 *   npx tsx bench/environments.ts            50 environments, 3 runs
 *   npx tsx bench/environments.ts 100 5      100 environments, 5 runs
 */
import { rmSync } from "node:fs";
import { preview } from "../engine/preview";
import { loadProject } from "../engine/project/project";
import { generateEnvironments } from "./generated-environments";
import { median, memoryOfTree } from "./measure";

const count = Number(process.argv[2] ?? 50);
const runs = Number(process.argv[3] ?? 3);

interface Run {
  /** Until all environments are declared. */
  readonly wall: number;
  /** Of each environment, without the first of each process, which loads the program's packages. */
  readonly further: readonly number[];
  /** Most memory of all processes together, in MB. */
  readonly megabytes: number;
  readonly resources: number;
}

async function once(root: string, names: readonly string[]): Promise<Run> {
  const environments = new Map<string, number>();
  let peak = 0;
  const sample = setInterval(() => {
    peak = Math.max(peak, memoryOfTree(process.pid));
  }, 50);
  const started = performance.now();
  const declarations = await preview(loadProject(root), names, {
    overrides: [],
    processEnvironment: {},
    officialRunner: false,
    signal: new AbortController().signal,
    events: {
      timing: (phase, milliseconds) => {
        if (names.includes(phase)) environments.set(phase, milliseconds);
      },
      fallback: (environment, reason) => {
        throw new Error(`${environment} does not share a process: ${reason}`);
      },
    },
  });
  const wall = performance.now() - started;
  clearInterval(sample);
  const failed = declarations.find(({ outcome }) => outcome !== "succeeded");
  if (failed !== undefined) throw new Error(`${failed.environment} ${failed.outcome}`);
  const times = [...environments.values()].sort((a, b) => a - b);
  return {
    wall,
    further: times.slice(0, Math.max(1, names.length - 2)),
    megabytes: peak,
    resources: declarations.reduce((sum, declaration) => sum + declaration.resources.length, 0),
  };
}

async function main(): Promise<void> {
  const { root, names } = generateEnvironments(count);
  try {
    const all: Run[] = [];
    for (let round = 0; round < runs; round += 1) all.push(await once(root, names));
    const further = all.flatMap((run) => run.further);
    const lines = {
      [`${names.length} environments, ${all[0]?.resources ?? 0} resources, ms`]: all.map(({ wall }) => wall),
      "a further environment in its process, ms": further,
      "most memory of all processes, MB": all.map(({ megabytes }) => megabytes),
    };
    console.log(`Node.js ${process.versions.node}, ${runs} runs; medians (least – most)\n`);
    for (const [name, values] of Object.entries(lines)) {
      const range = `(${Math.min(...values).toFixed(0)} – ${Math.max(...values).toFixed(0)})`;
      console.log(`${name.padEnd(50)} ${median(values).toFixed(0).padStart(6)}   ${range}`);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

void main();
