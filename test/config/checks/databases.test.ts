/**
 * Proves that the write address is HAProxy's, that connection limits leave room for a rotation, and that no slot is
 * open that has no credential.
 */
import { expect, test } from "vitest";
import { type Case, outcome } from "../edited-environment";

const limits = "connectionLimits: { database: 90, application: 40, migration: 3, reader: 5 }";
const apiEgress = "egress: [postgres, vault, relay, https]";
const apiRotation = `${limits}\n        rotation: { generation: 1, idleSlot: closed }`;
const keyRotation = "accessKeyRotation: { generation: 1, idleSlot: closed }";

const cases: readonly Case[] = [
  {
    name: "A Patroni node as the write address is refused",
    given: [["host: 10.0.0.10\n", "host: «10.0.0.122\n"]],
    want: [
      'keybuzz:postgres.host: "10.0.0.122" is a Patroni node, which takes no writes when another one leads; allowed: HAProxy\'s address',
    ],
  },
  ...(
    [
      ["vault.address", "address: https://10.0.0.150:8200", "address: «https://10.0.0.121:8200"],
      ["mail.smtp.host", "      host: 10.0.0.160", "      host: «10.0.0.120"],
      ["backend.address", "address: 10.0.0.250", "address: «10.0.0.122"],
      [
        "kubernetes.namespaces.api.extraEgress[0].cidr",
        apiEgress,
        `${apiEgress}\n        extraEgress: [{ description: metrics, cidr: «10.0.0.120/30, ports: [5432] }]`,
      ],
    ] as const
  ).map(([path, from, to]) => ({
    name: `A way past HAProxy in ${path} is refused`,
    given: [[from, to]] as const,
    want: [
      `keybuzz:${path}: "${/«(?:[^ ,]+)/.exec(to)?.[0].slice(1)}" leads to a Patroni node; allowed: PostgreSQL through HAProxy alone, another address for anything else`,
    ],
  })),
  {
    name: "A mail server by name at a node's address is refused",
    given: [["      host: 10.0.0.160", "      host: mail.keybuzz.io\n      address: «10.0.0.120"]],
    want: [
      'keybuzz:mail.smtp.address: "10.0.0.120" leads to a Patroni node; allowed: PostgreSQL through HAProxy alone, another address for anything else',
    ],
  },
  {
    name: "An address beside the nodes passes",
    given: [["host: 10.0.0.10\n", "host: 10.0.0.12\n"]],
    want: [],
  },
  {
    name: "One port for writing and reading is refused",
    given: [["readPort: 5433", "readPort: «5432"]],
    want: ["keybuzz:postgres.readPort: 5432 is the write port too; allowed: a port of its own"],
  },
  {
    name: "A connection limit without room for both slots of the application is refused",
    given: [[limits, "connectionLimits: { database: «87, application: 40, migration: 3, reader: 5 }"]],
    want: [
      "keybuzz:postgres.databases.api.connectionLimits.database: 87 leaves no room for a rotation; allowed: at least 88 (2 × 40 + 3 + 5)",
    ],
  },
  {
    name: "A connection limit that just has room passes",
    given: [[limits, "connectionLimits: { database: 88, application: 40, migration: 3, reader: 5 }"]],
    want: [],
  },
  {
    name: "Room is counted with the defaults of what is left out",
    given: [[limits, "connectionLimits: { database: «87, application: 40 }"]],
    want: [
      "keybuzz:postgres.databases.api.connectionLimits.database: 87 leaves no room for a rotation; allowed: at least 88 (2 × 40 + 3 + 5)",
    ],
  },
  {
    name: "A slot of a database's login open beside the first generation is refused",
    given: [[apiRotation, `${limits}\n        rotation: { generation: 1, idleSlot: «open }`]],
    want: [
      'keybuzz:postgres.databases.api.rotation.idleSlot: "open" leaves a slot open that has no credential yet; allowed: closed in generation 1',
    ],
  },
  {
    name: "A slot of the access key open beside the first generation is refused",
    given: [[keyRotation, "accessKeyRotation: { idleSlot: «open }"]],
    want: [
      'keybuzz:mail.accessKeyRotation.idleSlot: "open" leaves a slot open that has no credential yet; allowed: closed in generation 1',
    ],
  },
  {
    name: "A slot open beside the second generation passes",
    given: [
      [apiRotation, `${limits}\n        rotation: { generation: 2, idleSlot: open }`],
      [keyRotation, "accessKeyRotation: { generation: 2, idleSlot: open }"],
    ],
    want: [],
  },
];

test.each([...cases])("$name", (row) => {
  const { got, wanted } = outcome(row);
  expect(got).toEqual(wanted);
});
