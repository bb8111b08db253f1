/** Rules of the family kubernetes. */
import type { Rule } from "../../rule";

export const kubernetesRules: readonly Rule[] = [];
