/** The rules that only show when environments are laid side by side. */
import { disjointClaims } from "./disjoint-claims";
import { distinctSecrets } from "./distinct-secrets";
import { foreignReference } from "./foreign-reference";
import type { IsolationRule } from "./landscape";
import { provenImages } from "./proven-images";
import { sameShape } from "./same-shape";

export const isolationRules: readonly IsolationRule[] = [
  disjointClaims,
  foreignReference,
  distinctSecrets,
  sameShape,
  provenImages,
];
