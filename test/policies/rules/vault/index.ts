/** The cases of the rules of the family vault. */
import type { RuleCases } from "../../cases";

export const vaultCases: readonly RuleCases[] = [];
