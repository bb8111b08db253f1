/** The time that comparing takes grows with the environments, and not with their square. */
import { describe, expect, it } from "vitest";
import { isolationRules } from "../../../policies/isolation";
import type { EnvironmentView } from "../../../policies/isolation/landscape";
import { scan } from "../../../policies/references/scan";
import { claim, declared, deployment, view } from "./views";

/** Half of them production; each with names of its own. */
function landscape(count: number): EnvironmentView[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${index % 2 === 0 ? "dev" : "prod"}${index}`;
    const resources = Array.from({ length: 60 }, (_, number) =>
      number % 4 === 0
        ? deployment(`w${number}-${name}`, {
            app: {
              image: `ghcr.io/shop/w${number}:v1`,
              env: [{ name: "API_URL", value: `https://api${number}-${name}.example.org` }],
              envFrom: [{ secretRef: { name: `s${number}-${name}` } }],
            },
          })
        : declared("kubernetes:core/v1:Secret", `s${number}-${name}`, {
            metadata: { name: `s${number}-${name}`, namespace: `shop-${name}` },
            stringData: { PGDATABASE: `shop_${name}_${number}` },
          }),
    );
    // The rules of the pack have scanned them already.
    for (const resource of resources) scan(resource);
    return view(name, {
      declared: resources,
      configured: resources.flatMap((_, number) => [
        claim("host", `api${number}-${name}.example.org`, `k:${number}`),
        claim("database", `shop_${name}_${number}`, `d:${number}`),
      ]),
      secrets: resources.map(({ urn }, number) => ({ urn, property: "a", digest: `${name} ${number}` })),
    });
  });
}

function milliseconds(views: readonly EnvironmentView[]): number {
  const start = performance.now();
  for (const rule of isolationRules) rule.check(views);
  return performance.now() - start;
}

describe("comparing environments", () => {
  it("finds nothing among environments that have their own, as it should be measured", () => {
    const findings = isolationRules.flatMap((rule) => rule.check(landscape(4)).findings);
    expect(findings).toEqual([]);
  });

  it("takes less than eight times as long for four times as many", () => {
    milliseconds(landscape(8));
    const times = [25, 100].map((count) =>
      Math.min(...Array.from({ length: 3 }, () => milliseconds(landscape(count)))),
    );
    const [few = 0, many = 0] = times;
    console.log(`25 environments ${few.toFixed(0)} ms, 100 environments ${many.toFixed(0)} ms`);
    expect(many / few).toBeLessThan(8);
  }, 60_000);
});
