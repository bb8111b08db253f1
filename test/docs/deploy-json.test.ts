/** Proves that docs/deploy-json.md names every field that `--json` writes, every reason and operation, and no other. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deployJson } from "../../cli/format/deploy-json";
import type { DeployResult } from "../../engine/deploy/events";
import { repository } from "../support/project";

const text = readFileSync(join(repository, "docs/deploy-json.md"), "utf8");

/** First columns of the tables, in order: one list of names per table. */
const tables = text
  .split(/\n\n/)
  .filter((block) => block.startsWith("|"))
  .map((block) =>
    block
      .split("\n")
      .slice(2)
      .map((row) => /^\| `([^`]+)`/.exec(row)?.[1] ?? row),
  );
const [documentFields = [], stepFields = [], reasons = []] = tables;

const state = { id: "i", inputs: { a: 1 }, outputs: { a: 1 } };
const full: DeployResult = {
  outcome: "succeeded",
  steps: [
    {
      op: "update",
      urn: "urn:pulumi:dev::p::t:m:T::n",
      type: "t:m:T",
      reason: "changed",
      parent: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
      defaultProvider: false,
      diff: { changes: ["a"], replaces: ["a"], detailed: { a: { kind: "update", inputDiff: true } } },
      old: state,
      new: state,
      status: "done",
    },
  ],
  changes: { update: 1 },
  outputs: {},
  diagnostics: [],
  unserved: [],
  policies: [],
};
const document = JSON.parse(
  deployJson(full, { kind: "up", preview: false, project: "p", environment: "dev", seconds: 1 }),
);

const source = readFileSync(join(repository, "engine/plan/step.ts"), "utf8");

/** The texts in a part of the source. */
function texts(part: string): string[] {
  return [...part.matchAll(/"([a-z-]+)"/g)].map(([, word = ""]) => word);
}

describe("docs/deploy-json.md", () => {
  it("names every field of a document, in its order", () => {
    expect(documentFields).toEqual(Object.keys(document));
  });

  it("names every field of a step, in its order", () => {
    expect(stepFields).toEqual(Object.keys(document.steps[0]));
  });

  it("names every field of a state", () => {
    const [sentence = ""] = /^A state has .*$/m.exec(text) ?? [];
    const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, word]) => word);
    expect(named.toSorted()).toEqual(Object.keys(document.steps[0].oldState).toSorted());
  });

  it("names every reason of a step", () => {
    const known = texts(/export type Reason =.*?;\n\n/s.exec(source)?.[0] ?? "");
    expect(known.length).toBeGreaterThan(10);
    expect(reasons.toSorted()).toEqual(known.toSorted());
  });

  it("names every operation of a step", () => {
    const [row = ""] = /^\| `op`.*$/m.exec(text) ?? [];
    const known = [...source.matchAll(/readonly op: [^;]+;/g)].flatMap(([part]) => texts(part));
    expect(known.length).toBeGreaterThan(10);
    // A refresh is told by what became of the resource.
    for (const op of known.filter((name) => name !== "refresh")) expect(row).toContain(`\`${op}\``);
  });

  it("says which version it describes", () => {
    expect(text).toContain(`| \`version\`       | \`${document.version}\` `);
  });
});
