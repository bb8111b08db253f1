/** Many environments are shared among as many processes as the machine has cores for, and none is lost. */
import { describe, expect, it } from "vitest";
import { SharedRunners } from "../../engine/host/shared-runners";
import type { Declaration } from "../../engine/monitor/declaration";
import { loadEnvironment } from "../../engine/project/environment";
import { listEnvironments, loadProject } from "../../engine/project/project";
import { makeProject } from "../support/project";

const names = Array.from({ length: 16 }, (_, index) => `e${String(index + 1).padStart(2, "0")}`);

/** What each environment declares, in the order of arrival. */
async function declaredWith(cores: number): Promise<Declaration[]> {
  const root = makeProject({
    "Pulumi.dev.yaml": null,
    ...Object.fromEntries(names.map((name) => [`Pulumi.${name}.yaml`, "config: {}\n"])),
    "index.ts": `import * as pulumi from "@pulumi/pulumi";
export const stack = pulumi.getStack(); export const runner = process.pid;`,
  });
  const project = loadProject(root);
  const configurations = await Promise.all(
    listEnvironments(project).map((name) => loadEnvironment(project, name, [], {})),
  );
  const runners = new SharedRunners(project, configurations.length, cores);
  const declared: Declaration[] = [];
  try {
    const results = await runners.evaluate(configurations, {}, (each) => declared.push(each));
    expect([...results.keys()].sort()).toEqual(names);
  } finally {
    runners.close();
  }
  return declared;
}

describe("sixteen environments", () => {
  for (const { cores, processes } of [
    { cores: 1, processes: 1 },
    { cores: 2, processes: 1 },
    { cores: 3, processes: 2 },
    { cores: 8, processes: 2 },
  ]) {
    it(`are evaluated in ${processes} process(es) on a machine with ${cores} core(s)`, async () => {
      const declared = await declaredWith(cores);
      expect(declared.map(({ outputs }) => outputs.stack).sort()).toEqual(names);
      expect(declared.every(({ environment, outputs }) => environment === outputs.stack)).toBe(true);
      expect(new Set(declared.map(({ outputs }) => outputs.runner)).size).toBe(processes);
    });
  }
});
