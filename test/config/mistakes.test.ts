/** Proves how mistakes are shown and ordered, how paths are written, and which name is suggested. */
import { describe, expect, test } from "vitest";
import { formatMistakes } from "../../config";
import { inOrder, type Mistake, pathText, shown, suggest } from "../../config/mistakes";

describe("A mistake is one line", () => {
  const mistake: Mistake = { path: "keybuzz:aws.region", message: "is missing" };

  test.each<[string, Mistake, string]>([
    ["with nothing but its path", mistake, "keybuzz:aws.region: is missing"],
    ["with a file", { ...mistake, file: "F.yaml" }, "F.yaml: keybuzz:aws.region: is missing"],
    [
      "with a place",
      { ...mistake, file: "F.yaml", line: 3, column: 5 },
      "F.yaml:3:5: keybuzz:aws.region: is missing",
    ],
    [
      "with what is allowed and what was meant",
      { ...mistake, allowed: "a or b", suggestion: "a" },
      'keybuzz:aws.region: is missing; allowed: a or b; did you mean "a"?',
    ],
    [
      "of the file as a whole",
      { ...mistake, path: "", file: "F.yaml", line: 1, column: 1 },
      "F.yaml:1:1: is missing",
    ],
  ])("%s", (_, given, want) => {
    expect(formatMistakes([given])).toBe(want);
  });

  test("and several are in the order of the file, those without a place last", () => {
    const places = [undefined, [9, 1], [2, 7], [2, 3]] as const;
    const mistakes = places.map((place) =>
      place === undefined ? mistake : { ...mistake, line: place[0], column: place[1] },
    );
    expect(inOrder(mistakes).map(({ line, column }) => [line, column])).toEqual([
      [2, 3],
      [2, 7],
      [9, 1],
      [undefined, undefined],
    ]);
  });
});

test.each<[(string | number)[], string]>([
  [["mail", "smtp", "port"], "keybuzz:mail.smtp.port"],
  [["postgres", "nodes", 2], "keybuzz:postgres.nodes[2]"],
  [["mail", "a.b"], 'keybuzz:mail["a.b"]'],
  [["aws:region"], "aws:region"],
  [[], ""],
])("The path %j is written as Pulumi's --path takes it", (path, want) => {
  expect(pathText(path)).toBe(want);
});

test.each<[string, (string | number)[], unknown, boolean, string]>([
  ["a text", ["mail", "sender"], "x", false, '"x"'],
  ["a number", ["postgres", "writePort"], 7, false, "7"],
  ["nothing", ["postgres", "writePort"], null, false, "empty"],
  ["a list, whose entries may be anything", ["mail"], ["x"], false, "a list"],
  ["a group, whose values may be anything", ["mail"], { x: 1 }, false, "a group of settings"],
  ["a long text cut short", ["mail", "sender"], "x".repeat(70), false, `"${"x".repeat(60)}…"`],
  ["no text below a key that sounds secret", ["secrets", "opsKey", "key"], "x", false, "[secret]"],
  ["a choice below such a key", ["secrets", "opsKey", "source"], "x", true, '"x"'],
  ["a number below such a key", ["secrets", "opsKey", "generation"], 0, false, "0"],
  ["no AWS key", ["mail", "iamUser"], "AKIAIOSFODNN7EXAMPLE", false, "[secret]"],
  ["no Vault token", ["mail", "iamUser"], "hvs.CAESIJ", false, "[secret]"],
  ["no private key", ["mail", "iamUser"], "-----BEGIN RSA PRIVATE KEY-----", false, "[secret]"],
  ["no password in a URL", ["vault", "address"], "https://root:x@10.0.0.150:8200", false, "[secret]"],
])("A value is shown as %s", (_, path, value, choice, want) => {
  expect(shown(path, value, choice)).toBe(want);
});

test.each<[string, string | undefined]>([
  ["replcas", "replicas"],
  ["Host", "host"],
  ["hots", "host"],
  ["partition", undefined],
  ["x", undefined],
])("Of replicas, host and resources, %s probably meant %s", (name, want) => {
  expect(suggest(name, ["replicas", "host", "resources"])).toBe(want);
});

test("a name that only begins like one that exists suggests that one, when there is no other", () => {
  expect(suggest("ssl", ["host", "sslMode"])).toBe("sslMode");
  expect(suggest("max", ["maxConnections", "maxMessages"])).toBeUndefined();
  expect(suggest("ss", ["host", "sslMode"])).toBeUndefined();
});
