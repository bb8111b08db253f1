/** Whatever is reached from outside is reached by TLS. */
import { type KubernetesObject, kubernetesObjects } from "../../kubernetes/objects";
import { isPatch } from "../../kubernetes/pods";
import { hostName } from "../../references/names";
import { kubernetesKind } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, itemsOf, valueAt } from "../../value";

export const tlsIngress: ResourceRule = {
  id: "kubernetes/tls-ingress",
  title: "Every host of an Ingress has a certificate",
  why: "Without one the sign-in's cookies and customers' messages cross the Internet in clear.",
  prevents: [],
  fix: "Name the host in spec.tls[].hosts, with a secretName that the issuer fills.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource) => {
    const { objects, unknown } = kubernetesObjects(resource);
    const ingresses = objects.filter(({ kind }) => kind === "Ingress");
    const lists = kubernetesKind(resource) === "IngressList" ? unknown : [];
    if (ingresses.length + lists.length === 0 || isPatch(resource)) return NOT_APPLICABLE;
    const assessment = new Assessment();
    for (const { path } of lists) assessment.unknown(path);
    for (const ingress of ingresses) judge(ingress, assessment);
    return assessment.verdict;
  },
};

function judge({ path, body }: KubernetesObject, assessment: Assessment): void {
  const at = [...path, "spec", "rules"];
  const rules = valueAt(body, "spec", "rules");
  if (isUnknown(rules)) {
    assessment.unknown(at);
    return;
  }
  const items = itemsOf(rules);
  if (items.length === 0)
    assessment.finding(at, "is empty, so every host is served; name the hosts, and their tls");
  const { covered, open } = certificatesOf(body);
  for (const [index, rule] of items) {
    const host = valueAt(rule, "host");
    const here = [...at, index, "host"];
    if (isUnknown(host)) assessment.unknown(here);
    else if (typeof host !== "string" || host === "") {
      assessment.finding(here, "is missing, so every host is served; name the host, and its tls");
    } else if (!covered(host)) {
      if (open) assessment.unknown([...path, "spec", "tls"]);
      else assessment.finding(here, `${host} is in no spec.tls[].hosts, so it is served in clear`);
    }
  }
}

/** What the certificates of an Ingress cover, and whether some are not known. */
function certificatesOf(body: KubernetesObject["body"]): {
  covered: (host: string) => boolean;
  open: boolean;
} {
  const tls = valueAt(body, "spec", "tls");
  const entries = itemsOf(tls).map(([, entry]) => valueAt(entry, "hosts"));
  const hosts = entries.flatMap((list) => itemsOf(list).map(([, host]) => host));
  const names = new Set(hosts.flatMap((host) => (typeof host === "string" ? (hostName(host) ?? []) : [])));
  return {
    covered: (host) => {
      const name = hostName(host) ?? host;
      // A wildcard stands for one label.
      return names.has(name) || names.has(name.replace(/^[^.]+/, "*"));
    },
    open: [tls, ...entries, ...hosts].some(isUnknown),
  };
}
