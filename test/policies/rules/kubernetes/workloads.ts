/** Workloads for cases: one that every rule on pods finds right, and what is changed of it. */
import type { Resource } from "../../../../policies/resource";
import type { Value } from "../../../../policies/value";
import { object } from "../../cases";

export type Parts = Readonly<Record<string, Value>>;

/** Where the first container of a Deployment stands. */
export const CONTAINER = "spec.template.spec.containers[0]";

const get = (path: string) => ({ httpGet: { path, port: "http" } });

/** A container that keeps to every rule. */
export function container(parts: Parts = {}): Parts {
  return {
    name: "keybuzz-api",
    image: "ghcr.io/keybuzzio/keybuzz-api:v0.4.31-replacement",
    ports: [{ name: "http", containerPort: 3001 }],
    readinessProbe: get("/ready"),
    livenessProbe: get("/live"),
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "1", memory: "256Mi" },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...parts,
  };
}

/** The spec of pods that keeps to every rule. */
export function podSpec(parts: Parts = {}): Parts {
  return {
    serviceAccountName: "keybuzz-api",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container()],
    ...parts,
  };
}

const NAMESPACE = "keybuzz-api-prod";

/** A Deployment. `name` is its name; `spec` stands beside its template. */
export function deployment(
  pods: Value,
  options: { name?: string; spec?: Parts; labels?: Parts } = {},
): Resource {
  const { name = "keybuzz-api", spec = {}, labels = {} } = options;
  return object("apps/v1:Deployment", {
    metadata: { name, namespace: NAMESPACE, labels },
    spec: { ...spec, template: { metadata: { labels: { "app.kubernetes.io/name": name } }, spec: pods } },
  });
}

/** A Deployment of one container that keeps to every rule but for these parts. */
export function deploymentOf(parts: Parts): Resource {
  return deployment(podSpec({ containers: [container(parts)] }));
}

/** The outbound worker, with one container. */
export function worker(
  parts: Parts = {},
  spec: Parts = { replicas: 1, strategy: { type: "Recreate" } },
): Resource {
  return deployment(podSpec({ containers: [container(parts)] }), { name: "keybuzz-outbound-worker", spec });
}

/** A CronJob, whose pods stand two levels deeper. */
export function cronJob(pods: Value): Resource {
  return object("batch/v1:CronJob", {
    metadata: { name: "cleanup", namespace: NAMESPACE },
    spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template: { spec: pods } } } },
  });
}

export function namespaced(type: string, name: Value, parts: Parts = {}): Resource {
  return object(type, { metadata: { name, namespace: NAMESPACE }, ...parts }, `other ${String(name)}`);
}
