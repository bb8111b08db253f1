/** What a workload's arguments must satisfy, shared with the components that are made of a workload. */
import type { EnvironmentSource } from "./handles";
import { checkImage } from "./image";
import { checksumAnnotation, volumeName } from "./pod-template";
import type { Problems } from "./problems";
import { bytes, checkResources } from "./quantities";
import { checkVaultLogin, isFolder, VAULT_VARIABLES } from "./vault-login";
import type { HealthChecks, IngressArgs, WorkloadArgs } from "./workload-args";

/**
 * Notes everything that is wrong with the arguments of a workload. `sourceNames` are what a component that
 * is made of one calls the sources, in order.
 */
export function checkWorkload(problems: Problems, args: WorkloadArgs, sourceNames: string[] = []): void {
  problems.objectName("name", args.name);
  if (args.component !== undefined) problems.objectName("component", args.component);
  checkImage(problems, "image", args.image);
  const commandHolds = args.command === undefined || args.command.length > 0;
  problems.require(commandHolds, "command", args.command, "a program and its arguments", "leave it out");
  problems.wholeNumber("replicas", args.replicas, 0);
  checkPorts(problems, args);
  if (args.ingress) checkIngress(problems, args.ingress, args.port);
  checkHealth(problems, args.health ?? {}, args.port);
  checkResources(problems, "resources", args.resources);
  checkEnv(problems, args);
  const sources = args.environmentFrom ?? [];
  sources.forEach((source, i) => {
    checkSource(problems, sourceNames[i] ?? `environmentFrom[${i}]`, source, args.namespace.name);
  });
  checkSourcesDiffer(problems, sources, sourceNames);
  checkFolders(problems, args);
  problems.wholeNumber("user", args.user ?? 1000, 1, 2 ** 31 - 1);
  if (args.vault) checkVaultLogin(problems, args.vault);
  problems.wholeNumber("terminationGracePeriodSeconds", args.terminationGracePeriodSeconds ?? 30, 0);
  problems.wholeNumber("revisionHistoryLimit", args.revisionHistoryLimit ?? 5, 1);
}

/** Notes a source that pods of this workload cannot take. */
function checkSource(
  problems: Problems,
  property: string,
  source: EnvironmentSource,
  namespace: string,
): void {
  const name = source.secretName ?? source.configMapName;
  const given = "the name of a Secret or a ConfigMap";
  problems.require(name !== undefined, property, name, given, "name at least one of them");
  const place = `${property}.namespace`;
  const own = `the workload's own, ${namespace}`;
  problems.require(source.namespace === namespace, place, source.namespace, own, "declare the source there");
  const fits = (name ?? "").length <= 54;
  const allowed = "at most 54 letters, to fit into the name of an annotation";
  problems.require(fits, property, name, allowed, "shorten the name");
}

/** Two of one name would hide behind one annotation, and one of them behind the other. */
function checkSourcesDiffer(problems: Problems, sources: EnvironmentSource[], sourceNames: string[]): void {
  const keys = sources.map(checksumAnnotation);
  const differ = new Set(keys).size === keys.length;
  const shown = sources.map((source) => source.secretName ?? source.configMapName);
  const property = sourceNames.length > 0 ? sourceNames.join(", ") : "environmentFrom";
  problems.require(differ, property, shown, "different sources", "give each once");
}

function checkPorts(problems: Problems, { port, servicePort }: WorkloadArgs): void {
  if (port !== undefined) problems.port("port", port);
  if (servicePort === undefined) return;
  problems.port("servicePort", servicePort);
  problems.require(port !== undefined, "port", port, "given, since servicePort leads to it", "name the port");
}

function checkIngress(problems: Problems, ingress: IngressArgs, port: number | undefined): void {
  problems.hostName("ingress.host", ingress.host);
  problems.objectName("ingress.className", ingress.className);
  problems.objectName("ingress.clusterIssuer", ingress.clusterIssuer);
  problems.require(port !== undefined, "port", port, "given, since it has a host", "name the port it serves");
}

function checkHealth(problems: Problems, health: HealthChecks, port: number | undefined): void {
  for (const key of ["path", "readinessPath", "livenessPath"] as const) {
    const path = health[key];
    const holds = path === undefined || path.startsWith("/");
    problems.require(holds, `health.${key}`, path, "a path that begins with /", "correct the path");
  }
  if (health.port !== undefined) problems.port("health.port", health.port);
  else {
    const allowed = "given, since there is no port to ask";
    problems.require(port !== undefined, "health.port", undefined, allowed, "serve the checks on a port");
  }
  problems.wholeNumber("health.startupSeconds", health.startupSeconds ?? 120, 1);
}

function checkEnv(problems: Problems, { env, vault }: WorkloadArgs): void {
  for (const name of Object.keys(env ?? {})) {
    const allowed = "letters, digits and _, not beginning with a digit";
    problems.require(/^[A-Za-z_]\w*$/.test(name), `env.${name}`, name, allowed, "rename the variable");
    const told = vault !== undefined && VAULT_VARIABLES.includes(name);
    problems.require(!told, `env.${name}`, name, "left to the settings of `vault`", "correct those");
  }
}

function checkFolders(problems: Problems, args: WorkloadArgs): void {
  const folders = args.writableFolders ?? [];
  for (const folder of folders) {
    const holds = isFolder(folder) && volumeName(folder).length <= 63;
    problems.require(holds, "writableFolders", folder, "an absolute path below /", "correct the path");
  }
  const volumes = folders.map(volumeName);
  const differ = new Set(volumes).size === volumes.length;
  problems.require(differ, "writableFolders", folders, "folders of different names", "list each once");
  const size = args.writableFolderSize ?? "256Mi";
  const holds = (bytes(size) ?? 0) > 0;
  problems.require(holds, "writableFolderSize", size, "bytes such as 256Mi", "correct the amount");
}
