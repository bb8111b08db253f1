/**
 * How the pack words what its rules say. People get sentences. `kb check --official-runner` asks for data instead,
 * so that its report is the same as without Pulumi's runner.
 */
import { undeterminedText } from "../general/determined";
import type { Undetermined } from "../judge";
import type { Finding } from "../rule";

/** Variable of the pack's process that asks for data. */
export const AS_DATA = "KEYBUZZ_POLICY_DATA";

/** What one message of the pack holds. */
export type Told =
  | { readonly finding: Finding }
  | { readonly undetermined: Pick<Undetermined, "rule" | "properties"> }
  /** How many resources each rule found compliant. */
  | { readonly compliant: Readonly<Record<string, number>> };

/** A finding as one sentence: the property is its subject, or the resource when there is none. */
export function findingText({ property, message }: Finding): string {
  return property === "" ? message : `${property} ${message}`;
}

/** The text of a message; undefined for what people are not told. */
export function toldText(told: Told, asData: boolean): string | undefined {
  if (asData) return JSON.stringify(told);
  if ("finding" in told) return findingText(told.finding);
  if ("undetermined" in told) return undeterminedText(told.undetermined.rule, told.undetermined.properties);
  return undefined;
}

/** What a message of a pack that was asked for data holds. Throws when it is none. */
export function readTold(text: string): Told {
  const value: unknown = JSON.parse(text);
  const keys = ["finding", "undetermined", "compliant"];
  if (typeof value === "object" && value !== null && keys.some((key) => Object.hasOwn(value, key))) {
    return value as Told;
  }
  throw new Error("it is no message of the pack keybuzz-environments");
}
