/** Rules on Vault: its entries, its policies, and who logs in. */
import type { Rule } from "../../rule";
import { boundLogin } from "./bound-login";
import { boundedLifetimes } from "./bounded-lifetimes";
import { noRootPolicy } from "./no-root-policy";
import { noStandingToken } from "./no-standing-token";
import { ownNames } from "./own-names";
import { ownPrefix } from "./own-prefix";
import { policyOwnPrefix } from "./policy-own-prefix";
import { verifiedServer } from "./verified-server";

export const vaultRules: readonly Rule[] = [
  ownPrefix,
  policyOwnPrefix,
  ownNames,
  noRootPolicy,
  noStandingToken,
  boundedLifetimes,
  boundLogin,
  verifiedServer,
];
