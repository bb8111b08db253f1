/** Checks of what one container asks for and may use, against its namespace's bounds as they will be filled in. */
import type { Check } from "../check";
import type { Finding } from "../mistakes";
import { bytes, cpuText, half, memoryText, millicores } from "../quantity";
import type { Draft } from "../schema";
import type { Path } from "../schema/introspect";
import { namespaceKeys } from "../schema/kubernetes";

export type Amount = { readonly cpu?: string | undefined; readonly memory?: string | undefined };

/** What two amounts are compared by, and how a computed one is written. */
export const measures = [
  ["cpu", millicores, cpuText],
  ["memory", bytes, memoryText],
] as const;

const workloadKeys = ["api", "outboundWorker", "client", "website"] as const;
/** What a container may use that does not say, in a namespace that does not say either: the component's default. */
const DEFAULT_LIMITS = { cpu: "250m", memory: "256Mi" };

export const containerChecks: readonly Check[] = [
  {
    rule:
      "No container asks for more than its limit, and no limit is above `containers.max` of its namespace, without " +
      "which it is half of the quota.",
    find: (config) => [
      ...workloadKeys.flatMap((key) => {
        const path = ["workloads", key, "resources"];
        const { requests, limits } = config.workloads?.[key]?.resources ?? {};
        const { max, what } = boundsOf(config, key === "outboundWorker" ? "api" : key);
        return [
          ...above([...path, "requests"], requests, limits, "the container's limit"),
          ...above([...path, "limits"], limits, max, `${what} a container of the namespace may use`).filter(
            ({ path: [, , , , part] }) => !isTold(config, key, part),
          ),
        ];
      }),
      ...namespaceKeys.flatMap((key) => {
        const path = ["kubernetes", "namespaces", key, "containers"];
        const { defaultRequests, defaultLimits } = config.kubernetes?.namespaces?.[key]?.containers ?? {};
        const { max, what } = boundsOf(config, key);
        const ownLimits = defaultLimits ?? DEFAULT_LIMITS;
        const unsaid = defaultLimits === undefined ? max : undefined;
        const requests = [...path, "defaultRequests"];
        const tooMuch = above(requests, defaultRequests, ownLimits, "the default limit");
        return [
          ...tooMuch,
          ...(tooMuch.length > 0
            ? []
            : above(requests, defaultRequests, unsaid, `${what} a container may use`)),
          ...above([...path, "defaultLimits"], defaultLimits, max, `${what} a container may use`),
        ];
      }),
    ],
  },
  {
    rule: "No single container may use more than the quota of its namespace.",
    find: ({ kubernetes }) =>
      namespaceKeys.flatMap((key) => {
        const { containers, quota } = kubernetes?.namespaces?.[key] ?? {};
        const path = ["kubernetes", "namespaces", key, "containers", "max"];
        return above(path, containers?.max, quota, "the quota of the namespace");
      }),
  },
];

/** The most that a container of a namespace may use, and how a sentence about it begins. */
function boundsOf({ kubernetes }: Draft, key: (typeof namespaceKeys)[number]) {
  const { containers, quota } = kubernetes?.namespaces?.[key] ?? {};
  if (containers?.max !== undefined) return { max: containers.max, what: "the most that" };
  return { max: quota && half(quota), what: "half of the quota, the most that" };
}

/** Whether the quota is too little for a roll-out anyway: one mistake, which another check tells of. */
function isTold(
  { kubernetes, workloads }: Draft,
  key: (typeof workloadKeys)[number],
  part: unknown,
): boolean {
  if (key === "outboundWorker") return false;
  const { containers, quota } = kubernetes?.namespaces?.[key] ?? {};
  const limits = workloads?.[key]?.resources?.limits;
  return measures.some(
    ([name, measure]) =>
      name === part && !containers?.max && 2 * measure(limits?.[name] ?? "") > measure(quota?.[name] ?? ""),
  );
}

function above(path: Path, amount: Amount | undefined, bound: Amount | undefined, what: string): Finding[] {
  return measures.flatMap(([part, measure]) => {
    const [value, most] = [amount?.[part], bound?.[part]];
    if (value === undefined || most === undefined || measure(value) <= measure(most)) return [];
    return [{ path: [...path, part], value, problem: `is more than ${what}`, allowed: `at most ${most}` }];
  });
}
