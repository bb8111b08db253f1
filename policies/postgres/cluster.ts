/** The PostgreSQL cluster of an environment, and the connections that lead to it or should. */
import type { Estate } from "../estate";
import type { Resource } from "../resource";
import { type Connections, connectionsOf } from "./connections";

/** The addresses of the cluster, as the configuration says them. */
export interface Cluster {
  /** HAProxy's. */
  readonly host: string;
  /** The members behind it. */
  readonly nodes: readonly string[];
  readonly writePort: string;
  readonly readPort: string;
}

/** Undefined where no configuration says it. */
export function clusterOf({ configuration }: Estate): Cluster | undefined {
  const { host, nodes = [], writePort = 5432, readPort = 5433 } = configuration?.postgres ?? {};
  if (host === undefined) return undefined;
  return { host, nodes, writePort: String(writePort), readPort: String(readPort) };
}

/** libpq's own, and the ports behind which HAProxies commonly put replicas. */
const COMMON_PORTS = ["5432", "5433"];

const found = new WeakMap<Resource, { readonly estate: Estate; readonly connections: Connections }>();

/** What connects to PostgreSQL in a resource: read once, however many rules ask. */
export function postgresConnections(resource: Resource, estate: Estate): Connections {
  let known = found.get(resource);
  if (known?.estate !== estate) {
    const cluster = clusterOf(estate);
    const connections = connectionsOf(resource, {
      hosts: cluster === undefined ? [] : [cluster.host, ...cluster.nodes],
      ports: cluster === undefined ? COMMON_PORTS : [...COMMON_PORTS, cluster.writePort, cluster.readPort],
      isDatabase: (name) => estate.owners.ownerOf("database", name) !== undefined,
    });
    known = { estate, connections };
    found.set(resource, known);
  }
  return known.connections;
}
