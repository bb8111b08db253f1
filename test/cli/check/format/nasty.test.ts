/** Property tests: whatever a program under check puts into names and messages, no format breaks. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkFormats, type FormatName, formatNames } from "../../../../cli/check/format";
import { MOST_CHARACTERS } from "../../../../cli/check/format/markdown";
import type { CheckReport } from "../../../../cli/check/report";
import { seed } from "../../../support/seed";
import { sarifMistakes } from "./sarif-schema";

const fragments = [
  "|", "\\|", "\\", "\n", "\r\n", "\t", "`", "```", "::", "::error::", "::stop-commands::x", "##[error]", "%0A", "%",
  "]]>", "-->", "<!--", "<script>", "</details>", "<img src=x onerror=y>", "&amp;", "@team", "#1", "[a](b)", "{0}", "}",
  "*", "_", "~~", "\u001b[2J", "\u001b]8;;http://x\u0007", "\u009b31m", "\u0000", "\u007f", "\u202e", "\u2066", "\u2028",
  "ü", "日本", "👩‍👩‍👧", "\ud800", "$&", "$1", "--", "a", "b c", " ", ",", ":", "/", "..", "keybuzz",
]; // biome-ignore format: a list of words
const nasty = fc.oneof(
  fc.array(fc.constantFrom(...fragments), { maxLength: 8 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 30 }),
);
const urn = fc.oneof(
  nasty,
  fc.tuple(nasty, nasty).map(([type, name]) => `urn:pulumi:prod::keybuzz::${type}::${name}`),
);
const severity = fc.constantFrom("low", "medium", "high", "critical");
const level = fc.constantFrom("mandatory", "advisory");
const environmentName = fc.oneof(fc.constantFrom("dev", "prod"), nasty);
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 3 });
const optional = { noNullPrototype: true } as const;

const reports: fc.Arbitrary<CheckReport> = fc.record({
  project: nasty,
  environments: some(
    fc.record({
      name: environmentName,
      outcome: fc.constantFrom("succeeded", "failed", "misconfigured", "cancelled"),
      resources: fc.nat(),
      compliant: fc.nat(),
      diagnostics: some(
        fc.record({ severity: fc.constantFrom("info", "warning", "error"), message: nasty, urn }, optional),
      ),
    }),
  ),
  rules: some(
    fc.record(
      {
        id: nasty,
        title: nasty,
        severity,
        level,
        why: nasty,
        fix: nasty,
        prevents: some(nasty),
        pack: nasty,
      },
      { ...optional, requiredKeys: ["id", "title", "severity", "level", "prevents"] },
    ),
  ),
  findings: some(
    fc.record(
      {
        rule: nasty,
        severity,
        level,
        environment: environmentName,
        urn,
        property: nasty,
        message: nasty,
        fix: nasty,
        fingerprint: nasty,
        location: fc.record(
          { file: nasty, line: fc.integer({ min: 1 }), column: fc.integer({ min: 1 }) },
          { ...optional, requiredKeys: ["file", "line"] },
        ),
        exemption: fc.record({ reason: nasty, owner: nasty, expires: nasty }, optional),
      },
      { ...optional, requiredKeys: ["rule", "severity", "level", "environment", "message", "fingerprint"] },
    ),
  ),
  undetermined: some(fc.record({ rule: nasty, environment: environmentName, urn, properties: some(nasty) })),
  failures: some(
    fc.record(
      { environment: environmentName, rule: nasty, message: nasty },
      { ...optional, requiredKeys: ["message"] },
    ),
  ),
  strict: fc.boolean(),
});

/** Checks a property of a format over many reports. */
function always(name: FormatName, holds: (text: string, report: CheckReport) => void): void {
  fc.assert(
    fc.property(reports, (report) => {
      holds(checkFormats[name](report), report);
    }),
    { seed: seed(), numRuns: 200 },
  );
}

describe.each(formatNames)("%s", (name) => {
  it("writes no control character but the line break, and ends in one", () => {
    always(name, (text) => {
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      expect(text.endsWith("\n")).toBe(true);
    });
  });
});

it("The JSON document gives back every text as it was", () => {
  always("json", (text, report) => {
    const document = JSON.parse(text);
    expect(document.findings).toEqual(report.findings);
    expect(document.failures).toEqual(report.failures);
    expect(document.undetermined).toEqual(report.undetermined);
  });
});

it("The SARIF document is valid, and every result points at its rule", () => {
  always("sarif", (text, report) => {
    const document = JSON.parse(text);
    expect(sarifMistakes(document)).toEqual([]);
    const [run] = document.runs;
    expect(run.results).toHaveLength(report.findings.length + report.undetermined.length);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });
});

it("Every line of workflow commands is one that kb means, and nothing else is read as a command", () => {
  const command = /^::(error|warning|notice) (?:file=[^:,]*,line=\d+,(?:col=\d+,)?)?title=[^:,]*::/;
  always("github", (text, report) => {
    const lines = text.trimEnd().split("\n");
    expect(lines.slice(0, -1).filter((line) => !command.test(line))).toEqual([]);
    expect(lines.at(-1)).toMatch(/^check (passed|refused|incomplete): [\w ,;()-]*$/);
    const open = report.findings.filter(({ exemption }) => exemption === undefined).length;
    expect(lines).toHaveLength(open + report.failures.length + report.undetermined.length + 1);
  });
});

it.each(formatNames.filter((name) => name !== "github"))("No line of %s is read as a command", (name) => {
  always(name, (text) => {
    const commands = text.split("\n").filter((line) => /^\s*::.*::|##\[/.test(line));
    expect(commands).toEqual([]);
  });
});

it("The last line for a terminal is the verdict", () => {
  always("pretty", (text) => {
    expect(text.trimEnd().split("\n").at(-1)).toMatch(/^(error: )?check (passed|refused|incomplete): /);
  });
});

it("In Markdown, rows keep their cells, tags are kb's own, and nobody is mentioned", () => {
  const ownTags = /<\/?(?:details|summary|code)>/g;
  always("markdown", (text, { project }) => {
    expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
    const [marker = "", ...lines] = text.split("\n");
    expect(marker).toMatch(/^<!-- kb-check:[^<>]* -->$/);
    let columns = 0;
    for (const line of lines) {
      // As a renderer reads it: escaped signs are text, and so is what stands between backticks.
      const markup = line.replace(/\\[\\`*_[\]~]/g, "").replace(/`[^`]*`/g, "code");
      expect(markup, project).not.toMatch(/`|@(?!\u200b)(?<![A-Za-z0-9]@)/);
      expect(markup.replace(ownTags, "")).not.toMatch(/[<>]/);
      const cells = markup.startsWith("|") ? markup.split("|").length : 0;
      expect(markup.includes("|") ? cells : 0).toBe(columns === 0 || cells === 0 ? cells : columns);
      columns = cells;
    }
  });
});
