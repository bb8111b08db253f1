/** Every behaviour of the specification is held by tests that exist. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BEHAVIOURS } from "./behaviours";

/** Whether this folder has a test, named as `file: title`. */
function isTest(name: string): boolean {
  const [file = "", ...title] = name.split(": ");
  const path = join(__dirname, `${file}.test.ts`);
  return existsSync(path) && readFileSync(path, "utf8").includes(JSON.stringify(title.join(": ")));
}

describe("the list of behaviours", () => {
  it("has all 43 numbers, each with a test", () => {
    const numbers = Object.entries(BEHAVIOURS).filter(([, tests]) => tests.length > 0);
    expect(numbers.map(([number]) => Number(number))).toEqual(Array.from({ length: 43 }, (_, at) => at + 1));
  });

  it("names tests that exist under these titles", () => {
    const missing = Object.values(BEHAVIOURS).flatMap((tests) => tests.filter((test) => !isTest(test)));
    expect(missing).toEqual([]);
    expect(isTest("steps: no test has this title")).toBe(false);
  });
});
