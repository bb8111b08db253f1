/**
 * Whatever is deployed, fails and is cancelled in whatever order, the state is whole after each operation and agrees
 * with the world, and a run without failures ends with nothing to do. FUZZ_CASES says how many lives are tried.
 */
import fc from "fast-check";
import { it } from "vitest";
import { seed } from "../../support/seed";
import { life, live } from "./random-run";

const CASES = Number(process.env.FUZZ_CASES ?? 1000);

it("a stack comes to rest after whatever has happened to it", async () => {
  const begun = Date.now();
  await fc.assert(fc.asyncProperty(life, live), {
    seed: seed(),
    numRuns: CASES,
    interruptAfterTimeLimit: 3_600_000,
    markInterruptAsFailure: true,
  });
  console.log(`${CASES} lives in ${Math.round((Date.now() - begun) / 1000)} s`);
}, 3_600_000);
