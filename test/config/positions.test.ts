/** Proves that values are found in the text of a file however YAML lets them be written, and only where they stand. */
import { describe, expect, test } from "vitest";
import { SourceFile } from "../../config/positions";

const file = new SourceFile(`config:
  keybuzz:mail: &mail
    sender: noreply@keybuzz.io
    "iamUser": 'keybuzz-ses'
    pool: { max: 5 }
    hosts:
      - one
      - two
  keybuzz:copy: *mail
  keybuzz:empty:
  short: value
  aws:region: eu-west-1
  aws:region: eu-west-2
`);

function place(position: { line: number; column: number } | undefined): string {
  return position === undefined ? "nowhere" : `${position.line}:${position.column}`;
}

describe("A value is placed", () => {
  test.each<[string, (string | number)[], unknown, string]>([
    ["at its own beginning", ["mail", "sender"], "noreply@keybuzz.io", "3:13"],
    ["behind a key in quotes", ["mail", "iamUser"], "keybuzz-ses", "4:16"],
    ["inside a group in one line", ["mail", "pool", "max"], 5, "5:18"],
    ["inside a list", ["mail", "hosts", 1], "two", "8:9"],
    ["where it stands, when another key repeats it", ["copy", "sender"], "noreply@keybuzz.io", "3:13"],
    ["under a key without the project's namespace", ["short"], "value", "11:10"],
    ["as a whole list", ["mail", "hosts"], ["one", "two"], "7:7"],
    ["nowhere, when the file has another value", ["mail", "sender"], "support@keybuzz.io", "nowhere"],
    ["nowhere, when the file has a group there", ["mail", "pool"], "text", "nowhere"],
    ["nowhere, when the file has a group and not a list", ["mail", "pool"], [], "nowhere"],
    ["nowhere, when the file does not have it", ["mail", "region"], "x", "nowhere"],
    ["nowhere, when it would lie inside a single value", ["short", "x"], "x", "nowhere"],
    ["nowhere, when the list is too short", ["mail", "hosts", 2], "x", "nowhere"],
  ])("%s", (_, path, value, want) => {
    expect(place(file.valuePosition(path, value))).toBe(want);
  });
});

describe("A missing key is placed", () => {
  test.each<[string, (string | number)[], string]>([
    ["at its group", ["mail", "pool", "min"], "5:5"],
    ["at the nearest group that there is", ["mail", "retries", "attempts"], "2:3"],
    ["at `config`, when it is a section", ["vault"], "1:1"],
  ])("%s", (_, path, want) => {
    expect(place(file.placeFor(path))).toBe(want);
  });
});

test("A key that stands twice is told once, with its path in whatever namespace", () => {
  expect(file.duplicates).toEqual([{ path: ["aws:region"], line: 13, column: 3 }]);
});

test("A value in clear is one that is there and not encrypted", () => {
  expect(["short", "mail", "empty", "absent"].filter((key) => file.isPlain(key))).toEqual(["short"]);
});

test("The project's values are those of its namespace, and those without one", () => {
  expect(Object.keys(file.values)).toEqual(["mail", "copy", "empty", "short"]);
});
