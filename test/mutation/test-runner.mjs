/**
 * Runs vitest's tests of the rules inside of Stryker's process, for mutants by the thousand: files are loaded once,
 * and again only if a mutant changes what happens while they load. Stryker's own runner for vitest loads everything
 * anew for each mutant, which takes ten times as long.
 *
 * Only for tests that judge rules directly: hooks are not run, and no file of theirs may start a process.
 */
import { readdirSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { DryRunStatus, TestStatus, toMutantRunResult } from "@stryker-mutator/api/test-runner";
import { collectTests, getFn } from "@vitest/runner";
import { getFullName, getTests } from "@vitest/runner/utils";
import { register } from "tsx/cjs/api";
import * as vitest from "vitest";

/** What the changed files look into for the mutant that is switched on; they keep the object that they found. */
globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
const switches = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE];

class RulesTestRunner {
  /** The tests by their full names. */
  #tests = new Map();
  /** A file that was loaded with a mutant in it. */
  #spoilt;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    register();
    this.require = createRequire(resolve("package.json"));
    // The tests ask for vitest as CommonJS, which it refuses outside of its own processes.
    const path = this.require.resolve("vitest");
    this.require.cache[path] = Object.assign(new Module(path), { exports: vitest, loaded: true });
  }

  async dryRun() {
    await this.#load([]);
    const tests = [];
    for (const [id, test] of this.#tests) {
      switches.currentTestId = id;
      tests.push(await resultOf(id, test));
    }
    switches.currentTestId = undefined;
    return { status: DryRunStatus.Complete, tests, mutantCoverage: switches.mutantCoverage };
  }

  async mutantRun({ activeMutant, mutantActivation, sandboxFileName, testFilter, hitLimit, disableBail }) {
    Object.assign(switches, { activeMutant: undefined, hitCount: 0, hitLimit });
    const loaded = mutantActivation === "static" ? sandboxFileName : undefined;
    const stale = [this.#spoilt, loaded].filter((file) => file !== undefined);
    this.#spoilt = loaded;
    if (loaded !== undefined) switches.activeMutant = activeMutant.id;
    try {
      if (stale.length > 0) await this.#load(stale);
      switches.activeMutant = activeMutant.id;
      const tests = await this.#run(testFilter ?? this.#nearest(sandboxFileName), disableBail);
      return toMutantRunResult({ status: DryRunStatus.Complete, tests });
    } catch (error) {
      return toMutantRunResult({ status: DryRunStatus.Error, errorMessage: String(error?.stack ?? error) });
    }
  }

  async #run(ids, disableBail) {
    const results = [];
    for (const id of ids) {
      const test = this.#tests.get(id);
      if (test === undefined) continue;
      const result = await resultOf(id, test);
      results.push(result);
      if (result.status === TestStatus.Failed && !disableBail) break;
    }
    return results;
  }

  /** All tests, those of the rule in this file first: they are the likeliest to fail. */
  #nearest(file) {
    const [, rule = ""] = /rules\/([\w-]+\/[\w-]+)\.ts$/.exec(file.replaceAll("\\", "/")) ?? [];
    const ids = [...this.#tests.keys()];
    return [...ids.filter((id) => id.includes(rule)), ...ids.filter((id) => !id.includes(rule))];
  }

  /** Loads the tests, these files anew, and with them whatever imports them. */
  async #load(files) {
    for (const path of this.#dependentsOf(files)) delete this.require.cache[path];
    const loaded = await collectTests(testFiles(), { config, importFile: (path) => this.require(path) });
    const [failure] = loaded.flatMap(({ result }) => result?.errors ?? []);
    if (failure !== undefined) throw failure;
    this.#tests = new Map();
    for (const test of loaded.flatMap((file) => getTests(file))) {
      let id = getFullName(test, " > ");
      while (this.#tests.has(id)) id += " again";
      this.#tests.set(id, test);
    }
  }

  #dependentsOf(files) {
    const found = new Set([...files, ...testFiles()]);
    const modules = Object.values(this.require.cache);
    for (let size = 0; size < found.size; ) {
      size = found.size;
      for (const { filename, children } of modules) {
        if (children.some((child) => found.has(child.filename))) found.add(filename);
      }
    }
    return found;
  }
}

function testFiles() {
  const folder = resolve("test", "policies");
  const files = readdirSync(join(folder, "rules"), { recursive: true, encoding: "utf8" });
  return [
    "rules.test.ts",
    ...files.filter((file) => file.endsWith(".test.ts")).map((file) => join("rules", file)),
  ]
    .map((file) => join(folder, file))
    .sort();
}

async function resultOf(id, test) {
  const begin = performance.now();
  const result = (status) => ({ id, name: id, timeSpentMs: performance.now() - begin, ...status });
  try {
    await getFn(test)();
    return result({ status: TestStatus.Success });
  } catch (error) {
    return result({ status: TestStatus.Failed, failureMessage: String(error?.message ?? error) });
  }
}

/** What vitest's collector has to be told. */
const config = {
  root: process.cwd(),
  setupFiles: [],
  sequence: { hooks: "stack", setupFiles: "list", shuffle: false, concurrent: false, seed: 0 },
  testTimeout: 5000,
  hookTimeout: 5000,
  maxConcurrency: 1,
  allowOnly: false,
  passWithNoTests: false,
  retry: 0,
  tags: [],
};

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "rules", RulesTestRunner)];
