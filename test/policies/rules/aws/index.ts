/** The cases of the rules of the family aws. */
import type { RuleCases } from "../../cases";

export const awsCases: readonly RuleCases[] = [];
