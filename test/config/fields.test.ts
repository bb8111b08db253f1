/**
 * Proves what each field takes and refuses: every mistake is found where it stands, says what it saw and what is
 * allowed, and several mistakes are reported at once.
 */
import { describe, expect, test } from "vitest";
import { type Case, mistakesIn, outcome } from "./edited-environment";

const API = "keybuzz:workloads.api";
const API_IMAGE = "image: { name: keybuzz-api, tag: v0.4.31-replacement }\n      replicas: 1";
const tagForm = "a fixed tag such as v0.4.31: letters, digits, . _ -, at most 128 characters";
const databaseForm = "1 to 55 lower-case letters, digits and underscores, a letter first, and no legacy name";
const legacyDatabase =
  "is the legacy shared database that PROD is live on; nothing declared may own it or refer to it";
const refused: readonly Case[] = [
  {
    name: "A text where an integer belongs",
    given: [[API_IMAGE, `${API_IMAGE.slice(0, -1)}«two`]],
    want: [`${API}.replicas: "two" is not an integer; allowed: 1 to 50`],
  },
  {
    name: "A fraction where an integer belongs",
    given: [["writePort: 5432", "writePort: «5432.5"]],
    want: ["keybuzz:postgres.writePort: 5432.5 is not an integer; allowed: 1 to 65535"],
  },
  {
    name: "A number above its bound",
    given: [["writePort: 5432", "writePort: «65536"]],
    want: ["keybuzz:postgres.writePort: 65536 is out of range; allowed: 1 to 65535"],
  },
  {
    name: "A number below its bound",
    given: [[API_IMAGE, `${API_IMAGE.slice(0, -1)}«0`]],
    want: [`${API}.replicas: 0 is out of range; allowed: 1 to 50`],
  },
  {
    name: "A number where a text belongs",
    given: [[API_IMAGE, API_IMAGE.replace("v0.4.31-replacement", "«1.10")]],
    want: [
      `${API}.image.tag: 1.1 is a number, not an image's tag: put it in quotes, so that it stays as it is written; allowed: ${tagForm}`,
    ],
  },
  {
    name: "A text where a yes or no belongs",
    given: [["production: false", "production: «never"]],
    want: ['keybuzz:environment.production: "never" is not a yes or no; allowed: true or false'],
  },
  {
    name: "A text where a group belongs",
    given: [
      [
        "connectionLimits: { database: 90, application: 40, migration: 3, reader: 5 }",
        "connectionLimits: «60",
      ],
    ],
    want: [
      "keybuzz:postgres.databases.api.connectionLimits: 60 is not a group of settings; allowed: keys database, application, migration, reader",
    ],
  },
  {
    name: "A text where a list belongs",
    given: [["nodes: [10.0.0.120, 10.0.0.121, 10.0.0.122]", "nodes: «10.0.0.120"]],
    want: [
      'keybuzz:postgres.nodes: "10.0.0.120" is not a list; allowed: a list of at least 1, each entry once',
    ],
  },
  {
    name: "An empty list where one entry is needed",
    given: [["nodes: [10.0.0.120, 10.0.0.121, 10.0.0.122]", "nodes: «[]"]],
    want: ["keybuzz:postgres.nodes: a list is too short; allowed: a list of at least 1, each entry once"],
  },
  {
    name: "An entry that stands in a list twice beside one that is none of the choices",
    given: [["egress: [relay, https]", "egress: [relay, «relay, «htps]"]],
    want: [
      'keybuzz:kubernetes.namespaces.client.egress[1]: "relay" stands in the list twice; allowed: postgres, vault, relay, https',
      'keybuzz:kubernetes.namespaces.client.egress[2]: "htps" is not one of the choices; allowed: postgres, vault, relay, https; did you mean "https"?',
    ],
  },
  {
    name: "An entry that stands in a list twice",
    given: [["nodes: [10.0.0.120, 10.0.0.121, 10.0.0.122]", "nodes: [10.0.0.120, 10.0.0.121, «10.0.0.120]"]],
    want: [
      'keybuzz:postgres.nodes[2]: "10.0.0.120" stands in the list twice; allowed: an IPv4 address such as 10.0.0.10',
    ],
  },
  {
    name: "A key without a value",
    given: [["iamUser: keybuzz-ses-dev", "iamUser: «"]],
    want: ["keybuzz:mail.iamUser: has no value; allowed: 1 to 64 letters, digits and + = , . @ _ -"],
  },
  {
    name: "A missing key, told at the group that lacks it",
    given: [
      ["    iamUser: keybuzz-ses-dev\n", ""],
      ["  keybuzz:mail:", "  «keybuzz:mail:"],
    ],
    want: ["keybuzz:mail.iamUser: is missing; allowed: 1 to 64 letters, digits and + = , . @ _ -"],
  },
  {
    name: "A missing section, told at `config`",
    given: [
      [
        '  keybuzz:aws:\n    # The account that may be changed: a deployment with credentials of any other one is refused.\n    accountId: "123456789012"\n    region: eu-west-1\n',
        "",
      ],
      ["\nconfig:", "\n«config:"],
    ],
    want: ["keybuzz:aws: is missing; allowed: keys accountId, region"],
  },
  {
    name: "An unknown key, with the key that was meant",
    given: [["region: eu-west-1", "«regoin: eu-west-1"]],
    want: ['keybuzz:aws.regoin: is an unknown key; allowed: keys accountId, region; did you mean "region"?'],
  },
  {
    name: "An unknown key that is like none",
    given: [["    region: eu-west-1", "    region: eu-west-1\n    «partition: aws"]],
    want: ["keybuzz:aws.partition: is an unknown key; allowed: nothing more"],
  },
  {
    name: "An unknown section",
    given: [["keybuzz:backend:", "«keybuzz:backnd:"]],
    want: [
      'keybuzz:backnd: is an unknown key; allowed: environment, postgres, vault, kubernetes, registry, workloads, backend, secrets, aws, mail, and keys that a `source: config` in keybuzz:secrets names; did you mean "backend"?',
    ],
  },
  {
    name: "A key that stands twice, told at the second one",
    given: [["region: eu-west-1", "region: eu-west-1\n    «region: eu-west-1"]],
    want: ["keybuzz:aws.region: stands in the file twice; allowed: each key once"],
  },
  {
    name: "A section that stands twice",
    given: [
      [
        "  keybuzz:backend:",
        '  keybuzz:aws: { accountId: "123456789012", region: eu-west-1 }\n  keybuzz:backend:',
      ],
      ["  keybuzz:aws:\n", "  «keybuzz:aws:\n"],
    ],
    want: ["keybuzz:aws: stands in the file twice; allowed: each key once"],
  },
  {
    name: "A workload that there is not",
    given: [
      [
        "    client:\n      image: { name: keybuzz-client",
        "    «frontend: {}\n    client:\n      image: { name: keybuzz-client",
      ],
    ],
    want: [
      "keybuzz:workloads.frontend: is an unknown key; allowed: keys api, outboundWorker, client, website",
    ],
  },
  {
    name: "Replicas of the outbound worker, which has one",
    given: [
      [
        "command: [node, dist/workers/outbound.js]",
        "command: [node, dist/workers/outbound.js]\n      «replicas: 2",
      ],
    ],
    want: ["keybuzz:workloads.outboundWorker.replicas: is an unknown key; allowed: nothing more"],
  },
  {
    name: "A value that is none of the choices, with the one that was meant",
    given: [["sslMode: prefer", "sslMode: «prefered"]],
    want: [
      'keybuzz:postgres.sslMode: "prefered" is not one of the choices; allowed: disable, allow, prefer, require, verify-ca, verify-full; did you mean "prefer"?',
    ],
  },
  {
    name: "A destination that there is not",
    given: [["egress: [postgres, vault, relay, https]", "egress: [postgres, vault, relay, https, «dns]"]],
    want: [
      'keybuzz:kubernetes.namespaces.api.egress[4]: "dns" is not one of the choices; allowed: postgres, vault, relay, https',
    ],
  },
  {
    name: "A source that there is not",
    given: [["smtp: { source: none }", "smtp: { source: «nothing }"]],
    want: ['keybuzz:secrets.smtp.source: "nothing" is not one of the choices; allowed: none, vault, config'],
  },
  {
    name: "A source without its kind",
    given: [["smtp: { source: none }", "«smtp: {}"]],
    want: ["keybuzz:secrets.smtp.source: is missing; allowed: none, vault, config"],
  },
  {
    name: "A generated secret that also names an entry",
    given: [["opsKey: { source: generated, generation: 1 }", "opsKey: { source: generated, «entry: ops }"]],
    want: ["keybuzz:secrets.opsKey.entry: is an unknown key; allowed: keys source, generation"],
  },
  {
    name: "A build of the client for every environment",
    given: [["buildScope: environment", "buildScope: «any"]],
    want: [
      'keybuzz:workloads.client.image.buildScope: "any" is not one of the choices; allowed: environment',
    ],
  },
];

describe("Refused", () => {
  test.each([...refused])("$name", (row) => {
    const { got, wanted } = outcome(row);
    expect(got).toEqual(wanted);
  });
});

describe("Several mistakes", () => {
  test("are reported at once, in the order of the file, whatever kind they are", () => {
    const { got, wanted } = outcome({
      name: "",
      given: [
        ["name: dev\n", "name: «qa\n"],
        ["host: 10.0.0.10\n", "host: «10.0.0.121\n"],
        ["readPort: 5433", "readPort: «0"],
        ["prefix: keybuzz/dev", "prefix: «keybuzz/dev"],
        ["name: keybuzz_backend_dev", "name: «keybuzz_backend"],
        ["host: api-dev.keybuzz.io\n", "«hots: api-dev.keybuzz.io\n"],
        ["iamUser: keybuzz-ses-dev", "iamUser: keybuzz-ses-dev\n    «iamUser: keybuzz-ses"],
        ["mode: relay", "mode: «relais"],
      ],
      want: [
        'keybuzz:environment.name: "qa" is not the stack\'s name; allowed: dev',
        'keybuzz:postgres.host: "10.0.0.121" is a Patroni node, which takes no writes when another one leads; allowed: HAProxy\'s address',
        "keybuzz:postgres.readPort: 0 is out of range; allowed: 1 to 65535",
        `keybuzz:postgres.databases.backend.name: "keybuzz_backend" ${legacyDatabase}; allowed: ${databaseForm}`,
        'keybuzz:vault.prefix: "keybuzz/dev" does not end with the environment\'s name; allowed: a path such as keybuzz/qa',
        'keybuzz:workloads.api.hots: is an unknown key; allowed: keys image, replicas, host, port, healthPath, resources; did you mean "host"?',
        "keybuzz:mail.iamUser: stands in the file twice; allowed: each key once",
        'keybuzz:mail.smtp.mode: "relais" is not one of the choices; allowed: relay, submission; did you mean "relay"?',
      ],
    });
    expect(got).toEqual(wanted);
  });

  test("in one group are each told", () => {
    expect(mistakesIn("config: {}").map(({ path, message }) => `${path} ${message}`)).toEqual([
      "keybuzz:environment is missing",
      "keybuzz:postgres is missing",
      "keybuzz:vault is missing",
      "keybuzz:kubernetes is missing",
      "keybuzz:registry is missing",
      "keybuzz:workloads is missing",
      "keybuzz:backend is missing",
      "keybuzz:secrets is missing",
      "keybuzz:aws is missing",
      "keybuzz:mail is missing",
    ]);
  });
});

describe("A file that is no configuration", () => {
  test.each([
    [
      "config:\n  keybuzz:aws: [",
      "2:17: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
    ["", "1:1: has no configuration: the file is a mapping with the key `config`"],
    ["- 1", "1:1: has no configuration: the file is a mapping with the key `config`"],
    ["config: 1", "1:1: has no configuration: the file is a mapping with the key `config`"],
  ])("%j is one mistake with its place", (source, want) => {
    const [first] = mistakesIn(source);
    expect(`${first?.line}:${first?.column}: ${first?.message}`).toBe(want);
  });
});
