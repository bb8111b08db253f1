/** What the engine, a program and providers say, for a reader. */
import type { Diagnostic } from "../../engine/diagnostic";
import { parseUrn, STACK_TYPE, urnType } from "../../engine/urn";
import type { Paint } from "./color";
import { shortType } from "./short-type";

/** Messages by resource, the stack's first, as Pulumi groups them. */
export function diagnosticLines(
  diagnostics: readonly Diagnostic[],
  project: string,
  environment: string,
  paint: Paint,
): string[] {
  const stack = `urn:pulumi:${environment}::${project}::${STACK_TYPE}::${project}-${environment}`;
  const groups = new Map<string, Diagnostic[]>([[stack, []]]);
  for (const diagnostic of diagnostics) {
    const urn = diagnostic.urn ?? stack;
    groups.set(urn, [...(groups.get(urn) ?? []), diagnostic]);
  }
  return [...groups]
    .filter(([, messages]) => messages.length > 0)
    .flatMap(([urn, messages]) => [
      `  ${shortType(urnType(urn))} (${parseUrn(urn).name}):`,
      ...messages.flatMap(({ severity, message }) => {
        const [first = "", ...rest] = message.replace(/\n+$/, "").split("\n");
        const prefix =
          severity === "error"
            ? `${paint("red", "error:")} `
            : severity === "warning"
              ? `${paint("yellow", "warning:")} `
              : "";
        return [`    ${prefix}${first}`, ...rest.map((line) => `    ${line}`)];
      }),
    ]);
}
