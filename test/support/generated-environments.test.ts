/** Generated environments are ones that kb accepts, and no two of them claim the same name. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type Claim, claimKinds, claimsOf, sharedClaims, validateEnvironmentFile } from "../../config";
import { listEnvironments, loadProject } from "../../engine/project/project";
import { generateEnvironments } from "./generated-environments";

const { root, names } = generateEnvironments(12);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function claimed(name: string): Claim[] {
  const file = `Pulumi.${name}.yaml`;
  const validation = validateEnvironmentFile(readFileSync(join(root, file), "utf8"), { stack: name, file });
  expect(validation).toMatchObject({ valid: true });
  return validation.valid ? claimsOf(validation.config) : [];
}

describe("generated environments", () => {
  it("are all of the project's environments, in the order of their numbers", () => {
    expect(listEnvironments(loadProject(root))).toEqual(names);
    expect(names).toHaveLength(12);
  });

  it("are valid, and claim something of every kind", () => {
    for (const name of names) {
      expect(new Set(claimed(name).map(({ kind }) => kind))).toEqual(new Set(claimKinds));
    }
  });

  it("share no claim, neither among themselves nor with DEV and PROD", () => {
    const real = ["dev", "prod"].map((name) => {
      const source = readFileSync(join(__dirname, "../..", `Pulumi.${name}.yaml`), "utf8");
      const validation = validateEnvironmentFile(source, { stack: name });
      return validation.valid ? claimsOf(validation.config) : [];
    });
    const all = [...real, ...names.map(claimed)];
    const shared = all.flatMap((second, index) =>
      all.slice(0, index).flatMap((first) => sharedClaims(first, second)),
    );
    expect(real.every((claims) => claims.length > 0)).toBe(true);
    expect(shared).toEqual([]);
  });

  it("are as many as can be told apart by order", () => {
    expect(() => generateEnvironments(1000, root)).toThrow("from 0 to 999");
  });
});
