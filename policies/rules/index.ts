/** All rules of the pack, by family. */
import type { Rule } from "../rule";
import { awsRules } from "./aws";
import { generalRules } from "./general";
import { kubernetesRules } from "./kubernetes";
import { postgresRules } from "./postgres";
import { vaultRules } from "./vault";

export const rules: readonly Rule[] = [
  ...postgresRules,
  ...kubernetesRules,
  ...vaultRules,
  ...awsRules,
  ...generalRules,
];
