/** A Deployment in which everything is as it should be, but for what a caller does wrong on purpose. */
import * as apps from "@pulumi/kubernetes/apps/v1";

export interface DeploymentArgs {
  readonly environment: string;
  readonly namespace: string;
  readonly name: string;
  /** @default the name */
  readonly component?: string;
  readonly image: string;
  /** A worker that serves nothing has none. */
  readonly port?: number;
  readonly env: Readonly<Record<string, string>>;
  /** Secrets whose keys become variables. */
  readonly secrets: readonly string[];
}

export function labels(environment: string): Record<string, string> {
  return { "keybuzz.io/environment": environment, "app.kubernetes.io/managed-by": "pulumi" };
}

export function deployment(logicalName: string, args: DeploymentArgs): apps.Deployment {
  const { environment, namespace, name, component = name, image, port, env, secrets } = args;
  const own = {
    ...labels(environment),
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/component": component,
  };
  const probe =
    port === undefined
      ? { exec: { command: ["node", "dist/health.js"] }, periodSeconds: 30 }
      : { httpGet: { path: "/health", port }, periodSeconds: 10 };
  return new apps.Deployment(logicalName, {
    metadata: { name, namespace, labels: own },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: { "app.kubernetes.io/name": name } },
      template: {
        metadata: { labels: own },
        spec: {
          serviceAccountName: "workloads",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name,
              image,
              env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
              envFrom: secrets.map((secret) => ({ secretRef: { name: secret } })),
              ...(port === undefined ? {} : { ports: [{ containerPort: port }] }),
              readinessProbe: probe,
              livenessProbe: port === undefined ? { exec: { command: ["test", "-d", "/proc/1"] } } : probe,
              startupProbe: port === undefined ? { exec: { command: ["test", "-d", "/proc/1"] } } : probe,
              resources: {
                requests: { cpu: "50m", memory: "128Mi" },
                limits: { cpu: "500m", memory: "256Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  });
}
