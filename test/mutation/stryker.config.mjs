/**
 * Mutation testing of the rules, `npm run mutate`: changes the code of the rules one spot at a time and runs the
 * tests that judge them. What the result means, and what it was: docs/mutation.md.
 */
/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: ["policies/rules/**/*.ts"],
  plugins: ["./test/mutation/test-runner.mjs", "./test/mutation/wording.mjs"],
  testRunner: "rules",
  // What a rule says to people is no decision of it; see there.
  ignorers: ["wording"],
  // Only the tests that reach a spot are run for it.
  coverageAnalysis: "perTest",
  // A mutant takes milliseconds, and a second process takes seconds to load.
  concurrency: 1,
  // The copy is run without looking at its types.
  disableTypeChecks: false,
  tempDirName: ".stryker/copy",
  reporters: ["clear-text", "html", "json", "progress-append-only"],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: ".stryker/report.html" },
  jsonReporter: { fileName: ".stryker/report.json" },
};
