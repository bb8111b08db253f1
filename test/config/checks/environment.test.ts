/**
 * Proves that names and prefixes fit the environment, and that production refuses what is for tests.
 */
import { describe, expect, test } from "vitest";
import { checks } from "../../../config/checks";
import { type Case, outcome } from "../edited-environment";

const apiTag = "image: { name: keybuzz-api, tag: v0.4.31-replacement }\n      replicas: 2";

const cases: readonly Case[] = [
  {
    name: "A stack of another name is refused",
    given: [
      ["name: dev\n", "name: «qa\n"],
      ["prefix: keybuzz/dev", "prefix: keybuzz/qa"],
    ],
    want: ['keybuzz:environment.name: "qa" is not the stack\'s name; allowed: dev'],
  },
  {
    name: "A Vault prefix that ends with another environment's name is refused",
    given: [["prefix: keybuzz/dev", "prefix: «keybuzz/prod"]],
    want: [
      'keybuzz:vault.prefix: "keybuzz/prod" does not end with the environment\'s name; allowed: a path such as keybuzz/dev',
    ],
  },
  {
    name: "A Vault prefix whose last segment only ends with the environment's name is refused",
    given: [["prefix: keybuzz/dev", "prefix: «keybuzz/mydev"]],
    want: [
      'keybuzz:vault.prefix: "keybuzz/mydev" does not end with the environment\'s name; allowed: a path such as keybuzz/dev',
    ],
  },
  {
    name: "A Vault prefix of the environment's name alone passes",
    given: [["prefix: keybuzz/dev", "prefix: dev"]],
    want: [],
  },
  ...(
    [
      ["database", "postgres.databases.api.name", "name: keybuzz_dev", "name: «", "keybuzz_prod"],
      [
        "namespace",
        "kubernetes.namespaces.client.name",
        "name: keybuzz-client-dev",
        "name: «",
        "keybuzz-client-prod",
      ],
      ["IAM user", "mail.iamUser", "iamUser: keybuzz-ses-dev", "iamUser: «", "keybuzz-ses"],
    ] as const
  ).map(([kind, path, from, to, value]) => ({
    name: `A ${kind} without the environment's name is refused`,
    given: [[from, `${to}${value}`]] as const,
    want: [
      `keybuzz:${path}: "${value}" does not hold the environment's name; allowed: a name with the part dev`,
    ],
  })),
  {
    name: "A domain of mail that is production's is refused",
    given: [
      ["identity: dev.keybuzz.io", "identity: «keybuzz.io"],
      ["sender: noreply@dev.keybuzz.io", "sender: noreply@keybuzz.io"],
    ],
    want: [
      'keybuzz:mail.identity: "keybuzz.io" does not have the environment\'s name as a label; allowed: a domain such as dev.keybuzz.io',
    ],
  },
  {
    name: "A test of the fallback passes outside production",
    given: [["forceFail: false", "forceFail: true"]],
    want: [],
  },
  {
    name: "A build for development passes outside production",
    given: [["tag: v0.5.33-replacement", "tag: v0.5.33-dev"]],
    want: [],
  },
];

const inProduction: readonly Case[] = [
  {
    name: "Skipping SMTP is refused",
    given: [["forceFail: false", "forceFail: «true"]],
    want: [
      "keybuzz:mail.smtp.forceFail: true makes every mail of production skip SMTP; allowed: false in production",
    ],
  },
  ...["v0.5.3-dev", "dev", "v0.5.3-dev.2", "v0.5.3_DEV"].map((tag) => ({
    name: `The tag ${tag} is refused`,
    given: [["tag: v0.5.3-signup-public", `tag: «${tag}`]] as const,
    want: [
      `keybuzz:workloads.client.image.tag: ${JSON.stringify(tag)} is a build for development; allowed: in production, a release`,
    ],
  })),
  {
    name: "A development tag is refused with a digest too",
    given: [[apiTag, apiTag.replace("v0.4.31-replacement", `«v1-dev, digest: "sha256:${"ab".repeat(32)}"`)]],
    want: [
      'keybuzz:workloads.api.image.tag: "v1-dev" is a build for development; allowed: in production, a release',
    ],
  },
  {
    name: "A tag with a longer word that begins like dev passes",
    given: [["tag: v0.5.3-signup-public", "tag: v0.5.3-device-login"]],
    want: [],
  },
];

describe("In DEV", () => {
  test.each([...cases])("$name", (row) => {
    const { got, wanted } = outcome(row);
    expect(got).toEqual(wanted);
  });
});

describe("In production", () => {
  test.each([...inProduction])("$name", (row) => {
    const { got, wanted } = outcome(row, "prod");
    expect(got).toEqual(wanted);
  });
});

describe("Every check", () => {
  test("says nothing of a configuration that is not there yet", () => {
    expect(checks.flatMap((check) => check.find({}, { stack: "dev" }))).toEqual([]);
  });

  test("has a sentence of its own for the reference", () => {
    expect(new Set(checks.map(({ rule }) => rule)).size).toBe(checks.length);
  });
});
