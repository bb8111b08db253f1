/** The cases of the rules of the family general. */
import type { RuleCases } from "../../cases";

export const generalCases: readonly RuleCases[] = [];
