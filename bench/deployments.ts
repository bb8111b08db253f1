/**
 * Measures the engine on a stack of many resources that nothing stands behind: a real program in Pulumi's own runner,
 * a provider that does nothing, the state in the official file backend. Prints how long each operation takes, the
 * memory of all its processes, and the bytes that it writes.
 *
 *   npx tsx bench/deployments.ts             2000 resources, 3 runs
 *   npx tsx bench/deployments.ts 500 1       500 resources, 1 run
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median, runNode } from "./measure";

const count = Number(process.argv[2] ?? 2000);
const runs = Number(process.argv[3] ?? 3);
const repository = resolve(__dirname, "..");

/** Ten resources in each component, each of which takes a value from the one before. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
class Thing extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;
  constructor(name: string, args: { value: pulumi.Input<string>; index: number }, opts: pulumi.CustomResourceOptions) {
    super("noop:index:Thing", name, args, { ...opts, version: "1.0.0" });
  }
}
const config = new pulumi.Config();
const count = config.requireNumber("count");
const changed = config.requireNumber("changed");
for (let start = 0; start < count; start += 10) {
  const part = new pulumi.ComponentResource("bench:index:Part", \`part-\${start}\`);
  let before: Thing | undefined;
  for (let index = start; index < Math.min(count, start + 10); index += 1) {
    const value = index === changed ? "changed" : (before?.value ?? "first");
    before = new Thing(\`thing-\${index}\`, { value, index }, { parent: part });
  }
}
`;

interface Figures {
  readonly seconds: number;
  readonly engineSeconds: number;
  readonly megabytes: number;
  readonly writtenMegabytes: number;
}

/** Milliseconds of an operation in the engine's process, from its result line. */
function engineTime(stdout: string): number {
  return (JSON.parse(stdout) as { milliseconds: number }).milliseconds;
}

async function measure(root: string, operation: string): Promise<Figures> {
  const run = await runNode(["--import", "tsx", join(repository, "bench/deploy-once.ts"), root, operation]);
  return {
    seconds: run.milliseconds / 1000,
    engineSeconds: engineTime(run.stdout) / 1000,
    megabytes: run.megabytes,
    writtenMegabytes: run.written / 1e6,
  };
}

function configure(root: string, changed: number): void {
  writeFileSync(
    join(root, "Pulumi.bench.yaml"),
    `config:\n  bench:count: ${count}\n  bench:changed: ${changed}\n`,
  );
}

async function round(): Promise<Record<string, Figures>> {
  const root = mkdtempSync(join(tmpdir(), "kb-bench-"));
  try {
    mkdirSync(join(root, "state"));
    writeFileSync(join(root, "Pulumi.yaml"), "name: bench\nruntime: nodejs\nmain: index.ts\n");
    writeFileSync(join(root, "package.json"), JSON.stringify({ name: "bench" }));
    writeFileSync(
      join(root, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { noCheck: true, module: "commonjs", moduleResolution: "node", target: "es2022" },
      }),
    );
    writeFileSync(join(root, "index.ts"), PROGRAM);
    symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
    configure(root, -1);
    const results: Record<string, Figures> = {};
    results.create = await measure(root, "up");
    results["nothing to do"] = await measure(root, "up");
    configure(root, 0);
    results["change one"] = await measure(root, "up");
    results.refresh = await measure(root, "refresh");
    results.destroy = await measure(root, "destroy");
    return results;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const rounds: Record<string, Figures>[] = [];
  for (let index = 0; index < runs; index += 1) rounds.push(await round());
  console.log(`Node.js ${process.versions.node}, ${count} resources, ${runs} runs; medians\n`);
  console.log(
    `${"".padEnd(16)}${["s", "s in engine", "ms/resource", "MB", "MB written"].map((text) => text.padStart(13)).join("")}`,
  );
  for (const operation of Object.keys(rounds[0] ?? {})) {
    const of = (key: keyof Figures): number =>
      median(rounds.map((results) => results[operation]?.[key] ?? Number.NaN));
    const cells = [
      of("seconds").toFixed(1),
      of("engineSeconds").toFixed(1),
      ((of("seconds") * 1000) / count).toFixed(2),
      of("megabytes").toFixed(0),
      of("writtenMegabytes").toFixed(1),
    ];
    console.log(operation.padEnd(16) + cells.map((text) => text.padStart(13)).join(""));
  }
}

void main();
