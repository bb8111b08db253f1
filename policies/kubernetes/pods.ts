/** What rules on pods share: which resources they judge, and how unknown parts of them are told. */
import { kubernetesKind, type Resource } from "../resource";
import { Assessment, NOT_APPLICABLE, type Verdict } from "../rule";
import { type PodTemplate, podTemplates } from "./containers";
import { kubernetesObjects, type UnknownPart } from "./objects";

const WORKLOAD_LISTS =
  /^(?:Pod|PodTemplate|Deployment|StatefulSet|DaemonSet|ReplicaSet|ReplicationController|Job|CronJob)List$/;

/** Whether a resource is a patch: what it does not say stands in the object that it is laid on. */
export function isPatch(resource: Pick<Resource, "type">): boolean {
  return /.Patch$/.test(kubernetesKind(resource) ?? "");
}

/** Lists of workloads of which nothing is known: where they stand. */
export function unknownWorkloads(resource: Resource): readonly UnknownPart[] {
  return WORKLOAD_LISTS.test(kubernetesKind(resource) ?? "") ? kubernetesObjects(resource).unknown : [];
}

/**
 * Judges the pods of a resource. Not applicable when it has none, or none that `judge` answers `true` for.
 *
 * @param judge notes what it finds; true when the rule is about such pods
 */
export function judgePods(
  resource: Resource,
  judge: (pod: PodTemplate, assessment: Assessment) => boolean,
): Verdict {
  const assessment = new Assessment();
  let judged = false;
  for (const { path } of unknownWorkloads(resource)) {
    judged = true;
    assessment.unknown(path);
  }
  for (const pod of podTemplates(resource)) {
    if (pod.containers.length + pod.unknown.length === 0 || !judge(pod, assessment)) continue;
    judged = true;
    for (const { path } of pod.unknown) assessment.unknown(path);
  }
  return judged ? assessment.verdict : NOT_APPLICABLE;
}
