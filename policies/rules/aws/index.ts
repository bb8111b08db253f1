/** Rules on what environments have in the AWS account that they share: where it stands, what it is called, what it may do. */
import type { Rule } from "../../rule";
import { boundedAccount } from "./bounded-account";
import { noWildcards } from "./no-wildcards";
import { ownNames } from "./own-names";
import { ownRegion } from "./own-region";
import { sendOnly } from "./send-only";

export const awsRules: readonly Rule[] = [boundedAccount, noWildcards, ownNames, ownRegion, sendOnly];
