/** The cases of the rules on resources of every kind. */
import type { RuleCases } from "../../cases";
import { cases as environmentLabel } from "./environment-label.cases";
import { cases as explicitNames } from "./explicit-names.cases";
import { cases as protectedData } from "./protected-data.cases";

export const generalCases: readonly RuleCases[] = [explicitNames, environmentLabel, protectedData];
