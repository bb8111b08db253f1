/** Replacements and deletions that are refused. A preview tells of replacements and goes on, so that everything is told at once. */
import { RegistrationError } from "../registration-error";
import type { Difference } from "./difference";
import type { Goal } from "./goal";
import type { PlannerOptions } from "./options";

type Options = Pick<PlannerOptions, "preview" | "report">;

/** Refuses to replace a protected resource; `replaced` is the one whose replacement would need it. */
export function refuseProtected(urn: string, replaced: string, { preview, report }: Options): void {
  const because = urn === replaced ? "" : ` as part of replacing "${replaced}"`;
  const message =
    `unable to replace resource "${urn}"${because} as it is currently marked for protection. ` +
    "To unprotect the resource, remove the `protect` flag from it in the program and deploy that first";
  if (!preview) throw new RegistrationError(message, urn);
  report({ severity: "error", message, urn });
}

/** Why a protected resource is not deleted. */
export function undeletable(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted because it is protected. To unprotect the resource, remove the ` +
    "`protect` flag from it in the program and deploy that first"
  );
}

/** Refuses to replace what the program wants to be one particular object. */
export function refuseImported(goal: Goal, { replaces }: Difference, { preview, report }: Options): void {
  const message =
    "previously-imported resources that still specify an ID may not be replaced; remove the `import` option " +
    `from the program (changed: ${replaces.join(", ")})`;
  if (!preview) throw new RegistrationError(message, goal.urn);
  report({ severity: "warning", message, urn: goal.urn });
}
