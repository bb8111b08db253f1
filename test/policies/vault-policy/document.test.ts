/** Vault's policies as text: what is read from them, and that nothing is read from what Vault would read otherwise. */
import { describe, expect, it } from "vitest";
import { grantsOf, UnreadablePolicy } from "../../../policies/vault-policy/document";

const read = (text: string): string[] =>
  grantsOf(text).map(({ path, capabilities, line }) => `${line} ${path} ${capabilities.join(" ")}`);

describe("a policy in HCL", () => {
  it.each<[string, string, string[]]>([
    ["an empty one", "", []],
    ["one of comments", "# a\n// b\n/* c\n d */\n", []],
    ["one path", 'path "a/b" {\n  capabilities = ["read", "list"]\n}', ["1 a/b read list"]],
    [
      "several paths, with their lines",
      'path "a" { policy = "read" }\n\n\npath "b" { policy = "deny" }',
      ["1 a read list", "4 b deny"],
    ],
    ["lines behind a long comment", '/*\n\n*/ path "a" { policy = "deny" }', ["3 a deny"]],
    [
      "a line end of Windows",
      'path "a" {\r\n  policy = "deny"\r\n}\r\npath "b" { policy = "deny" }',
      ["1 a deny", "4 b deny"],
    ],
    ["a comma behind the last capability", 'path "a" { capabilities = ["read",] }', ["1 a read"]],
    ["commas between attributes", 'path "a" { policy = "read", comment = "b" }', ["1 a read list"]],
    ["a capability that stands twice", 'path "a" { capabilities = ["read", "read"] }', ["1 a read"]],
    [
      "a path that stands twice",
      'path "a" { policy = "deny" } path "a" { policy = "read" }',
      ["1 a deny", "1 a read list"],
    ],
    ["keys in quotes and in upper case", '"Path" "a" { "CAPABILITIES" = ["read"] }', ["1 a read"]],
    ["a path without quotes", "path a { capabilities = [] }", ["1 a "]],
    ["escapes in a path", 'path "a\\u002fb\\x2f\\"c\\\\" { policy = "deny" }', ['1 a/b/"c\\ deny']],
    ["signs of comments in a path", 'path "a#b//c/*d" { policy = "deny" }', ["1 a#b//c/*d deny"]],
    [
      "capabilities and a shorthand",
      'path "a" { capabilities = ["sudo"] policy = "read" }',
      ["1 a sudo read list"],
    ],
    [
      "everything that the shorthand write means",
      'path "a" { policy = "write" }',
      ["1 a create read update delete list"],
    ],
    [
      "everything that the shorthand sudo means",
      'path "a" { policy = "sudo" }',
      ["1 a create read update delete list sudo"],
    ],
    [
      "a name, and what else a path may say",
      'name = "x"\npath "a" {\n  capabilities = ["patch"]\n  allowed_parameters = {\n    "ttl" = ["1h", 2.5, -1, true]\n    "*" = []\n  }\n  control_group = { factor "ops" { identity { group_names = ["a"] } } }\n  min_wrapping_ttl = "1s"\n}',
      ["2 a patch"],
    ],
    [
      "a text without quotes around it",
      'path "a" { comment = <<EOT\npath "b" { policy = "sudo" }\nEOT\n policy = "deny" }',
      ["1 a deny"],
    ],
    ["an indented text", 'path "a" { comment = <<-EOT\n  b\n  EOT\n policy = "deny" }', ["1 a deny"]],
    ["a mark of byte order", '\ufeffpath "a" { policy = "deny" }', ["1 a deny"]],
  ])("is read: %s", (_, text, grants) => {
    expect(read(text)).toEqual(grants);
  });

  it.each([
    ["a path without an end", 'path "a" { policy = "read"'],
    ["a text without an end", 'path "a { policy = "read" }'],
    ["a text over two lines", 'path "a\nb" { policy = "read" }'],
    ["a comment without an end", 'path "a" { policy = "read" } /* b'],
    ["a document without an end", 'path "a" { comment = <<EOT\nb\n policy = "read" }'],
    ["a list without an end", 'path "a" { capabilities = ["read" }'],
    ["a list without commas", 'path "a" { capabilities = ["read" "list"] }'],
    ["an attribute without a value", 'path "a" { capabilities = }'],
    ["an attribute without an equals sign", 'path "a" { capabilities ["read"] }'],
    ["capabilities that are no list", 'path "a" { capabilities = "read" }'],
    ["capabilities that are a block", 'path "a" { capabilities { read = true } }'],
    ["a capability that is no text", 'path "a" { capabilities = [1] }'],
    ["a capability in upper case", 'path "a" { capabilities = ["READ"] }'],
    ["a capability that an object has by itself", 'path "a" { policy = "constructor" }'],
    ["a shorthand that is a list", 'path "a" { policy = ["read"] }'],
    ["capabilities twice", 'path "a" { capabilities = ["deny"]\n capabilities = ["read"] }'],
    ["a shorthand twice", 'path "a" { policy = "deny"\n policy = "read" }'],
    ["two paths before one block", 'path "a" "b" { policy = "read" }'],
    ["a path without a name", 'path { policy = "read" }'],
    ["a path by assignment", 'path = { "a" = { policy = "read" } }'],
    ["another block", 'paths "a" { policy = "read" }'],
    ["a bracket too many", 'path "a" { policy = "read" } }'],
    ["an interpolation", 'path "a/$' + '{b}" { policy = "read" }'],
    ["an escape that there is not", 'path "a\\q" { policy = "read" }'],
    ["a sign that there is not", 'path "a" { policy = "read" };'],
    ["quotes of other kinds", "path 'a' { policy = \"read\" }"],
    ["a word for a value", 'path "a" { policy = read }'],
    ["objects without an end in sight", `path "a" ${"{ b ".repeat(100)}`],
  ])("is refused: %s", (_, text) => {
    expect(() => grantsOf(text)).toThrow(UnreadablePolicy);
  });

  it("is refused with the line, and without a word of it", () => {
    const text = 'path "a" { policy = "deny" }\npath "hvs.secret" { capabilities = ["hvs.secret"] }';
    expect(() => grantsOf(text)).toThrow("has a capability that Vault does not know in line 2");
    expect(() => grantsOf('path "a" {')).toThrow("at its end");
  });
});

describe("a policy in JSON", () => {
  it.each<[string, string, string[]]>([
    ["an empty one", "{}", []],
    [
      "paths, with their lines",
      '{\n"path": {\n"a": {"capabilities": ["read"]},\n"b": {"policy": "deny"}}}',
      ["3 a read", "4 b deny"],
    ],
    [
      "keys that stand twice",
      '{"path": {"a": {"policy": "deny"}, "a": {"policy": "read"}}, "path": {"b": {"policy": "deny"}}}',
      ["1 a deny", "1 a read list", "1 b deny"],
    ],
    [
      "what else it may say",
      '{"name": "x", "path": {"a": {"capabilities": [], "comment": null, "x": {"y": [1, false]}}}}',
      ["1 a "],
    ],
    ["white space before it", ' \n\t{"path": {"a": {"policy": "deny"}}}', ["2 a deny"]],
  ])("is read: %s", (_, text, grants) => {
    expect(read(text)).toEqual(grants);
  });

  it.each([
    ["something behind it", '{"path": {}} {}'],
    ["a list of paths", '{"path": [{"a": {"policy": "read"}}]}'],
    ["a path that is a list", '{"path": {"a": [{"policy": "read"}]}}'],
    ["something beside paths", '{"paths": {"a": {"policy": "read"}}}'],
    ["an equals sign", '{"path" = {"a": {"policy": "read"}}}'],
    ["keys without quotes", '{path: {"a": {"policy": "read"}}}'],
    ["a missing comma", '{"path": {"a": {"policy": "deny"} "b": {"policy": "read"}}}'],
    ["no end", '{"path": {"a": {"policy": "read"}}'],
    ["capabilities twice", '{"path": {"a": {"capabilities": ["deny"], "capabilities": ["read"]}}}'],
  ])("is refused: %s", (_, text) => {
    expect(() => grantsOf(text)).toThrow(UnreadablePolicy);
  });
});

it("a text of any kind is read or refused, and nothing else happens", () => {
  const pieces = [
    "path",
    '"a"',
    "{",
    "}",
    "[",
    "]",
    "=",
    ",",
    ":",
    '"',
    "capabilities",
    '"read"',
    "<<E\n",
    "E\n",
    "/*",
    "*/",
    "#",
    "\n",
    "\\",
    "1",
    "\u0000",
  ];
  for (let number = 0; number < 5_000; number += 1) {
    const text = Array.from(
      { length: 7 },
      (_, place) => pieces[Math.floor(number / 3 ** place + number * place) % pieces.length],
    ).join(" ");
    try {
      grantsOf(text);
    } catch (error) {
      expect(error, JSON.stringify(text)).toBeInstanceOf(UnreadablePolicy);
    }
  }
});
