/**
 * Measures a check of many environments at once: generated ones, each as large as DEV, in a copy of this project.
 * Prints how long a user waits, what an environment takes inside its process and by the rules, and the memory of all
 * processes together.
 *
 *   npx tsx bench/environments.ts            50 environments, 3 runs
 *   npx tsx bench/environments.ts 100 5      100 environments, 5 runs
 */
import { rmSync } from "node:fs";
import { generateEnvironments } from "./generated-environments";
import { type CommandRun, median, runKb, timingsOf } from "./measure";

const count = Number(process.argv[2] ?? 50);
const runs = Number(process.argv[3] ?? 3);

function print(name: string, values: readonly number[]): void {
  const range = `(${Math.min(...values).toFixed(0)} – ${Math.max(...values).toFixed(0)})`;
  console.log(`${name.padEnd(58)} ${median(values).toFixed(0).padStart(6)}   ${range}`);
}

async function main(): Promise<void> {
  const { root, names } = generateEnvironments(count);
  try {
    const all: CommandRun[] = [];
    for (let round = 0; round < runs; round += 1) all.push(await runKb(["-C", root, "check", "--timings"]));
    const phases = all.map(({ stderr }) => timingsOf(stderr));
    const further = phases.flatMap((timings) => {
      const times = names.flatMap((name) => timings[name] ?? []).sort((a, b) => a - b);
      // The slowest of each process loads the program's packages.
      return times.slice(0, Math.max(1, names.length - 2));
    });
    const rules = phases.flatMap((timings) => names.flatMap((name) => timings[`rules on ${name}`] ?? []));
    console.log(`Node.js ${process.versions.node}, ${runs} runs; medians (least – most)\n`);
    print(
      `kb check of ${names.length} environments, ms`,
      all.map(({ milliseconds }) => milliseconds),
    );
    print("programs: a further environment in its process, ms", further);
    print("rules on an environment, ms", rules);
    print(
      "comparing the environments, ms",
      phases.flatMap((timings) => timings["comparing environments"] ?? []),
    );
    print(
      "most memory of all processes, MB",
      all.map(({ megabytes }) => megabytes),
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

void main();
