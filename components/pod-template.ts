/**
 * The pods of a workload: one container that is no administrator of anything. It satisfies the pod security
 * standard `restricted`, and beyond that writes nowhere but to the folders that it lists.
 */
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type EnvironmentSource, environmentLabels } from "./handles";
import { imageReference } from "./image";
import { caChecksum, loginMount, loginVolume, vaultVariables } from "./vault-login";
import type { WorkloadArgs } from "./workload-args";

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;
type Container = k8s.types.input.core.v1.Container;
type Volume = k8s.types.input.core.v1.Volume;
type Probe = k8s.types.input.core.v1.Probe;

/** What a Deployment knows its pods by. It can never be changed, so it holds nothing but the name. */
export function selectorLabels(workload: { name: string }): Record<string, string> {
  return { "app.kubernetes.io/name": workload.name };
}

export function podTemplate(args: WorkloadArgs): PodTemplate {
  const { environment, name, component, namespace, replicas, user = 1000, vault } = args;
  const labels = {
    ...environmentLabels(environment),
    ...selectorLabels(args),
    "app.kubernetes.io/component": component ?? name,
  };
  return {
    metadata: {
      labels,
      annotations: {
        ...args.annotations,
        ...checksums(args.environmentFrom),
        ...(vault && caChecksum(vault)),
      },
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      // Otherwise every Service of the namespace adds variables such as KEYBUZZ_API_PORT.
      enableServiceLinks: false,
      imagePullSecrets: namespace.imagePullSecrets.map((secret) => ({ name: secret })),
      terminationGracePeriodSeconds: args.terminationGracePeriodSeconds ?? 30,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(replicas > 1 && { topologySpreadConstraints: [spread(args)] }),
      containers: [container(args)],
      volumes: [...writableFolders(args).map(toVolume(args)), ...(vault ? [loginVolume(name, vault)] : [])],
    },
  };
}

/** A change of any value gives other annotations, so the Deployment rolls the pods that hold the old ones. */
function checksums(sources: EnvironmentSource[] = []): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(sources.map((source) => [checksumAnnotation(source), source.checksum]));
}

export function checksumAnnotation(source: EnvironmentSource): string {
  return `keybuzz.io/checksum-${source.secretName ?? source.configMapName}`;
}

/** Replicas go to different servers where there are enough of them. */
function spread(args: WorkloadArgs): k8s.types.input.core.v1.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorLabels(args) },
  };
}

function container(args: WorkloadArgs): Container {
  const { name, image, command, resources, environmentFrom = [], vault } = args;
  const env: Record<string, string> = { ...args.env, ...(vault && vaultVariables(vault)) };
  const folders = writableFolders(args).map((path) => ({ name: volumeName(path), mountPath: path }));
  return {
    name,
    image: imageReference(image),
    imagePullPolicy: "IfNotPresent",
    ...(command && { command }),
    ports: ports(args),
    // Sorted: Kubernetes compares lists by position, so a moved line would look like a change.
    env: Object.keys(env)
      .sort()
      .map((key) => ({ name: key, value: env[key] })),
    envFrom: environmentFrom.flatMap(references),
    resources: { requests: { ...resources.requests }, limits: { ...resources.limits } },
    ...probes(args),
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    volumeMounts: [...folders, ...(vault ? [loginMount(vault)] : [])],
  };
}

function ports({ port, health }: WorkloadArgs): k8s.types.input.core.v1.ContainerPort[] {
  const named = [];
  if (port !== undefined) named.push({ name: "http", containerPort: port, protocol: "TCP" });
  if (health?.port !== undefined && health.port !== port) {
    named.push({ name: "health", containerPort: health.port, protocol: "TCP" });
  }
  return named;
}

function references({ configMapName, secretName }: EnvironmentSource) {
  return [
    ...(configMapName ? [{ configMapRef: { name: configMapName } }] : []),
    ...(secretName ? [{ secretRef: { name: secretName } }] : []),
  ];
}

function probes({ port, health = {} }: WorkloadArgs) {
  const path = health.path ?? "/health";
  const named = health.port !== undefined && health.port !== port ? "health" : "http";
  const get = (own: string | undefined) => ({ httpGet: { path: own ?? path, port: named } });
  const every = 5;
  const readinessProbe: Probe = {
    ...get(health.readinessPath),
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
  };
  const livenessProbe: Probe = {
    ...get(health.livenessPath),
    periodSeconds: 15,
    timeoutSeconds: 5,
    failureThreshold: 4,
  };
  const startupProbe: Probe = {
    ...get(health.livenessPath),
    periodSeconds: every,
    timeoutSeconds: every,
    failureThreshold: Math.ceil((health.startupSeconds ?? 120) / every),
  };
  return { readinessProbe, livenessProbe, startupProbe };
}

function writableFolders({ writableFolders: folders = [] }: WorkloadArgs): string[] {
  return ["/tmp", ...folders.filter((folder) => folder !== "/tmp")];
}

/** `/app/.next/cache` → `writable-app-next-cache`. */
export function volumeName(folder: string): string {
  return `writable${folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/-$/, "")}`;
}

function toVolume(args: WorkloadArgs): (folder: string) => Volume {
  const sizeLimit = args.writableFolderSize ?? "256Mi";
  return (folder) => ({ name: volumeName(folder), emptyDir: { sizeLimit } });
}
