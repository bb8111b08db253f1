/** Proves that validation loads the YAML library only where there is a mistake to place: it takes as long as the rest. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SourceFile } from "../../config/positions";
import { edit, environmentText } from "./edited-environment";

/** Whether validating the file's values in a process of its own loads the YAML library. */
function loadsYaml(source: string): boolean {
  const values = new SourceFile(source).values;
  const program = `
    const { validateEnvironment } = require("./config");
    const given = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    validateEnvironment(given.values, { stack: "dev", file: "Pulumi.dev.yaml", source: given.source });
    const loaded = Object.keys(require.cache).some((file) => /node_modules.yaml./.test(file));
    process.stdout.write(String(loaded));
  `;
  const options = {
    cwd: join(__dirname, "../.."),
    input: JSON.stringify({ values, source }),
    encoding: "utf8",
  } as const;
  return execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", program], options) === "true";
}

const withSecret = edit(environmentText("dev"), [
  ["opsKey: { source: generated, generation: 1 }", "opsKey: { source: config, key: opsKey }"],
  ["  keybuzz:aws:", "  keybuzz:opsKey:\n    secure: v1:a:b\n  keybuzz:aws:"],
]);

describe("The YAML library", () => {
  test.each<[string, string]>([
    ["a right file", environmentText("dev")],
    ["a right file with an encrypted secret", withSecret],
  ])("is not loaded for %s", (_, source) => {
    expect(loadsYaml(source)).toBe(false);
  });

  test.each<[string, string]>([
    ["a mistake", edit(environmentText("dev"), [["writePort: 5432", "writePort: five"]])],
    [
      "`secure:` below the top level",
      edit(withSecret, [["sender: noreply", "sender: # secure: x\n      noreply"]]),
    ],
  ])("is loaded for %s", (_, source) => {
    expect(loadsYaml(source)).toBe(true);
  });
});
