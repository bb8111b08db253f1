/** The cases of the rules on AWS. */
import type { RuleCases } from "../../cases";
import { cases as boundedAccount } from "./bounded-account.cases";
import { cases as noWildcards } from "./no-wildcards.cases";
import { cases as ownNames } from "./own-names.cases";
import { cases as ownRegion } from "./own-region.cases";
import { cases as sendOnly } from "./send-only.cases";

export const awsCases: readonly RuleCases[] = [boundedAccount, noWildcards, ownNames, ownRegion, sendOnly];
