/** Proves that a file of exemptions is either read whole or refused with every mistake and its place. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatMistakes } from "../../../config";
import { parseExemptions, readExemptions } from "../../../policies/exemptions/read";
import { EXEMPTIONS_FILE } from "../../../policies/exemptions/schema";
import { makeProject, repository } from "../../support/project";
import { ENTRY, fileOf, TODAY } from "./entries";

/** The lines that tell of a text's mistakes; none when it has none. */
function mistakesIn(text: string, today = TODAY): string[] {
  const reading = parseExemptions(text, today);
  return reading.valid ? [] : formatMistakes(reading.mistakes).split("\n");
}

function entriesIn(text: string) {
  const reading = parseExemptions(text, TODAY);
  if (!reading.valid) throw new Error(formatMistakes(reading.mistakes));
  return reading.exemptions;
}

describe("A file that is right", () => {
  it("gives its entries, each with the place where it begins", () => {
    const text = `# Agreed.\n${fileOf(ENTRY, { ...ENTRY, rule: "cis/no-default", environment: "prod" })}`;
    expect(entriesIn(text)).toEqual([
      { ...ENTRY, index: 0, line: 3, column: 5 },
      { ...ENTRY, rule: "cis/no-default", environment: "prod", index: 1, line: 7, column: 5 },
    ]);
  });

  it("gives a reason of several lines as one", () => {
    const text = fileOf({ ...ENTRY, reason: ">\n      It is moved\n      in March." });
    expect(entriesIn(text)).toMatchObject([{ reason: "It is moved in March." }]);
  });

  it.each([
    "exemptions: []",
    "# None.\r\n\r\nexemptions: [ ]  # yet\r\n# - rule: a/b\r\n",
    '---\n"exemptions": []\n...\n',
    "exemptions:\n  []\n",
    "{exemptions: []}",
  ])("may say that there is none: %j", (text) => {
    expect(entriesIn(text)).toEqual([]);
  });

  it("reads a day as a text, whichever version of YAML the file claims to be", () => {
    expect(entriesIn(`%YAML 1.1\n---\n${fileOf(ENTRY)}`)).toMatchObject([{ expires: "2027-03-31" }]);
  });

  it("may share parts by aliases", () => {
    const text = fileOf(
      { ...ENTRY, owner: "&us platform@keybuzz.io" },
      { ...ENTRY, rule: "a/b", owner: "*us" },
    );
    expect(entriesIn(text).map(({ owner }) => owner)).toEqual(["platform@keybuzz.io", "platform@keybuzz.io"]);
  });

  it.each([["platform@keybuzz.io"], ['"@keybuzzio/platform"'], ["Platform Team"], ["sre"]])(
    "may name %s as owner",
    (owner) => {
      expect(mistakesIn(fileOf({ ...ENTRY, owner }))).toEqual([]);
    },
  );
});

describe("An entry is refused", () => {
  it.each(["reason", "owner", "expires", "rule"])("without %s", (key) => {
    const { [key as keyof typeof ENTRY]: _, ...rest } = ENTRY;
    const [mistake, ...others] = mistakesIn(fileOf(rest));
    expect(others).toEqual([]);
    expect(mistake).toMatch(`${EXEMPTIONS_FILE}:2:5: exemptions[0].${key}: is missing; allowed: `);
  });

  it.each<[string, Record<string, string>, string]>([
    ["that exempts every rule", { rule: '"*"' }, '2:11: exemptions[0].rule: "*" is not the id of one rule'],
    ["that exempts a family", { rule: "postgres/*" }, 'rule: "postgres/*" is not the id of one rule'],
    [
      "that exempts a family without a star",
      { rule: "postgres" },
      'rule: "postgres" is not the id of one rule',
    ],
    ["that exempts findings of exemptions", { rule: "exemptions/expired" }, "cannot be exempted"],
    ["for every environment by a star", { environment: '"*"' }, '"*" is not the name of one environment'],
    ["for every resource by a star", { resource: '"*"' }, '"*" is a pattern'],
    ["for every property by a star", { property: '"**"' }, '"**" is a pattern'],
    ["with an empty reason", { reason: '""' }, '"" is not a reason'],
    ["with blanks as reason", { reason: '"              "' }, "is not a reason"],
    ["with one word as reason", { reason: "temporarily" }, "is not a reason"],
    ["with a reason without value", { reason: "" }, "3:13: exemptions[0].reason: has no value"],
    ["that nobody answers for", { owner: "TODO" }, '"TODO" is nobody who answers'],
    ["with a number as owner", { owner: "7" }, "7 is not an e-mail address or a team"],
    ["that never ends", { expires: "never" }, '"never" is not a day'],
    ["with a time of day", { expires: "2026-12-31T12:00:00Z" }, "is not a day"],
    ["with a day that no calendar has", { expires: "2027-02-29" }, '"2027-02-29" is no day of the calendar'],
    ["with a misspelt key", { enviroment: "prod" }, "is an unknown key; allowed: keys rule, environment"],
  ])("%s", (_, change, want) => {
    const mistakes = mistakesIn(fileOf({ ...ENTRY, ...change }));
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain(want);
  });

  it("that says under another owner what an earlier one says", () => {
    expect(mistakesIn(fileOf(ENTRY, { ...ENTRY, owner: "sre" }))).toEqual([
      `${EXEMPTIONS_FILE}:6:5: exemptions[1]: is about the same as exemptions[0]; allowed: each once`,
    ]);
    expect(mistakesIn(fileOf(ENTRY, { ...ENTRY, environment: "prod" }))).toEqual([]);
  });

  it("under a key that was meant otherwise, once and not twice", () => {
    const { owner, ...rest } = ENTRY;
    const mistakes = mistakesIn(fileOf({ ...rest, onwer: owner }));
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toContain('did you mean "owner"?');
  });
});

describe("The last day", () => {
  it.each<[string, string, boolean]>([
    ["2026-11-21", "2027-11-21", true],
    ["2026-11-21", "2027-11-22", false],
    ["2026-12-31", "2027-12-31", true],
    ["2026-12-31", "2028-01-01", false],
    ["2028-02-29", "2029-03-01", true],
    ["2028-02-29", "2029-03-02", false],
    // It may be over: that is a finding, not a mistake of the file.
    ["2026-11-21", "2020-01-01", true],
  ])("on %s may be %s: %s", (today, expires, allowed) => {
    const mistakes = mistakesIn(fileOf({ ...ENTRY, expires }), today);
    expect(mistakes.length === 0, mistakes.join("\n")).toBe(allowed);
  });
});

describe("A file is refused", () => {
  it.each<[string, string, string]>([
    ["when it is empty", "", ":1:1: has no value"],
    ["when more stands behind an empty list", "exemptions: []\n - a\n", "policy-exemptions.yaml:2:"],
    [
      "when another key stands beside an empty list",
      "exemptions: []\nrules: []\n",
      ":2:1: rules: is an unknown key",
    ],
    ["when it is a list", "- rule: a/b\n", ":1:1: a list is not a group of settings"],
    ["when the list has no value", "exemptions:\n", ":1:12: exemptions: has no value; allowed: a list"],
    ["when its key is misspelt", "exemptons: []\n", 'did you mean "exemptions"?'],
    ["when it is no YAML", "exemptions: [\n", ":2:1: Flow sequence"],
    ["when a key stands twice", "exemptions: []\nexemptions: []\n", ":2:1: Map keys must be unique"],
    [
      "when an entry is a text",
      "exemptions:\n  - prod\n",
      ':2:5: exemptions[0]: "prod" is not a group of settings',
    ],
    ["when an alias names nothing", "exemptions: *them\n", "Unresolved alias"],
  ])("%s", (_, text, want) => {
    const mistakes = mistakesIn(text);
    expect(mistakes.length).toBeGreaterThan(0);
    expect(mistakes.join("\n")).toContain(want);
  });

  it("with all of its mistakes at once, in the order in which they stand", () => {
    const mistakes = mistakesIn(
      fileOf(
        { rule: '"*"', reason: "short", owner: "TODO", expires: "2030-01-01" },
        { rule: "a/b", resource: "x" },
        { ...ENTRY, rule: "a/b", resource: "x", expires: "soon" },
      ),
    );
    expect(mistakes.map((line) => line.split(": ").slice(0, 2).join(" "))).toEqual([
      `${EXEMPTIONS_FILE}:2:11 exemptions[0].rule`,
      `${EXEMPTIONS_FILE}:3:13 exemptions[0].reason`,
      `${EXEMPTIONS_FILE}:4:12 exemptions[0].owner`,
      `${EXEMPTIONS_FILE}:5:14 exemptions[0].expires`,
      `${EXEMPTIONS_FILE}:6:5 exemptions[1].reason`,
      `${EXEMPTIONS_FILE}:6:5 exemptions[1].owner`,
      `${EXEMPTIONS_FILE}:6:5 exemptions[1].expires`,
      `${EXEMPTIONS_FILE}:8:5 exemptions[2]`,
      `${EXEMPTIONS_FILE}:11:14 exemptions[2].expires`,
    ]);
  });

  it("without a secret in what is said of it", () => {
    const secret = "postgres://keybuzz:hunter2hunter2@10.0.0.10/keybuzz";
    const mistakes = mistakesIn(fileOf({ ...ENTRY, rule: secret, owner: secret })).join("\n");
    expect(mistakes).toContain("[secret] is not the id of one rule");
    expect(mistakes).not.toContain("hunter2");
  });
});

describe("The file of a project", () => {
  it("may be missing", () => {
    expect(readExemptions(makeProject({}), TODAY)).toEqual({ valid: true, exemptions: [] });
  });

  it("is read from its root", () => {
    const root = makeProject({ [EXEMPTIONS_FILE]: fileOf(ENTRY) });
    expect(readExemptions(root, TODAY)).toMatchObject({ valid: true, exemptions: [ENTRY] });
  });

  it("is not taken for missing when it cannot be read", () => {
    const root = makeProject({});
    mkdirSync(join(root, EXEMPTIONS_FILE));
    expect(readExemptions(root, TODAY)).toMatchObject({
      valid: false,
      mistakes: [{ file: EXEMPTIONS_FILE, message: "cannot be read (EISDIR)" }],
    });
  });

  it("is right in this repository, and so is the example in its comment", () => {
    const text = readFileSync(join(repository, EXEMPTIONS_FILE), "utf8");
    expect(mistakesIn(text)).toEqual([]);
    const example = /^# exemptions:\n(?:# .*\n)+/m.exec(text)?.[0].replace(/^# /gm, "") ?? "";
    expect(entriesIn(example)).toHaveLength(1);
  });
});
