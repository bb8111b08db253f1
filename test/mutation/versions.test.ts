/** Mutation testing runs vitest's tests by vitest's own collector, which must be that of the same version. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "../support/project";

it("the collector of mutation testing is the one of this vitest", () => {
  const { devDependencies } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  expect(devDependencies["@vitest/runner"]).toBe(devDependencies.vitest);
  expect(devDependencies["@stryker-mutator/api"]).toBe(devDependencies["@stryker-mutator/core"]);
});
