/**
 * What the pack says of answers that it could not give. Rules keep silent on a value that is not known yet; this
 * policy tells of them at the end, when it is known where the values come from.
 */
import type { RuleRecord } from "../rule";

export const determined: RuleRecord = {
  id: "general/determined",
  title: "Every rule could decide about every resource",
  why:
    "A value that is known only after the deployment can hold anything, another environment's name too. What was " +
    "not judged has not passed.",
  prevents: [],
  fix:
    "Give the value in the program or in the configuration, or take it from a resource of the same environment. " +
    "To refuse what stays open, set this policy to mandatory, or run kb check with --strict.",
  severity: "medium",
  level: "advisory",
  environments: "all",
};

/** An answer that stays open, in a sentence whose subject is the resource. */
export function undeterminedText(rule: string, properties: readonly string[]): string {
  const on = properties.filter((property) => property !== "");
  const why = on.length === 0 ? "a value is" : `${on.join(", ")} ${on.length === 1 ? "is" : "are"}`;
  return `cannot be judged by ${rule}: ${why} not known before the deployment`;
}
