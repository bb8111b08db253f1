/** Where a NetworkPolicy leads: namespaces that it selects by name, and addresses with their ports. */
import { itemsOf, type Path, type Value, type ValueMap, valueAt } from "../value";
import type { Named } from "./text";

/** Kubernetes sets this label on every namespace to the namespace's name. */
const NAMESPACE_LABEL = "kubernetes.io/metadata.name";

type Located = Named & { readonly path: Path };

export function networkReferences(properties: ValueMap): Located[] {
  return [
    ...itemsOf(valueAt(properties, "spec", "egress")).flatMap(([index, rule]) =>
      ruleReferences(rule, ["spec", "egress", index], "to"),
    ),
    ...itemsOf(valueAt(properties, "spec", "ingress")).flatMap(([index, rule]) =>
      ruleReferences(rule, ["spec", "ingress", index], "from"),
    ),
  ];
}

function ruleReferences(rule: Value, path: Path, side: "to" | "from"): Located[] {
  const ports = itemsOf(valueAt(rule, "ports")).flatMap(([, port]) => {
    const number = valueAt(port, "port");
    return typeof number === "number" || typeof number === "string" ? [String(number)] : [];
  });
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
  const [, address] = typeof cidr === "string" ? (/^([\d.]+)\/32$/.exec(cidr) ?? []) : [];
  if (address === undefined) return [];
  return ports.map((port) => ({
    kind: "backend-address",
    name: `${address}:${port}`,
    path: [...path, "ipBlock", "cidr"],
  }));
}
