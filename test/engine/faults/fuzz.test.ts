/**
 * Whatever is deployed, fails and is cancelled in whatever order, the state is whole after each operation and agrees
 * with the world, and a run without failures ends with nothing to do. FUZZ_CASES says how many lives are tried.
 */
import fc from "fast-check";
import { it } from "vitest";
import { seed } from "../../support/seed";
import { life, live } from "./random-run";

/** `npm run fuzz` tries others each time. */
const { FUZZ_CASES } = process.env;
const CASES = Number(FUZZ_CASES ?? 1000);
const USUAL_SEED = 20261127;

it("a stack comes to rest after whatever has happened to it", async () => {
  const begun = Date.now();
  await fc.assert(fc.asyncProperty(life, live), {
    seed: FUZZ_CASES === undefined ? seed(USUAL_SEED) : seed(),
    numRuns: CASES,
    interruptAfterTimeLimit: 3_600_000,
    markInterruptAsFailure: true,
  });
  console.log(`${CASES} lives in ${Math.round((Date.now() - begun) / 1000)} s`);
}, 3_600_000);
