/**
 * Proves that no container asks for more than its namespace lets one have, by the bounds that will stand there: also
 * those that the configuration leaves to the namespace component.
 */
import { expect, test } from "vitest";
import { type Case, outcome } from "../edited-environment";

const egress = "egress: [postgres, vault, relay, https]";
const clientEgress = "egress: [relay, https]";
const workerRequests = "requests: { cpu: 50m, memory: 128Mi }";
const workerLimits = "limits: { cpu: 500m, memory: 256Mi }";
const clientQuota = 'quota: { cpu: "2", memory: 3Gi, pods: 10 }';
const apiQuota = 'quota: { cpu: "4", memory: 6Gi, pods: 20 }';
const clientContainers = (text: string) => `${clientEgress}\n        containers: ${text}`;

const cases: readonly Case[] = [
  {
    name: "Requests above the limit are refused",
    given: [[workerRequests, "requests: { cpu: «501m, memory: «0.5Gi }"]],
    want: [
      'keybuzz:workloads.outboundWorker.resources.requests.cpu: "501m" is more than the container\'s limit; allowed: at most 500m',
      'keybuzz:workloads.outboundWorker.resources.requests.memory: "0.5Gi" is more than the container\'s limit; allowed: at most 256Mi',
    ],
  },
  {
    name: "Requests as large as the limit pass, however they are written",
    given: [[workerRequests, 'requests: { cpu: "0.5", memory: 0.25Gi }']],
    want: [],
  },
  {
    name: "A limit above the most that a container of the namespace may use is refused",
    given: [
      [egress, `${egress}\n        containers: { max: { cpu: "1", memory: 500Mi } }`],
      [
        'host: api-dev.keybuzz.io\n      resources:\n        requests: { cpu: 100m, memory: 256Mi }\n        limits: { cpu: "1", memory: 512Mi }',
        'host: api-dev.keybuzz.io\n      resources:\n        requests: { cpu: 100m, memory: 256Mi }\n        limits: { cpu: "1", memory: «512Mi }',
      ],
    ],
    want: [
      'keybuzz:workloads.api.resources.limits.memory: "512Mi" is more than the most that a container of the namespace may use; allowed: at most 500Mi',
    ],
  },
  {
    name: "Default requests above the default limit, and that above the most, are refused",
    given: [
      [
        egress,
        `${egress}\n        containers:\n          defaultRequests: { cpu: «600m, memory: 64Mi }\n          defaultLimits: { cpu: 500m, memory: «2Gi }\n          max: { cpu: "1", memory: 1Gi }`,
      ],
    ],
    want: [
      'keybuzz:kubernetes.namespaces.api.containers.defaultRequests.cpu: "600m" is more than the default limit; allowed: at most 500m',
      'keybuzz:kubernetes.namespaces.api.containers.defaultLimits.memory: "2Gi" is more than the most that a container may use; allowed: at most 1Gi',
    ],
  },
  {
    name: "A single container above the quota is refused",
    given: [
      [
        "egress: [relay, https]",
        'egress: [relay, https]\n        containers: { max: { cpu: «"4", memory: 2Gi } }',
      ],
    ],
    want: [
      'keybuzz:kubernetes.namespaces.client.containers.max.cpu: "4" is more than the quota of the namespace; allowed: at most 2',
    ],
  },
  {
    name: "A worker's limit above half of the quota is refused: a pod above the most that follows is never made",
    given: [
      [apiQuota, 'quota: { cpu: "6.5", memory: 6Gi, pods: 20 }'],
      [workerLimits, "limits: { cpu: «3500m, memory: 256Mi }"],
    ],
    want: [
      'keybuzz:workloads.outboundWorker.resources.limits.cpu: "3500m" is more than half of the quota, the most that a container of the namespace may use; allowed: at most 3250m',
    ],
  },
  {
    name: "A worker's limit above half of the quota passes where the namespace allows as much",
    given: [
      [apiQuota, 'quota: { cpu: "6.5", memory: 6Gi, pods: 20 }'],
      [workerLimits, "limits: { cpu: 3500m, memory: 256Mi }"],
      [egress, `${egress}\n        containers: { max: { cpu: 3500m, memory: 3Gi } }`],
    ],
    want: [],
  },
  {
    name: "A limit that is half of the quota, and above it in whole Mi, is refused",
    given: [
      [clientQuota, 'quota: { cpu: "2", memory: 1025Mi, pods: 10 }'],
      [
        'buildScope: environment }\n      replicas: 1\n      host: client-dev.keybuzz.io\n      resources:\n        requests: { cpu: 100m, memory: 256Mi }\n        limits: { cpu: "1", memory: 512Mi }',
        'buildScope: environment }\n      replicas: 1\n      host: client-dev.keybuzz.io\n      resources:\n        requests: { cpu: 100m, memory: 256Mi }\n        limits: { cpu: "1", memory: «512.5Mi }',
      ],
    ],
    want: [
      'keybuzz:workloads.client.resources.limits.memory: "512.5Mi" is more than half of the quota, the most that a container of the namespace may use; allowed: at most 512Mi',
    ],
  },
  {
    name: "A default request above the default limit that follows is refused",
    given: [[clientEgress, clientContainers("{ defaultRequests: { cpu: «251m, memory: 256Mi } }")]],
    want: [
      'keybuzz:kubernetes.namespaces.client.containers.defaultRequests.cpu: "251m" is more than the default limit; allowed: at most 250m',
    ],
  },
  {
    name: "A default request above the most that a container may use is refused, where no default limit is given",
    given: [
      [
        clientEgress,
        clientContainers(
          '{ defaultRequests: { cpu: 50m, memory: «129Mi }, max: { cpu: "1", memory: 128Mi } }',
        ),
      ],
      [
        'buildScope: environment }\n      replicas: 1\n      host: client-dev.keybuzz.io\n      resources:\n        requests: { cpu: 100m, memory: 256Mi }\n        limits: { cpu: "1", memory: 512Mi }',
        'buildScope: environment }\n      replicas: 1\n      host: client-dev.keybuzz.io\n      resources:\n        requests: { cpu: 100m, memory: 128Mi }\n        limits: { cpu: "1", memory: 128Mi }',
      ],
    ],
    want: [
      'keybuzz:kubernetes.namespaces.client.containers.defaultRequests.memory: "129Mi" is more than the most that a container may use; allowed: at most 128Mi',
    ],
  },
  {
    name: "A default limit above half of the quota is refused",
    given: [[clientEgress, clientContainers("{ defaultLimits: { cpu: «1001m, memory: 1536Mi } }")]],
    want: [
      'keybuzz:kubernetes.namespaces.client.containers.defaultLimits.cpu: "1001m" is more than half of the quota, the most that a container may use; allowed: at most 1',
    ],
  },
];

test.each([...cases])("$name", (row) => {
  const { got, wanted } = outcome(row);
  expect(got).toEqual(wanted);
});
