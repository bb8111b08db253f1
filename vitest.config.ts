import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Programs are evaluated in processes of their own, some by Pulumi's runner, which loads for seconds.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default", "./test/support/plain-summary.ts"],
  },
});
