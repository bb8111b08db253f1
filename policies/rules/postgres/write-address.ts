/** What connects to PostgreSQL goes through HAProxy, and what writes through its write port. */
import type { Estate } from "../../estate";
import { isMissing } from "../../literals";
import { type Cluster, clusterOf, postgresConnections } from "../../postgres/cluster";
import type { Endpoint } from "../../postgres/connections";
import { hostName } from "../../references/names";
import type { Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isUnknown, type ValueMap } from "../../value";

export const writeAddress: ResourceRule = {
  id: "postgres/write-address",
  title:
    "Connections lead to HAProxy, never to a node of the cluster, and those that write to its write port",
  why:
    "The API's Secret named the node 10.0.0.121 and the backend's DATABASE_URL 10.0.0.122: after a switch-over each " +
    "was a read-only replica, and every write failed.",
  prevents: ["F8"],
  fix:
    "Connect to keybuzz:postgres.host at writePort. Only what never writes may use readPort: a login that ends in _ro " +
    "or _read, a setting with READ in its name, or target_session_attrs=prefer-standby.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    const cluster = clusterOf(estate);
    if (cluster === undefined) return NOT_APPLICABLE;
    if (resource.type === "pulumi:providers:postgresql") return judgeProvider(resource.properties, cluster);
    return judgeConnections(resource, cluster, estate);
  },
};

function judgeConnections(resource: Resource, cluster: Cluster, estate: Estate): Verdict {
  const { endpoints, unknown } = postgresConnections(resource, estate);
  const assessment = new Assessment();
  for (const endpoint of distinct(endpoints)) judgeEndpoint(assessment, endpoint, cluster);
  for (const path of unknown) assessment.unknown(path);
  return endpoints.length + unknown.length === 0 ? NOT_APPLICABLE : assessment.verdict;
}

/** The provider changes things, so it writes. Its configuration arrives as text. */
function judgeProvider({ host, port }: ValueMap, cluster: Cluster): Verdict {
  const assessment = new Assessment();
  // Left out, PGHOST of whoever deploys decides.
  if (isUnknown(host) || isMissing(host)) assessment.unknown(["host"]);
  if (isUnknown(port)) assessment.unknown(["port"]);
  const endpoint = {
    hostPath: ["host"],
    portPath: ["port"],
    reads: false,
    quotable: true,
    ...(typeof host === "string" && host !== "" ? { host } : {}),
    ...(isUnknown(port) ? {} : { port: isMissing(port) ? "5432" : String(port).trim() }),
  };
  judgeEndpoint(assessment, endpoint, cluster);
  return assessment.verdict;
}

function judgeEndpoint(assessment: Assessment, endpoint: Endpoint, cluster: Cluster): void {
  const { host, hostPath, port, portPath, reads, quotable } = endpoint;
  const right = `${cluster.host}:${cluster.writePort}`;
  const name = host === undefined ? undefined : (hostName(host) ?? host);
  if (name !== undefined && cluster.nodes.includes(name)) {
    assessment.finding(
      hostPath,
      `leads to ${name}, a node of the cluster that need not be its leader; use ${right}`,
    );
  } else if (name !== undefined && name !== cluster.host) {
    const shown = quotable && hostName(name) !== undefined ? name : "another host";
    assessment.finding(hostPath, `leads to ${shown}; the address of the cluster is ${right}`);
  } else if (port === cluster.readPort && port !== cluster.writePort) {
    if (typeof reads === "object") assessment.unknown(reads);
    else if (!reads)
      assessment.finding(
        portPath,
        `leads to port ${port}, behind which nothing can be written; use ${right}`,
      );
  } else if (name !== undefined && port !== undefined && port !== cluster.writePort) {
    assessment.finding(
      portPath,
      `leads to ${/^\d+$/.test(port) ? `port ${port}` : "no port"} of ${name}, behind which no database is; use ${right}`,
    );
  }
}

/** One connection may be read in several ways: as a setting, as a URL, as a line. */
function distinct(endpoints: readonly Endpoint[]): Endpoint[] {
  const key = ({ host, port, hostPath, reads }: Endpoint): string =>
    JSON.stringify([host, port, hostPath, reads]);
  return [...new Map(endpoints.map((endpoint) => [key(endpoint), endpoint])).values()];
}
