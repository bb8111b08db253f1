/** Whoever finds an object knows which environment it belongs to. */
import { labelPlaces } from "../../environment-label";
import { kubernetesObjects } from "../../kubernetes/objects";
import { Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown } from "../../value";

export const environmentLabel: ResourceRule = {
  id: "general/environment-label",
  title: "What can carry a label, a tag or metadata says which environment it belongs to",
  why:
    "Both environments stand side by side in one cluster, one Vault and one AWS account. What does not say whose " +
    "it is, is deleted by mistake, or kept for ever.",
  prevents: [],
  fix:
    "Add the label keybuzz.io/environment, to pod templates too, the tag keybuzz:environment, or customMetadata " +
    "environment, with the environment's name. Pulumi's remediation adds what is missing.",
  severity: "low",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, { environment, configuration }) => {
    // The label is KeyBuzz's own convention; other projects have theirs.
    if (configuration === undefined) return NOT_APPLICABLE;
    const places = labelPlaces(resource);
    const { unknown } = kubernetesObjects(resource);
    if (places.length + unknown.length === 0) return NOT_APPLICABLE;
    const assessment = new Assessment();
    for (const { path } of unknown) assessment.unknown(path);
    for (const { path, value } of places) {
      if (isUnknown(value)) assessment.unknown(path);
      else if (value === undefined || value === null) {
        assessment.finding(path, `is missing; ${environment} is what belongs there`);
      } else if (value !== environment) {
        const seen = typeof value === "string" ? value : "no text";
        assessment.finding(path, `is ${seen}; ${environment} is what belongs there`);
      }
    }
    return assessment.verdict;
  },
};
