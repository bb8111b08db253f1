/** Every container says what it needs and what it may take. */
import { isPatch, judgePods } from "../../kubernetes/pods";
import { amountOf } from "../../kubernetes/quantity";
import { type Assessment, NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, type Path, type Value, type ValueMap, valueAt } from "../../value";

const AMOUNTS = ["cpu", "memory"] as const;

export const resources: ResourceRule = {
  id: "kubernetes/resources",
  title: "Every container requests processor and memory, and has limits that are not below its requests",
  why:
    "DEV and PROD run on one cluster: a DEV container without a limit takes the memory of PROD's pods, and one " +
    "without a request is placed where nothing is left.",
  prevents: [],
  fix: "Set keybuzz:workloads.<workload>.resources, or requests and limits for cpu and memory on the container.",
  severity: "medium",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource) =>
    isPatch(resource)
      ? NOT_APPLICABLE
      : judgePods(resource, ({ containers }, assessment) => {
          // A debugging container can have no resources of its own.
          for (const { role, path, body } of containers) {
            if (role !== "ephemeral") judgeContainer(body, [...path, "resources"], assessment);
          }
          return true;
        }),
};

function judgeContainer(body: ValueMap, path: Path, assessment: Assessment): void {
  for (const amount of AMOUNTS) {
    const [request, limit] = (["requests", "limits"] as const).map((part) => {
      const value = valueAt(body, "resources", part, amount);
      return judgeAmount(value, [...path, part, amount], assessment);
    });
    if (request !== undefined && limit !== undefined && request > limit) {
      assessment.finding(
        [...path, "requests", amount],
        `is more than limits.${amount}: no such pod can start`,
      );
    }
  }
}

/** The amount, if it is one and more than nothing. */
function judgeAmount(value: Value | undefined, path: Path, assessment: Assessment): number | undefined {
  if (isUnknown(value)) {
    assessment.unknown(path);
    return undefined;
  }
  if (value === undefined || value === null) {
    assessment.finding(path, 'is missing; an amount such as "250m" or "256Mi" is required');
    return undefined;
  }
  const amount = amountOf(value);
  if (amount !== undefined && amount > 0) return amount;
  const seen = typeof value === "string" || typeof value === "number" ? `${value} is` : "this is";
  assessment.finding(path, `${seen} no amount above nothing; write one such as "250m" or "256Mi"`);
  return undefined;
}
