/** Nothing names another environment's host, and an Ingress answers to hosts of its environment alone. */
import { combined } from "../../combined";
import type { Estate } from "../../estate";
import { judgeReferences } from "../../foreign";
import { type KubernetesObject, kubernetesObjects } from "../../kubernetes/objects";
import { hostName } from "../../references/names";
import { kubernetesKind } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isUnknown, itemsOf, type Path, type Value, valueAt } from "../../value";

export const ownHosts: ResourceRule = {
  id: "kubernetes/own-hosts",
  title: "No value names another environment's host, and an Ingress answers to its own environment's alone",
  why:
    "PROD's client called https://backend-dev.keybuzz.io: customers' requests, with their sessions, went to DEV, and " +
    "what DEV broke was broken for them.",
  prevents: ["F2"],
  fix: "Name a host of this environment: keybuzz:workloads.<key>.host and keybuzz:backend.host in its file.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    if (kubernetesKind(resource) === undefined) return NOT_APPLICABLE;
    const ingresses = kubernetesObjects(resource).objects.filter(({ kind }) => kind === "Ingress");
    return combined(
      judgeReferences(resource, estate, ["host", "backend-address"]),
      ...ingresses.map((ingress) => judgeIngress(ingress, estate)),
    );
  },
};

/** The list of what is allowed: where an environment claims hosts, every other one is a stranger's. */
function judgeIngress({ path, body }: KubernetesObject, estate: Estate): Verdict {
  if (!estate.owners.claims("host")) return NOT_APPLICABLE;
  const assessment = new Assessment();
  const spec = valueAt(body, "spec");
  const at = [...path, "spec"];
  judgeList(spec, at, "rules", (rule, place) => {
    const host = valueAt(rule, "host");
    if (host === undefined || host === null || host === "") {
      assessment.finding(place, "has no host: it answers to every name, whoever's it is");
    } else judgeHost(host, [...place, "host"], estate, assessment);
  });
  judgeList(spec, at, "tls", (entry, place) => {
    judgeList(entry, place, "hosts", (host, where) => judgeHost(host, where, estate, assessment));
  });
  const fallback = valueAt(spec, "defaultBackend");
  if (fallback !== undefined && fallback !== null && !isUnknown(fallback)) {
    assessment.finding([...at, "defaultBackend"], "answers to every name, whoever's it is");
  }
  return assessment.verdict;

  function judgeList(parent: Value | undefined, above: Path, name: string, judge: Judge): void {
    const list = valueAt(parent, name);
    for (const [index, item] of itemsOf(list)) judge(item, [...above, name, index]);
  }
}

type Judge = (item: Value, path: Path) => void;

function judgeHost(host: Value, path: Path, { owners, environment }: Estate, assessment: Assessment): void {
  if (isUnknown(host)) return;
  const name = typeof host === "string" ? hostName(host) : undefined;
  // Another environment's host is found among the references, and so is what is not known.
  if (name !== undefined && owners.ownerOf("host", name) !== undefined) return;
  assessment.finding(path, `is ${String(host)}, which is no host of ${environment}`);
}
