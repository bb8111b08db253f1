/** Mail is sent once: there are never two outbound workers at a time. */
import type { Estate } from "../../estate";
import type { PodTemplate } from "../../kubernetes/containers";
import { kubernetesObjects } from "../../kubernetes/objects";
import { isOutboundWorker, isWorkerName } from "../../kubernetes/outbound-worker";
import { isPatch, judgePods } from "../../kubernetes/pods";
import type { Resource } from "../../resource";
import { Assessment, NOT_APPLICABLE, type ResourceRule, type Verdict } from "../../rule";
import { isUnknown, type Path, type Value, valueAt } from "../../value";

/** Kinds that keep pods running. Jobs end by themselves. */
const KEEPING = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet"];

export const outboundWorkerSingle: ResourceRule = {
  id: "kubernetes/outbound-worker-single",
  title: "The outbound worker has one replica, which ends before its successor starts",
  why:
    "Two workers at once send a customer the same mail twice. They also keep two rates of sending, where SES and " +
    "the relay count one.",
  prevents: ["F10"],
  fix: "Set replicas: 1 and strategy.type: Recreate, and leave the HorizontalPodAutoscaler out.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => {
    const scaled = judgeAutoscaler(resource);
    return (
      scaled ?? judgePods(resource, (pod, assessment) => judgeWorkload(resource, pod, assessment, estate))
    );
  },
};

function judgeWorkload(
  resource: Resource,
  pod: PodTemplate,
  assessment: Assessment,
  estate: Estate,
): boolean {
  const { kind, object } = pod;
  if (!KEEPING.includes(kind)) return false;
  const worker = isOutboundWorker(pod, estate);
  if (worker.is === "unknown") assessment.unknown(worker.path);
  if (worker.is !== true) return worker.is === "unknown";
  const at = [...object.path, "spec"];
  if (kind === "DaemonSet") {
    assessment.finding([...object.path, "kind"], "is a DaemonSet, which runs the worker once on every node");
    return true;
  }
  atMostOne(valueAt(object.body, "spec", "replicas"), [...at, "replicas"], assessment);
  if (kind === "Deployment") {
    const type = valueAt(object.body, "spec", "strategy", "type");
    const isLeftOut = isPatch(resource) && type === undefined;
    if (isUnknown(type)) assessment.unknown([...at, "strategy", "type"]);
    else if (type !== "Recreate" && !isLeftOut) {
      const seen = typeof type === "string" ? type : "left out, which is RollingUpdate";
      assessment.finding(
        [...at, "strategy", "type"],
        `is ${seen}: old and new pod send at once; write Recreate`,
      );
    }
  }
  return true;
}

/** Undefined for anything but an autoscaler. */
function judgeAutoscaler(resource: Resource): Verdict | undefined {
  const scalers = kubernetesObjects(resource).objects.filter(
    ({ kind }) => kind === "HorizontalPodAutoscaler",
  );
  if (scalers.length === 0) return undefined;
  const assessment = new Assessment();
  let judged = false;
  for (const { path, body } of scalers) {
    const target = valueAt(body, "spec", "scaleTargetRef", "name");
    if (isUnknown(target)) assessment.unknown([...path, "spec", "scaleTargetRef", "name"]);
    else if (isWorkerName(target)) {
      atMostOne(valueAt(body, "spec", "maxReplicas"), [...path, "spec", "maxReplicas"], assessment);
    } else continue;
    judged = true;
  }
  return judged ? assessment.verdict : NOT_APPLICABLE;
}

/** Kubernetes takes 1 where nothing is said; null counts as 0 here. */
function atMostOne(value: Value | undefined, path: Path, assessment: Assessment): void {
  if (isUnknown(value)) assessment.unknown(path);
  else if (value !== undefined && !(Number(value) <= 1)) {
    assessment.finding(path, `is ${String(value)}; two workers at once send mail twice, so 1 is allowed`);
  }
}
