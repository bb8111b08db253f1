/**
 * Where traffic leads: the namespaces that a NetworkPolicy selects by name, the addresses with ports that it lets
 * through, and those that Endpoints put behind a Service.
 */
import { itemsOf, type Path, type Value, type ValueMap, valueAt } from "../value";
import type { Named } from "./named";
import { hostName } from "./names";

/** Kubernetes sets this label on every namespace to the namespace's name. */
const NAMESPACE_LABEL = "kubernetes.io/metadata.name";

type Located = Named & { readonly path: Path };

/** @param kind the Kubernetes kind; objects of others lead nowhere */
export function networkReferences(kind: string | undefined, properties: ValueMap): Located[] {
  switch (kind) {
    case "NetworkPolicy":
      return [
        ...itemsOf(valueAt(properties, "spec", "egress")).flatMap(([index, rule]) =>
          ruleReferences(rule, ["spec", "egress", index], "to"),
        ),
        ...itemsOf(valueAt(properties, "spec", "ingress")).flatMap(([index, rule]) =>
          ruleReferences(rule, ["spec", "ingress", index], "from"),
        ),
      ];
    case "Endpoints":
      return itemsOf(valueAt(properties, "subsets")).flatMap(([index, subset]) =>
        itemsOf(valueAt(subset, "addresses")).flatMap(([position, address]) =>
          atPorts(valueAt(address, "ip"), portsOf(subset), ["subsets", index, "addresses", position, "ip"]),
        ),
      );
    case "EndpointSlice":
      return itemsOf(valueAt(properties, "endpoints")).flatMap(([index, endpoint]) =>
        itemsOf(valueAt(endpoint, "addresses")).flatMap(([position, address]) =>
          atPorts(address, portsOf(properties), ["endpoints", index, "addresses", position]),
        ),
      );
    default:
      return [];
  }
}

/** More ports than this are a range that is meant for everything behind an address. */
const MOST_PORTS = 1000;

function portsOf(holder: Value): string[] {
  return itemsOf(valueAt(holder, "ports")).flatMap(([, entry]) => {
    const [port, end] = [valueAt(entry, "port"), valueAt(entry, "endPort")];
    if (typeof port !== "number" && typeof port !== "string") return [];
    const count = typeof end === "number" ? Math.min(end - Number(port) + 1, MOST_PORTS) : 1;
    return count > 1
      ? Array.from({ length: count }, (_, index) => String(Number(port) + index))
      : [String(port)];
  });
}

function atPorts(address: Value | undefined, ports: readonly string[], path: Path): Located[] {
  const host = typeof address === "string" ? hostName(address) : undefined;
  if (host === undefined) return [];
  return [
    { kind: "host", name: host, path },
    ...ports.map((port) => ({ kind: "backend-address", name: `${host}:${port}`, path }) as const),
  ];
}

function ruleReferences(rule: Value, path: Path, side: "to" | "from"): Located[] {
  const ports = portsOf(rule);
  return itemsOf(valueAt(rule, side)).flatMap(([index, peer]) => {
    const at = [...path, side, index];
    return [...selected(peer, at), ...addressed(peer, ports, at)];
  });
}

function selected(peer: Value, path: Path): Located[] {
  const selector = valueAt(peer, "namespaceSelector");
  const label = valueAt(selector, "matchLabels", NAMESPACE_LABEL);
  const byLabel: Located[] =
    typeof label === "string"
      ? [
          {
            kind: "namespace",
            name: label,
            path: [...path, "namespaceSelector", "matchLabels", NAMESPACE_LABEL],
          },
        ]
      : [];
  const byExpression = itemsOf(valueAt(selector, "matchExpressions")).flatMap(([index, expression]) => {
    const isName = valueAt(expression, "key") === NAMESPACE_LABEL && valueAt(expression, "operator") === "In";
    if (!isName) return [];
    const at = [...path, "namespaceSelector", "matchExpressions", index, "values"];
    return itemsOf(valueAt(expression, "values")).flatMap(([position, value]): Located[] =>
      typeof value === "string" ? [{ kind: "namespace", name: value, path: [...at, position] }] : [],
    );
  });
  return [...byLabel, ...byExpression];
}

function addressed(peer: Value, ports: readonly string[], path: Path): Located[] {
  const cidr = valueAt(peer, "ipBlock", "cidr");
  const [, address] =
    typeof cidr === "string" ? (/^([\d.]+)\/32$|^([\da-f:.]+)\/128$/i.exec(cidr) ?? []) : [];
  return atPorts(address, ports, [...path, "ipBlock", "cidr"]);
}
