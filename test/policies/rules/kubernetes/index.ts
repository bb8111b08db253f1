/** The cases of the rules of the family kubernetes. */
import type { RuleCases } from "../../cases";

export const kubernetesCases: readonly RuleCases[] = [];
