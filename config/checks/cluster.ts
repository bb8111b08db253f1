/** Checks between namespaces and the workloads in them. */
import type { Check } from "../checks";
import type { Finding } from "../mistakes";
import { bytes, cpuText, memoryText, millicores } from "../quantity";
import type { Draft } from "../schema";
import type { Path } from "../schema/introspect";

const spaceKeys = ["api", "client", "website"] as const;
const workloadKeys = ["api", "outboundWorker", "client", "website"] as const;
type SpaceKey = (typeof spaceKeys)[number];

export const clusterChecks: readonly Check[] = [
  {
    rule: "The workload `website` and the namespace `website` are declared together or not at all.",
    find: ({ kubernetes, workloads }) => {
      if (kubernetes?.namespaces === undefined || workloads === undefined) return [];
      const space = kubernetes.namespaces.website !== undefined;
      if (space === (workloads.website !== undefined)) return [];
      const here = space ? ["kubernetes", "namespaces", "website"] : ["workloads", "website"];
      const other = space ? "keybuzz:workloads.website" : "keybuzz:kubernetes.namespaces.website";
      const problem = space ? "has no workload" : "has no namespace";
      return [{ path: here, problem, allowed: `together with ${other}`, at: "key" }];
    },
  },
  {
    rule: "`peers` of a namespace are other namespaces that are declared.",
    find: ({ kubernetes }) =>
      spaceKeys.flatMap((key) =>
        (kubernetes?.namespaces?.[key]?.peers ?? []).flatMap((peer, index): Finding[] => {
          const path = ["kubernetes", "namespaces", key, "peers", index];
          const declared = spaceKeys.filter((other) => other !== key && kubernetes?.namespaces?.[other]);
          if (declared.includes(peer)) return [];
          const problem = peer === key ? "is the namespace itself" : "is no namespace of this environment";
          return [{ path, value: peer, problem, allowed: declared.join(", ") }];
        }),
      ),
  },
  {
    rule:
      "The namespace `api` is let out to PostgreSQL and to the relay, and to HTTPS where the fallback is enabled: " +
      "its pods connect to them.",
    find: ({ kubernetes, mail }) => {
      const egress = kubernetes?.namespaces?.api?.egress;
      if (egress === undefined) return [];
      const needed = ["postgres", "relay", ...(mail?.fallback?.enabled ? ["https"] : [])];
      const missing = needed.filter((destination) => !egress.some((entry) => entry === destination));
      if (missing.length === 0) return [];
      const problem = `lacks ${missing.join(" and ")}, which the workloads in it need`;
      return [
        {
          path: ["kubernetes", "namespaces", "api", "egress"],
          problem,
          allowed: `also ${missing.join(", ")}`,
        },
      ];
    },
  },
  {
    rule: "No container asks for more than its limit, and no limit is above `containers.max` of its namespace.",
    find: (config) => [
      ...workloadKeys.flatMap((key) => {
        const space = key === "outboundWorker" ? "api" : key;
        const path = ["workloads", key, "resources"];
        const { requests, limits } = config.workloads?.[key]?.resources ?? {};
        const max = config.kubernetes?.namespaces?.[space]?.containers?.max;
        return [
          ...above([...path, "requests"], requests, limits, "the container's limit"),
          ...above([...path, "limits"], limits, max, "the most that a container of the namespace may use"),
        ];
      }),
      ...spaceKeys.flatMap((key) => {
        const path = ["kubernetes", "namespaces", key, "containers"];
        const { defaultRequests, defaultLimits, max } =
          config.kubernetes?.namespaces?.[key]?.containers ?? {};
        return [
          ...above([...path, "defaultRequests"], defaultRequests, defaultLimits, "the default limit"),
          ...above([...path, "defaultLimits"], defaultLimits, max, "the most that a container may use"),
        ];
      }),
    ],
  },
  {
    rule: "Each entry of a namespace's `extraEgress` has a description of its own: policies are named after them.",
    find: ({ kubernetes }) =>
      spaceKeys.flatMap((key) => {
        const texts = (kubernetes?.namespaces?.[key]?.extraEgress ?? []).map((entry) => entry.description);
        return texts.flatMap((value, index): Finding[] => {
          if (texts.indexOf(value) === index) return [];
          const path = ["kubernetes", "namespaces", key, "extraEgress", index, "description"];
          return [{ path, value, problem: "describes another entry already", allowed: "a text of its own" }];
        });
      }),
  },
  {
    rule:
      "A namespace's quota has room for all its pods at their limits while every workload in it rolls out, and in " +
      "`api` for a migration job as large as the API: a pod above the quota is never made.",
    find: (config) => spaceKeys.flatMap((key) => tooSmall(config, key)),
  },
];

type Amount = { readonly cpu?: string | undefined; readonly memory?: string | undefined };

const measures = [
  ["cpu", millicores, cpuText],
  ["memory", bytes, memoryText],
] as const;

function above(path: Path, amount: Amount | undefined, bound: Amount | undefined, what: string): Finding[] {
  return measures.flatMap(([part, measure]) => {
    const [value, most] = [amount?.[part], bound?.[part]];
    if (value === undefined || most === undefined || measure(value) <= measure(most)) return [];
    return [{ path: [...path, part], value, problem: `is more than ${what}`, allowed: `at most ${most}` }];
  });
}

/** The limits of all pods that stand in a namespace at once at most. Undefined when a part is not known. */
function podsOf({ workloads }: Draft, key: SpaceKey): Amount[] | undefined {
  const { replicas, resources } = workloads?.[key] ?? {};
  if (replicas === undefined || resources?.limits === undefined) return undefined;
  // A roll-out adds one pod before it takes an old one away.
  const rolling = Array<Amount>(replicas + 1).fill(resources.limits);
  if (key !== "api") return rolling;
  const worker = workloads?.outboundWorker?.resources?.limits;
  const migration = resources.limits;
  return worker === undefined ? undefined : [...rolling, migration, worker];
}

function tooSmall(config: Draft, key: SpaceKey): Finding[] {
  const quota = config.kubernetes?.namespaces?.[key]?.quota;
  const pods = podsOf(config, key);
  if (quota === undefined || pods === undefined) return [];
  const path = ["kubernetes", "namespaces", key, "quota"];
  const what = `${pods.length} pods at once`;
  const found: Finding[] = measures.flatMap(([part, measure, text]) => {
    const [bound, amounts] = [quota[part], pods.map((pod) => pod[part])];
    if (bound === undefined || !amounts.every((amount) => amount !== undefined)) return [];
    const needed = amounts.reduce((sum, amount) => sum + measure(amount), 0);
    if (measure(bound) >= needed) return [];
    const problem = "is too little for a roll-out";
    return [{ path: [...path, part], value: bound, problem, allowed: `at least ${text(needed)} (${what})` }];
  });
  if (quota.pods === undefined || quota.pods >= pods.length) return found;
  const problem = "is too little for a roll-out";
  return [
    ...found,
    { path: [...path, "pods"], value: quota.pods, problem, allowed: `at least ${pods.length}` },
  ];
}
