/** Kubernetes can tell whether a workload is ready, and whether it still works. */
import type { Draft } from "../../../config";
import type { Container, PodTemplate } from "../../kubernetes/containers";
import { reachesOut } from "../../kubernetes/liveness";
import { isOutboundWorker } from "../../kubernetes/outbound-worker";
import { isPatch, judgePods } from "../../kubernetes/pods";
import type { Assessment, ResourceRule } from "../../rule";
import { isList, isMap, isUnknown, type Value, valueAt } from "../../value";

const ENDING = ["Job", "CronJob", "PodTemplate"];
const HANDLERS = ["httpGet", "exec", "tcpSocket", "grpc"];

export const probes: ResourceRule = {
  id: "kubernetes/probes",
  title: "Long-running containers have probes, and no liveness probe asks the mail relay",
  why:
    "Without a readiness probe a roll-out sends customers to pods that do not answer yet. A liveness probe that " +
    "asks the relay restarts a healthy worker for as long as the relay is away, in the middle of what it sends.",
  prevents: ["F10"],
  fix:
    "Add readinessProbe and livenessProbe; a container without ports needs the latter alone. Let liveness look at " +
    "the process itself, and readiness at what it depends on.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) =>
    judgePods(resource, (pod, assessment) => {
      if (!isLongRunning(pod)) return false;
      const worker = isOutboundWorker(pod, estate).is === true;
      for (const container of pod.containers) {
        if (container.role === "main" && !isPatch(resource)) required(container, assessment);
        if (container.role !== "ephemeral") outside(container, worker, estate.configuration, assessment);
      }
      return true;
    }),
};

/** Pods that end by themselves are done before a probe says anything. */
function isLongRunning({ kind, spec }: PodTemplate): boolean {
  const restart = valueAt(spec, "restartPolicy");
  return !ENDING.includes(kind) && restart !== "Never" && restart !== "OnFailure";
}

function required({ body, path }: Container, assessment: Assessment): void {
  const { ports } = body;
  const isServing = isList(ports) && ports.length > 0;
  const names = isServing || isUnknown(ports) ? ["readinessProbe", "livenessProbe"] : ["livenessProbe"];
  for (const name of names) {
    const probe = body[name];
    const at = [...path, name];
    const mayBeUnneeded = name === "readinessProbe" && isUnknown(ports);
    if (isUnknown(probe)) assessment.unknown(at);
    else if (hasHandler(probe)) continue;
    else if (mayBeUnneeded) assessment.unknown([...path, "ports"]);
    else assessment.finding(at, `is missing; one of ${HANDLERS.join(", ")} is required`);
  }
}

function hasHandler(probe: Value | undefined): boolean {
  return HANDLERS.some((name) => {
    const handler = valueAt(probe, name);
    return isMap(handler) || isUnknown(handler);
  });
}

/** A failing startup probe ends the container just as a failing liveness probe does. */
function outside(
  { body, path }: Container,
  worker: boolean,
  configuration: Draft | undefined,
  assessment: Assessment,
): void {
  for (const name of ["livenessProbe", "startupProbe"] as const) {
    const probe = body[name];
    const found = reachesOut(probe, body, configuration);
    if (found === "unknown") assessment.unknown([...path, name]);
    else if (found !== undefined) assessment.finding([...path, name], found);
    else if (worker && isSameEndpoint(probe, body.readinessProbe)) {
      assessment.finding(
        [...path, name],
        "asks the same as the readiness probe, which fails while the relay is away; ask for the process alone",
      );
    }
  }
}

function isSameEndpoint(one: Value | undefined, other: Value | undefined): boolean {
  const endpoint = (probe: Value | undefined): string =>
    ["httpGet", "exec", "tcpSocket", "grpc"].map((name) => JSON.stringify(valueAt(probe, name))).join();
  return hasHandler(one) && endpoint(one) === endpoint(other);
}
