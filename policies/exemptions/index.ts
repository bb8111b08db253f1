/** Exemptions: findings that a project accepts, by whom, why and until when, in one reviewed file. */
import { formatMistakes } from "../../config/mistakes";
import { dayOf } from "./days";
import { type ExemptibleFinding, exemptionOf } from "./match";
import { readExemptions } from "./read";
import { EXEMPTIONS_FILE, type Exemption } from "./schema";

export type { ExemptibleFinding } from "./match";
export { EXEMPTIONS_FILE, type Exemption } from "./schema";

/** Says of a finding which exemption accepts it; undefined when none does, and the finding counts. */
export type Exempting = (finding: Omit<ExemptibleFinding, "environment">) => Exemption | undefined;

/**
 * Which findings of one environment are exempted today, for a policy pack that judges that environment alone:
 *
 *     const exempting = exemptedToday(root, environment);
 *     const counting = violations.filter((violation) => exempting(violation) === undefined);
 *
 * Ask once per run, before anything is judged, and hand in each finding with the id of its rule, its URN and its
 * property as the rule gives them. The pack applies exemptions and does not audit them: whether one is unused or
 * names what does not exist is told by `kb check`, which sees all environments. `kb check` applies exemptions itself
 * and needs every finding for that, so the pack must not apply them when `kb check` runs it.
 *
 * @param root the folder of Pulumi.yaml, in which the file stands
 * @param today the day as 2026-12-31. @default this day in UTC
 * @throws Error with all mistakes of the file, when it has any: then the pack cannot judge, and must not pass
 */
export function exemptedToday(root: string, environment: string, today = dayOf(new Date())): Exempting {
  const reading = readExemptions(root, today);
  if (!reading.valid)
    throw new Error(`${EXEMPTIONS_FILE} cannot be used\n${formatMistakes(reading.mistakes)}`);
  const { exemptions } = reading;
  return (finding) => exemptionOf(exemptions, { ...finding, environment }, today);
}
