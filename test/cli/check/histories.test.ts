/** The histories of many environments' files are read without a complaint of Node.js about what listens for an end. */
import { rmSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { generateEnvironments } from "../../../bench/generated-environments";
import { environmentFacts } from "../../../cli/check/environments";
import { imageHistories } from "../../../cli/check/views";
import { loadProject } from "../../../engine/project/project";

it("reads the histories of 24 environments without a warning", async () => {
  const { root, names } = generateEnvironments(24);
  const warnings: string[] = [];
  const listen = ({ message }: Error): void => void warnings.push(message);
  process.on("warning", listen);
  onTestFinished(() => {
    process.off("warning", listen);
    rmSync(root, { recursive: true, force: true });
  });
  const project = loadProject(root);
  const histories = await imageHistories(project, environmentFacts(project), new AbortController().signal);
  await turn();
  expect([...histories.keys()].sort()).toEqual([...names].sort());
  expect(histories.get("gen001")?.images.size).toBeGreaterThan(0);
  expect(warnings).toEqual([]);
});
