/**
 * Proves that namespaces have room for what runs in them and lead to what it needs.
 */
import { expect, test } from "vitest";
import { type Case, outcome } from "../edited-environment";

const website = "website:\n        name: website-prod";
const egress = "egress: [postgres, vault, relay, https]";
const fallback = "fallback: { provider: ses, enabled: false }";
const clientQuota = 'quota: { cpu: "2", memory: 3Gi, pods: 10 }';
const metrics = "{ description: metrics, cidr: 10.0.0.170/32, ports: [9091] }";

const cases: readonly Case[] = [
  {
    name: "A namespace for a website that does not run is refused",
    given: [
      [
        "      client:\n        name: keybuzz-client-dev",
        `      «website:\n        name: website-dev\n        ${clientQuota}\n      client:\n        name: keybuzz-client-dev`,
      ],
    ],
    want: [
      "keybuzz:kubernetes.namespaces.website: has no workload; allowed: together with keybuzz:workloads.website",
    ],
  },
  {
    name: "A client that signs people in by e-mail and cannot send any is refused",
    given: [["egress: [relay, https]", "«egress: [https]"]],
    want: [
      "keybuzz:kubernetes.namespaces.client.egress: lacks relay, by which the client sends sign-in mail; allowed: also relay",
    ],
  },
  {
    name: "A client that signs people in by e-mail through a server of its own passes",
    given: [["egress: [relay, https]", `egress: [https]\n        extraEgress: [${metrics}]`]],
    want: [],
  },
  {
    name: "A client without e-mail sign-in passes without the relay",
    given: [
      ["egress: [relay, https]", "egress: [https]"],
      ["        - EMAIL_SERVER\n", ""],
    ],
    want: [],
  },
  {
    name: "A peer that is another namespace passes",
    given: [[egress, `${egress}\n        peers: [client]`]],
    want: [],
  },
  {
    name: "A peer that is the namespace itself is refused",
    given: [[egress, `${egress}\n        peers: [«api]`]],
    want: ['keybuzz:kubernetes.namespaces.api.peers[0]: "api" is the namespace itself; allowed: client'],
  },
  {
    name: "A peer that the environment does not have is refused",
    given: [[egress, `${egress}\n        peers: [client, «website]`]],
    want: [
      'keybuzz:kubernetes.namespaces.api.peers[1]: "website" is no namespace of this environment; allowed: client',
    ],
  },
  {
    name: "An API namespace that is not let out to what its pods connect to is refused",
    given: [[egress, "«egress: [vault, https]"]],
    want: [
      "keybuzz:kubernetes.namespaces.api.egress: lacks postgres and relay, which the workloads in it need; allowed: also postgres, relay",
    ],
  },
  {
    name: "A fallback without a way out to HTTPS is refused",
    given: [
      [egress, "«egress: [postgres, relay]"],
      [fallback, "fallback: { provider: ses, enabled: true }"],
    ],
    want: [
      "keybuzz:kubernetes.namespaces.api.egress: lacks https, which the workloads in it need; allowed: also https",
    ],
  },
  {
    name: "No way out to HTTPS passes while the fallback is off",
    given: [[egress, "egress: [postgres, relay]"]],
    want: [],
  },
  {
    name: "Two further destinations of one description are refused",
    given: [
      [
        egress,
        `${egress}\n        extraEgress:\n          - ${metrics}\n          - ${metrics.replace("metrics", "«metrics").replace("170", "171")}`,
      ],
    ],
    want: [
      'keybuzz:kubernetes.namespaces.api.extraEgress[1].description: "metrics" describes another entry already; allowed: a text of its own',
    ],
  },
  {
    name: "Two further destinations whose policies would have one name are refused",
    given: [
      [
        egress,
        `${egress}\n        extraEgress:\n          - ${metrics}\n          - ${metrics.replace("metrics", '«"Metrics!"').replace("170", "171")}`,
      ],
    ],
    want: [
      'keybuzz:kubernetes.namespaces.api.extraEgress[1].description: "Metrics!" describes another entry already; allowed: a text of its own',
    ],
  },
  {
    name: "Two further destinations pass",
    given: [
      [
        egress,
        `${egress}\n        extraEgress:\n          - ${metrics}\n          - ${metrics.replace("metrics", "logs")}`,
      ],
    ],
    want: [],
  },
  {
    name: "A quota without room for a roll-out is refused, each part of it",
    given: [[clientQuota, 'quota: { cpu: «"1.9", memory: «1000Mi, pods: «1 }']],
    want: [
      'keybuzz:kubernetes.namespaces.client.quota.cpu: "1.9" is too little for a roll-out; allowed: at least 2 (2 pods at once)',
      'keybuzz:kubernetes.namespaces.client.quota.memory: "1000Mi" is too little for a roll-out; allowed: at least 1024Mi (2 pods at once)',
      "keybuzz:kubernetes.namespaces.client.quota.pods: 1 is too little for a roll-out; allowed: at least 2",
    ],
  },
  {
    name: "A quota that just has room for a roll-out passes",
    given: [[clientQuota, 'quota: { cpu: "2", memory: 1Gi, pods: 2 }']],
    want: [],
  },
  {
    name: "The API's quota has to have room for the worker and a migration job too",
    given: [['quota: { cpu: "4", memory: 6Gi, pods: 20 }', 'quota: { cpu: «"3", memory: 6Gi, pods: 20 }']],
    want: [
      'keybuzz:kubernetes.namespaces.api.quota.cpu: "3" is too little for a roll-out; allowed: at least 3500m (4 pods at once)',
    ],
  },
];

const withoutNamespace: Case = {
  name: "A website without its namespace is refused",
  given: [
    [`      ${website}\n        quota: { cpu: "2", memory: 3Gi, pods: 10 }\n        egress: [https]\n`, ""],
    ["    website:\n      image", "    «website:\n      image"],
  ],
  want: [
    "keybuzz:workloads.website: has no namespace; allowed: together with keybuzz:kubernetes.namespaces.website",
  ],
};

test.each([...cases])("$name", (row) => {
  const { got, wanted } = outcome(row);
  expect(got).toEqual(wanted);
});

test(withoutNamespace.name, () => {
  const { got, wanted } = outcome(withoutNamespace, "prod");
  expect(got).toEqual(wanted);
});
