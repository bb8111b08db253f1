/**
 * Proves that secrets are top-level encrypted strings which a source names, that every other place for one is
 * reported, and that no report shows one.
 */
import { describe, expect, test } from "vitest";
import { formatMistakes, validateEnvironment, validateEnvironmentFile } from "../../config";
import { SourceFile } from "../../config/positions";
import { type Case, edit, environmentText, mistakesIn, outcome } from "./edited-environment";

const opsKey = "opsKey: { source: generated, generation: 1 }";
const fromConfig = "opsKey: { source: config, key: opsKey }";
const sections = "environment, postgres, vault, kubernetes, registry, workloads, backend, secrets, aws, mail";
const secure = "\n    secure: v1:abc:def\n";
const nested =
  "is a secret inside a structured value, which would be left in the state in clear: move it to a key of its own, keybuzz:<key>, and refer to it by {source: config, …}; allowed: secrets as top-level string keys";

/** A top-level key, before the section `aws`. */
function topLevel(entry: string): readonly [string, string] {
  return ["  keybuzz:aws:", `  ${entry}  keybuzz:aws:`];
}

const cases: readonly Case[] = [
  {
    name: "A key that is named and encrypted passes",
    given: [[opsKey, fromConfig], topLevel(`keybuzz:opsKey:${secure}`)],
    want: [],
  },
  {
    name: "A key that is encrypted in one line passes",
    given: [[opsKey, fromConfig], topLevel('keybuzz:opsKey: { secure: "v1:abc:def" }\n')],
    want: [],
  },
  {
    name: "One key per variable passes",
    given: [
      [
        "stripe: { source: vault, entry: stripe }",
        "stripe: { source: config, keys: { STRIPE_KEY: stripe-key } }",
      ],
      topLevel(`keybuzz:stripe-key:${secure}`),
    ],
    want: [],
  },
  {
    name: "A key that is named and not set is refused",
    given: [[opsKey, "opsKey: { source: config, «key: opsKey }"]],
    want: [
      "keybuzz:secrets.opsKey.key: names a configuration key that is not set; allowed: a key set by: pulumi config set --secret keybuzz:<key> --stack dev",
    ],
  },
  {
    name: "A variable whose key is not set is refused",
    given: [
      [
        "stripe: { source: vault, entry: stripe }",
        "stripe: { source: config, keys: { «STRIPE_KEY: stripeKey } }",
      ],
    ],
    want: [
      "keybuzz:secrets.stripe.keys.STRIPE_KEY: names a configuration key that is not set; allowed: a key set by: pulumi config set --secret keybuzz:<key> --stack dev",
    ],
  },
  {
    name: "A key that no source names is refused",
    given: [topLevel(`«keybuzz:opsKey:${secure}`)],
    want: [
      `keybuzz:opsKey: is an unknown key; allowed: ${sections}, and keys that a \`source: config\` in keybuzz:secrets names`,
    ],
  },
  {
    name: "A key that a source spells otherwise is told with the key that was meant",
    given: [[opsKey, "opsKey: { source: config, «key: opsKey }"], topLevel(`«keybuzz:opskey:${secure}`)],
    want: [
      'keybuzz:secrets.opsKey.key: names a configuration key that is not set; allowed: a key set by: pulumi config set --secret keybuzz:<key> --stack dev; did you mean "opskey"?',
      `keybuzz:opskey: is an unknown key; allowed: ${sections}, and keys that a \`source: config\` in keybuzz:secrets names; did you mean "opsKey"?`,
    ],
  },
  {
    name: "A secret in clear is refused",
    given: [[opsKey, fromConfig], topLevel("«keybuzz:opsKey: hunter2\n")],
    want: [
      "keybuzz:opsKey: is a secret in clear; allowed: an encrypted string: pulumi config set --secret keybuzz:opsKey --stack dev",
    ],
  },
  {
    name: "A source that names a section is refused",
    given: [[opsKey, "opsKey: { source: config, «key: mail }"]],
    want: ["keybuzz:secrets.opsKey.key: names keybuzz:mail, which holds settings; allowed: a key of its own"],
  },
  {
    name: "A secret that holds a group is refused",
    given: [[opsKey, fromConfig], topLevel("«keybuzz:opsKey: { a: b }\n")],
    want: ["keybuzz:opsKey: holds no text; allowed: one encrypted string"],
  },
  {
    name: "A mapping without a variable is refused",
    given: [["stripe: { source: vault, entry: stripe }", "stripe: { source: config, keys: «{} }"]],
    want: [
      "keybuzz:secrets.stripe.keys: a group of settings names no key; allowed: at least one key and value; a key: upper-case letters, digits and underscores, a letter first",
    ],
  },
  {
    name: "A variable in lower case is refused",
    given: [
      [
        "stripe: { source: vault, entry: stripe }",
        "stripe: { source: config, keys: { «stripe: stripeKey } }",
      ],
      topLevel(`keybuzz:stripeKey:${secure}`),
    ],
    want: [
      "keybuzz:secrets.stripe.keys.stripe: is not a name of an environment variable; allowed: upper-case letters, digits and underscores, a letter first",
    ],
  },
  {
    name: "An encrypted value inside a group is refused, and nothing else is said of it",
    given: [["iamUser: keybuzz-ses-dev", "iamUser:\n      «secure: v1:abc:def"]],
    want: [`keybuzz:mail.iamUser: ${nested}`],
  },
  {
    name: "An encrypted value inside a list is refused",
    given: [["command: [node, dist/workers/outbound.js]", "command: [node, { «secure: v1:abc:def }]"]],
    want: [`keybuzz:workloads.outboundWorker.command[1]: ${nested}`],
  },
];

describe("Secrets in a file", () => {
  test.each([...cases])("$name", (row) => {
    const { got, wanted } = outcome(row);
    expect(got).toEqual(wanted);
  });
});

describe("Inside the program, where Pulumi has decrypted everything", () => {
  const plain = new SourceFile(environmentText("dev")).values;

  test("an encrypted value inside a group is found in the file's text", () => {
    const source = edit(environmentText("dev"), [
      ["iamUser: keybuzz-ses-dev", "iamUser: { secure: v1:abc:def }"],
    ]);
    const validation = validateEnvironment(plain, { stack: "dev", file: "Pulumi.dev.yaml", source });
    expect(validation.valid ? "" : formatMistakes(validation.mistakes)).toBe(
      `Pulumi.dev.yaml:98:16: keybuzz:mail.iamUser: ${nested}`.replace(/:\d+:\d+/, place(source, "secure:")),
    );
  });

  test("a secret in clear is found in the file's text", () => {
    const source = edit(environmentText("dev"), [
      ["opsKey: { source: generated, generation: 1 }", "opsKey: { source: config, key: opsKey }"],
      topLevel("keybuzz:opsKey: hunter2\n"),
    ]);
    const values = {
      ...plain,
      opsKey: "hunter2",
      secrets: { ...(plain.secrets as object), opsKey: { source: "config", key: "opsKey" } },
    };
    const validation = validateEnvironment(values, { stack: "dev", file: "Pulumi.dev.yaml", source });
    expect(validation.valid ? [] : validation.mistakes).toEqual([
      expect.objectContaining({ path: "keybuzz:opsKey", message: "is a secret in clear" }),
    ]);
  });

  test("a secret that is not in the file at all passes: it may come from the command line", () => {
    const values = {
      ...plain,
      opsKey: "hunter2",
      secrets: { ...(plain.secrets as object), opsKey: { source: "config", key: "opsKey" } },
    };
    const context = { stack: "dev", source: environmentText("dev") };
    expect(validateEnvironment(values, context)).toMatchObject({ valid: true });
  });
});

describe("A report", () => {
  const secret = "hunter2-correct-horse";

  test.each([
    ["an unknown key of the top level", [topLevel(`keybuzz:opsKeys: ${secret}\n`)]],
    [
      "a secret in clear",
      [
        ["opsKey: { source: generated, generation: 1 }", fromConfig] as const,
        topLevel(`keybuzz:opsKey: ${secret}\n`),
      ],
    ],
    [
      "an unknown key of a group",
      [["region: eu-west-1", `region: eu-west-1\n    password: ${secret}`] as const],
    ],
    [
      "a value where a source names a key",
      [
        [
          "opsKey: { source: generated, generation: 1 }",
          `opsKey: { source: config, key: "${secret}!" }`,
        ] as const,
      ],
    ],
    [
      "an address with a password",
      [["host: 10.0.0.10\n", `host: postgres://keybuzz:${secret}@10.0.0.10/keybuzz\n`] as const],
    ],
    ["a known kind of key", [["iamUser: keybuzz-ses-dev", `iamUser: "sk_live_${secret} !"`] as const]],
  ])("does not show %s", (_, edits) => {
    const mistakes = mistakesIn(edit(environmentText("dev"), edits));
    expect(mistakes.length).toBeGreaterThan(0);
    expect(JSON.stringify(mistakes)).not.toContain(secret);
    expect(formatMistakes(mistakes)).not.toContain(secret);
  });

  test("shows a choice that was misspelt in a secret's source, which is no secret", () => {
    const source = edit(environmentText("dev"), [["smtp: { source: none }", "smtp: { source: valt }"]]);
    expect(formatMistakes(mistakesIn(source))).toContain('"valt"');
  });

  test("is empty for a file read without Pulumi, whose secrets are still encrypted", () => {
    const source = edit(environmentText("dev"), [
      ["opsKey: { source: generated, generation: 1 }", fromConfig],
      topLevel(`keybuzz:opsKey:${secure}`),
    ]);
    expect(validateEnvironmentFile(source, { stack: "dev" })).toMatchObject({ valid: true });
  });
});

/** Where a word stands in a text, as a report writes it. */
function place(text: string, word: string): string {
  const before = text.slice(0, text.indexOf(word)).split("\n");
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
