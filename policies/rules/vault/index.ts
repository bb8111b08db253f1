/** Rules of the family vault. */
import type { Rule } from "../../rule";

export const vaultRules: readonly Rule[] = [];
