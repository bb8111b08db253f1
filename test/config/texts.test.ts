/**
 * Proves which texts are taken as names, addresses, amounts, tags, paths and domains, and that the ones PROD is live
 * on are refused with the reason.
 */
import { describe, expect, test } from "vitest";
import { mailRegions } from "../../config/schema/forms";
import { type Case, outcome } from "./edited-environment";

const API = "keybuzz:workloads.api";
const API_IMAGE = "image: { name: keybuzz-api, tag: v0.4.31-replacement }\n      replicas: 1";
const hostForm = "a name such as api.keybuzz.io, without scheme, port, path or final dot";
const tagForm = "a fixed tag such as v0.4.31: letters, digits, . _ -, at most 128 characters";
const databaseForm = "1 to 55 lower-case letters, digits and underscores, a letter first, and no legacy name";
const legacyDatabase =
  "is the legacy shared database that PROD is live on; nothing declared may own it or refer to it";
const legacyUser = legacyDatabase.replace("database", "database's user");

const vaultAddress = "address: https://10.0.0.150:8200";
const pem = (kind: string) => `-----BEGIN ${kind}-----\nMIIBszCCAVmg\nAwIBAgIUQQ==\n-----END ${kind}-----\n`;

function databaseNamed(name: string): Case["given"] {
  return [["name: keybuzz_dev", `name: «${name}`]];
}

function apiImage(image: string): Case["given"] {
  return [[API_IMAGE, `image: ${image}\n      replicas: 1`]];
}

const refused: readonly Case[] = [
  {
    name: "The tag latest",
    given: apiImage("{ name: keybuzz-api, tag: «latest }"),
    want: [`${API}.image.tag: "latest" names whatever was pushed last, not one build; allowed: ${tagForm}`],
  },
  {
    name: "A tag that no registry takes",
    given: apiImage("{ name: keybuzz-api, tag: «-v1 }"),
    want: [`${API}.image.tag: "-v1" is not an image's tag; allowed: ${tagForm}`],
  },
  {
    name: "A digest of the wrong length",
    given: apiImage("{ name: keybuzz-api, tag: v1, digest: «sha256:abc }"),
    want: [
      `${API}.image.digest: "sha256:abc" is not an image's digest; allowed: sha256: and 64 lower-case hexadecimal digits`,
    ],
  },
  {
    name: "A private network that is the whole world, outside of which HTTPS could lead nowhere",
    given: [["privateNetwork: 10.0.0.0/16", "privateNetwork: «0.0.0.0/0"]],
    want: [
      'keybuzz:kubernetes.privateNetwork: "0.0.0.0/0" is every address there is; allowed: a network and its length such as 10.0.0.0/16',
    ],
  },
  {
    name: "The legacy database",
    given: databaseNamed("keybuzz"),
    want: [`keybuzz:postgres.databases.api.name: "keybuzz" ${legacyDatabase}; allowed: ${databaseForm}`],
  },
  {
    name: "The backend's legacy database",
    given: databaseNamed("keybuzz_backend"),
    want: [
      `keybuzz:postgres.databases.api.name: "keybuzz_backend" ${legacyDatabase}; allowed: ${databaseForm}`,
    ],
  },
  {
    name: "A database named like the API's legacy user",
    given: databaseNamed("keybuzz_api_dev"),
    want: [`keybuzz:postgres.databases.api.name: "keybuzz_api_dev" ${legacyUser}; allowed: ${databaseForm}`],
  },
  {
    name: "A database named like the backend's legacy user",
    given: databaseNamed("kb_backend"),
    want: [`keybuzz:postgres.databases.api.name: "kb_backend" ${legacyUser}; allowed: ${databaseForm}`],
  },
  {
    name: "A database of PostgreSQL's own",
    given: databaseNamed("postgres"),
    want: [
      `keybuzz:postgres.databases.api.name: "postgres" is a name of PostgreSQL's own; allowed: ${databaseForm}`,
    ],
  },
  {
    name: "A database whose roles' names PostgreSQL would cut off",
    given: databaseNamed("k".repeat(56)),
    want: [
      `keybuzz:postgres.databases.api.name: "${"k".repeat(56)}" is not a database's name; allowed: ${databaseForm}`,
    ],
  },
  {
    name: "A database in upper case",
    given: databaseNamed("Keybuzz_dev"),
    want: [
      `keybuzz:postgres.databases.api.name: "Keybuzz_dev" is not a database's name; allowed: ${databaseForm}`,
    ],
  },
  {
    name: "A host in upper case",
    given: [["host: api-dev.keybuzz.io", "host: «API-dev.keybuzz.io"]],
    want: [`${API}.host: "API-dev.keybuzz.io" is not a full host name in lower case; allowed: ${hostForm}`],
  },
  {
    name: "A host with a final dot",
    given: [["host: api-dev.keybuzz.io", "host: «api-dev.keybuzz.io."]],
    want: [`${API}.host: "api-dev.keybuzz.io." is not a full host name in lower case; allowed: ${hostForm}`],
  },
  {
    name: "A URL where a host belongs",
    given: [["host: api-dev.keybuzz.io", "host: «https://api-dev.keybuzz.io"]],
    want: [
      `${API}.host: "https://api-dev.keybuzz.io" is not a full host name in lower case; allowed: ${hostForm}`,
    ],
  },
  {
    name: "An address out of range",
    given: [["host: 10.0.0.10\n", "host: «10.0.0.256\n"]],
    want: [
      'keybuzz:postgres.host: "10.0.0.256" is not an IPv4 address; allowed: an IPv4 address such as 10.0.0.10',
    ],
  },
  {
    name: "A network with bits beyond its length",
    given: [["privateNetwork: 10.0.0.0/16", "privateNetwork: «10.0.0.10/16"]],
    want: [
      'keybuzz:kubernetes.privateNetwork: "10.0.0.10/16" has bits set beyond its length; allowed: a network and its length such as 10.0.0.0/16',
    ],
  },
  {
    name: "A network without a length",
    given: [["privateNetwork: 10.0.0.0/16", "privateNetwork: «10.0.0.0"]],
    want: [
      'keybuzz:kubernetes.privateNetwork: "10.0.0.0" is not a range of IPv4 addresses; allowed: a network and its length such as 10.0.0.0/16',
    ],
  },
  {
    name: "A namespace with an underscore",
    given: [["name: keybuzz-api-dev", "name: «keybuzz_api"]],
    want: [
      'keybuzz:kubernetes.namespaces.api.name: "keybuzz_api" is not a name of a Kubernetes object; allowed: 1 to 63 lower-case letters, digits and inner hyphens, a letter first',
    ],
  },
  {
    name: "An amount of memory with a unit that Kubernetes does not know",
    given: [["memory: 6Gi", "memory: «6GB"]],
    want: [
      'keybuzz:kubernetes.namespaces.api.quota.memory: "6GB" is not an amount of memory; allowed: bytes such as 256Mi or 2Gi',
    ],
  },
  {
    name: "No processor at all",
    given: [["requests: { cpu: 50m, memory: 128Mi }", "requests: { cpu: «0m, memory: 128Mi }"]],
    want: [
      'keybuzz:workloads.outboundWorker.resources.requests.cpu: "0m" is nothing; allowed: cores such as "2" or 250m, in quotes when it is only digits',
    ],
  },
  {
    name: "No memory at all",
    given: [["requests: { cpu: 50m, memory: 128Mi }", "requests: { cpu: 50m, memory: «0Mi }"]],
    want: [
      'keybuzz:workloads.outboundWorker.resources.requests.memory: "0Mi" is nothing; allowed: bytes such as 256Mi or 2Gi',
    ],
  },
  {
    name: "Vault without TLS",
    given: [["address: https://10.0.0.150:8200", "address: «http://10.0.0.150:8200"]],
    want: [
      'keybuzz:vault.address: "http://10.0.0.150:8200" is not the URL of a Vault server; allowed: https, an IPv4 address and a port, such as https://10.0.0.150:8200 (http on 127.0.0.1 alone)',
    ],
  },
  {
    name: "Vault at a port that there is not",
    given: [["address: https://10.0.0.150:8200", "address: «https://10.0.0.150:82000"]],
    want: [
      'keybuzz:vault.address: "https://10.0.0.150:82000" has a port above 65535; allowed: https, an IPv4 address and a port, such as https://10.0.0.150:8200 (http on 127.0.0.1 alone)',
    ],
  },
  {
    name: "Vault at port 0",
    given: [["address: https://10.0.0.150:8200", "address: «https://10.0.0.150:0"]],
    want: [
      'keybuzz:vault.address: "https://10.0.0.150:0" has port 0; allowed: https, an IPv4 address and a port, such as https://10.0.0.150:8200 (http on 127.0.0.1 alone)',
    ],
  },
  {
    name: "An address with a leading zero, which some programs read as octal",
    given: [["address: 10.0.0.250", "address: «10.0.0.025"]],
    want: [
      'keybuzz:backend.address: "10.0.0.025" is not an IPv4 address; allowed: an IPv4 address such as 10.0.0.10',
    ],
  },
  {
    name: "A sender whose name ends with a dot",
    given: [["sender: noreply@", "sender: «noreply.@"]],
    want: [
      'keybuzz:mail.sender: "noreply.@dev.keybuzz.io" is not an e-mail address in lower case; allowed: an address such as noreply@keybuzz.io',
    ],
  },
  ...(
    [
      ["A private key where Vault's certificate belongs", pem("PRIVATE KEY")],
      ["A private key behind Vault's certificate", pem("CERTIFICATE") + pem("RSA PRIVATE KEY")],
      ["Half of Vault's certificate", pem("CERTIFICATE").replace(/-----END.*/, "")],
      ["A key without its head and foot in place of Vault's certificate", "MIIBszCCAVmg"],
    ] as const
  ).map(([name, text]) => ({
    name,
    given: [[vaultAddress, `${vaultAddress}\n    caCertificate: «${JSON.stringify(text)}`]] as const,
    want: [
      "keybuzz:vault.caCertificate: [secret] is not PEM text of certificates alone; allowed: whole blocks -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and no PRIVATE KEY",
    ],
  })),
  {
    name: "A Vault prefix that ends with a slash",
    given: [["prefix: keybuzz/dev", "prefix: «keybuzz/dev/"]],
    want: [
      'keybuzz:vault.prefix: "keybuzz/dev/" is not a path in Vault; allowed: lower-case letters, digits, hyphens and underscores, with / between segments and at neither end',
    ],
  },
  {
    name: "A Vault prefix that begins with a slash",
    given: [["prefix: keybuzz/dev", "prefix: «/keybuzz/dev"]],
    want: [
      'keybuzz:vault.prefix: "/keybuzz/dev" is not a path in Vault; allowed: lower-case letters, digits, hyphens and underscores, with / between segments and at neither end',
    ],
  },
  {
    name: "An AWS account with a digit too few",
    given: [['accountId: "123456789012"', 'accountId: «"12345678901"']],
    want: ['keybuzz:aws.accountId: "12345678901" is not an AWS account\'s id; allowed: 12 digits in quotes'],
  },
  {
    name: "An AWS account without quotes",
    given: [['accountId: "123456789012"', "accountId: «123456789012"]],
    want: [
      "keybuzz:aws.accountId: 123456789012 is a number, not an AWS account's id: put it in quotes, so that it stays as it is written; allowed: 12 digits in quotes",
    ],
  },
  {
    name: "A region that is none",
    given: [["region: eu-west-1", "region: «ireland"]],
    want: [`keybuzz:aws.region: "ireland" is not one of the choices; allowed: ${mailRegions.join(", ")}`],
  },
  {
    name: "A region whose DKIM records are not known",
    given: [["region: eu-west-1", "region: «eu-central-2"]],
    want: [
      `keybuzz:aws.region: "eu-central-2" is not one of the choices; allowed: ${mailRegions.join(", ")}; did you mean "eu-central-1"?`,
    ],
  },
  ...[
    ["A Vault prefix in upper case", "prefix: keybuzz/dev", "prefix: «Keybuzz/dev", 'prefix: "Keybuzz/dev"'],
    ["A Vault mount with a dot", "mount: secret", "mount: «sec.ret", 'mount: "sec.ret"'],
  ].map(([name = "", from = "", to = "", seen = ""]) => ({
    name,
    given: [[from, to]] as const,
    want: [
      `keybuzz:vault.${seen} is not a path in Vault; allowed: lower-case letters, digits, hyphens and underscores, with / between segments and at neither end`,
    ],
  })),
  {
    name: "A purpose that no policy can be named after",
    given: [
      [
        "egress: [postgres, vault, relay, https]",
        "egress: [postgres, vault, relay, https]\n        extraEgress: [{ description: «--, cidr: 10.0.0.170/32, ports: [443] }]",
      ],
    ],
    want: [
      'keybuzz:kubernetes.namespaces.api.extraEgress[0].description: "--" is not a short text; allowed: 1 to 60 characters, a letter or digit among them',
    ],
  },
  {
    name: "A sender with a display name",
    given: [["sender: noreply@dev.keybuzz.io", 'sender: «"KeyBuzz <noreply@dev.keybuzz.io>"']],
    want: [
      'keybuzz:mail.sender: "KeyBuzz <noreply@dev.keybuzz.io>" is not an e-mail address in lower case; allowed: an address such as noreply@keybuzz.io',
    ],
  },
  {
    name: "An environment whose name has a hyphen, and could begin another one's names",
    given: [["name: dev\n", "name: «dev-2\n"]],
    want: [
      'keybuzz:environment.name: "dev-2" is not an environment\'s name; allowed: 2 to 16 lower-case letters and digits, a letter first',
    ],
  },
];

const accepted: readonly Case[] = [
  {
    name: "Vault's certificates, one after the other",
    given: [
      [
        vaultAddress,
        `${vaultAddress}\n    caCertificate: |\n${`${pem("CERTIFICATE")}\n${pem("CERTIFICATE")}`.replace(/^(?=.)/gm, "      ")}`,
      ],
    ],
    want: [],
  },
  { name: "A number at its upper bound", given: [["writePort: 5432", "writePort: 65535"]], want: [] },
  { name: "A number at its lower bound", given: [["perSeconds: 1", "perSeconds: 1"]], want: [] },
  {
    name: "A tag with a digest",
    given: apiImage(`{ name: keybuzz-api, tag: "1.10", digest: "sha256:${"0a".repeat(32)}" }`),
    want: [],
  },
  {
    name: "A tag that only begins like latest",
    given: apiImage("{ name: keybuzz-api, tag: latest-1 }"),
    want: [],
  },
  {
    name: "A database as long as its roles allow",
    given: [["name: keybuzz_dev", `name: ${"k".repeat(51)}_dev`]],
    want: [],
  },
  {
    name: "A database whose name begins like a legacy one",
    given: [["name: keybuzz_dev", "name: keybuzz_api_dev_2"]],
    want: [],
  },
  {
    name: "Vault on the machine itself without TLS",
    given: [["address: https://10.0.0.150:8200", "address: http://127.0.0.1:8200"]],
    want: [],
  },
  {
    name: "A Vault mount with more than one segment",
    given: [["mount: secret", "mount: teams/keybuzz"]],
    want: [],
  },
  {
    name: "Fractions of a core and of a gibibyte",
    given: [['quota: { cpu: "4", memory: 6Gi', 'quota: { cpu: "3.5", memory: 6.5Gi']],
    want: [],
  },
  {
    name: "Half of the world as the private network",
    given: [["privateNetwork: 10.0.0.0/16", "privateNetwork: 0.0.0.0/1"]],
    want: [],
  },
  {
    name: "A comment that speaks of secure: values",
    given: [["  keybuzz:aws:", "  # secure: nothing here\n  keybuzz:aws:"]],
    want: [],
  },
  {
    name: "Keys of other namespaces",
    given: [
      ["  keybuzz:aws:", "  aws:region: eu-west-1\n  vault:token:\n    secure: v1:a:b\n  keybuzz:aws:"],
    ],
    want: [],
  },
  {
    name: "A key written without the project's namespace, as Pulumi allows",
    given: [["keybuzz:aws:", "aws:"]],
    want: [],
  },
];

describe("Refused", () => {
  test.each([...refused])("$name", (row) => {
    const { got, wanted } = outcome(row);
    expect(got).toEqual(wanted);
  });
});

describe("Accepted", () => {
  test.each([...accepted])("$name", (row) => {
    expect(outcome(row).got).toEqual([]);
  });
});
