/** The cases of all rules. A test says when a rule has none. */
import type { RuleCases } from "./cases";
import { awsCases } from "./rules/aws";
import { generalCases } from "./rules/general";
import { kubernetesCases } from "./rules/kubernetes";
import { postgresCases } from "./rules/postgres";
import { vaultCases } from "./rules/vault";

export const allCases: readonly RuleCases[] = [
  ...postgresCases,
  ...kubernetesCases,
  ...vaultCases,
  ...awsCases,
  ...generalCases,
];
