/** Rules of the family aws. */
import type { Rule } from "../../rule";

export const awsRules: readonly Rule[] = [];
