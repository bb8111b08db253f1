/**
 * The configuration of an environment: its types, its validation, the names and claims that follow from it.
 * Free of Pulumi's SDK; the program takes `loadEnvironment` from ./load.
 */
export {
  type Claim,
  type ClaimKind,
  type Conflict,
  claimKinds,
  claimsOf,
  duplicateClaims,
  sharedClaims,
  vaultConsumers,
} from "./claims";
export * from "./legacy";
export { formatMistakes, type Mistake } from "./mistakes";
export * from "./names";
export { type EnvironmentReading, readEnvironmentFile } from "./read";
export * from "./schema";
export {
  type Validation,
  type ValidationContext,
  validateEnvironment,
  validateEnvironmentFile,
} from "./validate";
