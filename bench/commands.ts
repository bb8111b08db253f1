/**
 * Measures kb as a user waits for it: from the start of the process to its end, each command in turn, so that a
 * machine that gets slower or faster does not favour one. Beside it the parts of one check, and the memory of all
 * processes together. Compare the ratios; absolute times are the machine's.
 *
 *   npm run bench                    7 runs of each, then 50 environments (bench/environments.ts)
 *   npx tsx bench/commands.ts 21     21 runs of each
 */
import { type CommandRun, kb, median, runKb, runNode, timingsOf } from "./measure";

const runs = Number(process.argv[2] ?? 7);

/** What is run, by what the report calls it. */
const commands: Record<string, readonly string[]> = {
  "node, nothing loaded": ["-e", ""],
  "kb --version": [kb, "--version"],
  "kb preview dev": [kb, "preview", "dev"],
  "kb preview (dev and prod)": [kb, "preview"],
  "kb check dev": [kb, "check", "dev"],
  "kb check (dev and prod)": [kb, "check"],
  "kb preview --official-runner": [kb, "preview", "--official-runner"],
  "kb check --official-runner": [kb, "check", "--official-runner"],
};

const YARDSTICK = "kb check (dev and prod)";

async function main(): Promise<void> {
  const results = new Map<string, CommandRun[]>(Object.keys(commands).map((name) => [name, []]));
  for (let round = -1; round < runs; round += 1) {
    for (const [name, args] of Object.entries(commands)) {
      const run = await runNode(args);
      // The first round fills the caches of transpiled files.
      if (round >= 0) results.get(name)?.push(run);
    }
  }
  const base = median((results.get(YARDSTICK) ?? []).map((run) => run.milliseconds));
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
  await printParts();
}

/** What one check spends its time on. Two processes work side by side, so the parts do not add up. */
async function printParts(): Promise<void> {
  const inside: Record<string, number>[] = [];
  for (let round = 0; round < runs; round += 1) {
    inside.push(timingsOf((await runKb(["check", "--timings"])).stderr));
  }
  console.log("\ninside one check of dev and prod, ms");
  for (const phase of Object.keys(inside[0] ?? {})) {
    const value = median(inside.map((each) => each[phase] ?? 0));
    console.log((MEANINGS[phase] ?? phase).padEnd(60) + value.toFixed(0).padStart(6));
  }
}

const MEANINGS: Record<string, string> = {
  start: "evaluating process: from its start until the SDK is loaded",
};

void main();
