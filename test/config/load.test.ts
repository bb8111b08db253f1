/**
 * Proves that the program gets its configuration from Pulumi, validated as a whole: what Pulumi hands over as text
 * is parsed, mistakes are placed in the stack's file where they come from it, and end the deployment as one error.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ConfigurationError, loadEnvironment } from "../../config/load";
import { SourceFile } from "../../config/positions";
import { mailRegions } from "../../config/schema/forms";
import { edit, environmentText } from "./edited-environment";

// Pulumi's runtime asks where the project lies when it is loaded.
const root = vi.hoisted(() => {
  const { mkdtempSync } = process.getBuiltinModule("node:fs");
  const folder = mkdtempSync(`${process.getBuiltinModule("node:os").tmpdir()}/kb-load-`);
  process.env.PULUMI_NODEJS_ROOT_DIRECTORY = folder;
  return folder;
});

const file = join(root, "Pulumi.dev.yaml");
const text = environmentText("dev");

/** The stack's configuration as Pulumi hands it over: a text for each key, decrypted. */
function configure(source: string, changes: Record<string, string> = {}): void {
  const texts = Object.entries(new SourceFile(source).values).map(([key, value]) => [
    `keybuzz:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig({ ...Object.fromEntries(texts), ...changes });
}

function failure(): ConfigurationError {
  try {
    loadEnvironment();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

beforeEach(async () => {
  const mocks = { newResource: () => ({ id: "id", state: {} }), call: () => ({}) };
  await pulumi.runtime.setMocks(mocks, "keybuzz", "dev");
  writeFileSync(file, text);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("A right configuration", () => {
  test("comes back typed, with its defaults", () => {
    configure(text);
    expect(loadEnvironment()).toMatchObject({
      environment: { name: "dev", production: false },
      workloads: { api: { replicas: 1, port: 3001 } },
    });
  });

  test("may lie in no file at all", () => {
    rmSync(file);
    configure(text);
    expect(loadEnvironment().environment.name).toBe("dev");
  });

  test("may stand beside keys of other namespaces", () => {
    configure(text, { "aws:region": "eu-west-1", "keybuzz-tools:x": "y" });
    expect(loadEnvironment().environment.name).toBe("dev");
  });

  test("may name secrets, which Pulumi hands over decrypted", () => {
    const source = edit(text, [
      ["opsKey: { source: generated, generation: 1 }", "opsKey: { source: config, key: opsKey }"],
      ["  keybuzz:aws:", "  keybuzz:opsKey:\n    secure: v1:a:b\n  keybuzz:aws:"],
    ]);
    writeFileSync(file, source);
    configure(source, { "keybuzz:opsKey": "hunter2" });
    expect(loadEnvironment().secrets.opsKey).toEqual({ source: "config", key: "opsKey" });
  });
});

describe("A mistaken configuration", () => {
  test("ends the deployment with one error that lists every mistake, shown by Pulumi without a stack", () => {
    const source = edit(text, [
      ["writePort: 5432", "writePort: five"],
      ["region: eu-west-1", "regoin: eu-west-1"],
    ]);
    writeFileSync(file, source);
    configure(source);
    const error = failure();
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    expect(error.name).toBe("ConfigError");
    expect(error.mistakes.map(({ path }) => path)).toEqual([
      "keybuzz:postgres.writePort",
      "keybuzz:aws.regoin",
    ]);
    expect(error.message.split("\n")).toEqual([
      "Pulumi.dev.yaml has 2 mistakes:",
      expect.stringMatching(
        /^Pulumi\.dev\.yaml:\d+:16: keybuzz:postgres\.writePort: "five" is not an integer;/,
      ),
      expect.stringMatching(/^Pulumi\.dev\.yaml:\d+:5: keybuzz:aws\.regoin: is an unknown key;/),
    ]);
  });

  test("is reported without lines where there is no file", () => {
    rmSync(file);
    configure(text, { "keybuzz:aws": '{"accountId":"123456789012","region":"ireland"}' });
    expect(failure().message).toBe(
      `stack dev has a mistake:\nkeybuzz:aws.region: "ireland" is not one of the choices; allowed: ${mailRegions.join(", ")}`,
    );
  });

  test("is reported without a line where the value does not come from the file", () => {
    configure(text, { "keybuzz:aws": '{"accountId":"123456789012","region":"ireland"}' });
    expect(failure().message).toBe(
      `Pulumi.dev.yaml has a mistake:\nPulumi.dev.yaml: keybuzz:aws.region: "ireland" is not one of the choices; allowed: ${mailRegions.join(", ")}`,
    );
  });

  test.each([
    ["malformed JSON", '{"accountId":', "a text", "is not valid JSON"],
    ["a text", "eu-west-1", '"eu-west-1"', "is not a group of settings"],
    ["a number", "5", "5", "is not a group of settings"],
    ["a list", "[1]", "a list", "is not a group of settings"],
    ["null", "null", "empty", "has no value"],
  ])("tells %s where a group of settings belongs", (_, value, seen, want) => {
    configure(text, { "keybuzz:aws": value });
    expect(failure().mistakes).toEqual([
      {
        file: "Pulumi.dev.yaml",
        path: "keybuzz:aws",
        value: seen,
        message: value === "null" ? want : `${seen} ${want}`,
        allowed: "keys accountId, region",
      },
    ]);
  });

  test("tells a key that the namespace does not have, and never its value", () => {
    configure(text, { "keybuzz:awz": "hunter2" });
    const error = failure();
    expect(error.mistakes).toEqual([
      expect.objectContaining({ path: "keybuzz:awz", message: "is an unknown key", suggestion: "aws" }),
    ]);
    expect(error.message).not.toContain("hunter2");
  });

  test("tells every section of an empty stack", () => {
    pulumi.runtime.setAllConfig({});
    rmSync(file);
    expect(failure().mistakes).toHaveLength(10);
  });
});
