/**
 * How far a path of a policy reaches, against a matcher made after Vault's own description: what is said to stay
 * inside the prefix may match no request outside of it, whatever the path is made of.
 */
import { describe, expect, it } from "vitest";
import { reachOf, territoryOf } from "../../../policies/vault-policy/reach";
import { seed } from "../../support/seed";

const territory = territoryOf("secret", "keybuzz/prod");

/** Whether a path of a policy matches the path of a request. */
function matches(written: string, request: string): boolean {
  const path = written.replace(/^\//, "");
  const open = path.endsWith("*");
  const parts = (open ? path.slice(0, -1) : path)
    .split("/")
    .map((part) => (part === "+" ? "[^/]+" : part.replace(/[*+.]/g, "\\$&")));
  return new RegExp(`^${parts.join("/")}${open ? "" : "$"}`).test(request);
}

const requests = ["secret", "kv"].flatMap((mount) =>
  ["data", "metadata", "config", "other"].flatMap((api) =>
    ["keybuzz", "shop"].flatMap((project) =>
      ["dev", "prod", "prod2", "p"].flatMap((environment) =>
        ["", "/", "/ses", "/api/postgres"].map(
          (entry) => `${mount}/${api}/${project}/${environment}${entry}`,
        ),
      ),
    ),
  ),
);
const isInside = (request: string): boolean => /^secret\/[^/]+\/keybuzz\/prod\/./.test(request);

describe("the reach of a path", () => {
  it("is inside only for what matches nothing outside of the prefix", () => {
    const start = seed();
    let state = start;
    const random = (below: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((state / 2 ** 31) * below);
    };
    const parts = ["secret", "data", "metadata", "keybuzz", "prod", "dev", "+", "*", "ses", "pro*", "", "s*"];
    const right = ["secret", "data", "keybuzz", "prod", "ses"];
    const seen = { inside: 0, outside: 0 };
    for (let number = 0; number < 2_000; number += 1) {
      const path = Array.from({ length: 1 + random(6) }, (_, at) =>
        random(3) > 0 ? (right[at] ?? "x") : (parts[random(parts.length)] ?? ""),
      ).join("/");
      const reach = reachOf(path, territory);
      const matched = requests.filter((request) => matches(path, request));
      if (reach === "inside") {
        seen.inside += 1;
        expect(
          matched.filter((request) => !isInside(request) && !request.endsWith("prod/")),
          path,
        ).toEqual([]);
      } else if (reach === "outside") seen.outside += 1;
    }
    expect(Math.min(seen.inside, seen.outside)).toBeGreaterThan(100);
  });

  it("knows mounts of several parts", () => {
    const deep = territoryOf("/teams/kv/", "/prod/");
    expect(reachOf("teams/kv/data/prod/ses", deep)).toBe("inside");
    expect(reachOf("teams/data/prod/ses", deep)).toBe("outside");
    expect(reachOf("teams/kv/data/dev/ses", deep)).toBe("outside");
  });
});
