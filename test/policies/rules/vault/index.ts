/** The cases of the rules on Vault. */
import type { RuleCases } from "../../cases";
import { cases as boundLogin } from "./bound-login.cases";
import { cases as boundedLifetimes } from "./bounded-lifetimes.cases";
import { cases as noRootPolicy } from "./no-root-policy.cases";
import { cases as noStandingToken } from "./no-standing-token.cases";
import { cases as ownNames } from "./own-names.cases";
import { cases as ownPrefix } from "./own-prefix.cases";
import { cases as policyOwnPrefix } from "./policy-own-prefix.cases";
import { cases as verifiedServer } from "./verified-server.cases";

export const vaultCases: readonly RuleCases[] = [
  boundLogin,
  boundedLifetimes,
  noRootPolicy,
  noStandingToken,
  ownNames,
  ownPrefix,
  policyOwnPrefix,
  verifiedServer,
];
