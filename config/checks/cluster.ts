/** Checks between namespaces and the workloads in them. */
import type { Check } from "../check";
import type { Finding } from "../mistakes";
import type { Draft } from "../schema";
import { type Amount, measures } from "./containers";

const spaceKeys = ["api", "client", "website"] as const;
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
    rule:
      "The namespace `client` is let out to the relay, or further by `extraEgress`, where `secrets.clientAuth` " +
      "names EMAIL_SERVER: the client itself sends the mail that people sign in with.",
    find: ({ kubernetes, secrets }) => {
      const { egress, extraEgress = [] } = kubernetes?.namespaces?.client ?? {};
      const keys = secrets?.clientAuth?.keys ?? [];
      const named: readonly string[] = "length" in keys ? (keys as readonly string[]) : Object.keys(keys);
      if (egress === undefined || !named.includes("EMAIL_SERVER")) return [];
      if (egress.some((entry) => entry === "relay") || extraEgress.length > 0) return [];
      const path = ["kubernetes", "namespaces", "client", "egress"];
      return [
        { path, problem: "lacks relay, by which the client sends sign-in mail", allowed: "also relay" },
      ];
    },
  },
  {
    rule:
      "Each entry of a namespace's `extraEgress` has a description of its own, by its letters and digits: policies " +
      "are named after them.",
    find: ({ kubernetes }) =>
      spaceKeys.flatMap((key) => {
        const texts = (kubernetes?.namespaces?.[key]?.extraEgress ?? []).map((entry) => entry.description);
        const names = texts.map(policyName);
        return texts.flatMap((value, index): Finding[] => {
          if (names.indexOf(policyName(value)) === index) return [];
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

/** What the network policies component makes of a description. */
function policyName(description: string): string {
  return description
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
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
