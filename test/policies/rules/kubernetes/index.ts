/** The cases of the rules of the family kubernetes. */
import type { RuleCases } from "../../cases";
import { cases as declaredReferences } from "./declared-references.cases";
import { cases as noClearSecret } from "./no-clear-secret.cases";
import { cases as noDevelopmentFlags } from "./no-development-flags.cases";
import { cases as noVaultToken } from "./no-vault-token.cases";
import { cases as outboundWorkerSecrets } from "./outbound-worker-secrets.cases";
import { cases as outboundWorkerSingle } from "./outbound-worker-single.cases";
import { cases as ownHosts } from "./own-hosts.cases";
import { cases as ownNamespace } from "./own-namespace.cases";
import { cases as pinnedImages } from "./pinned-images.cases";
import { cases as probes } from "./probes.cases";
import { cases as resources } from "./resources.cases";
import { cases as securityContext } from "./security-context.cases";
import { cases as tlsIngress } from "./tls-ingress.cases";

export const kubernetesCases: readonly RuleCases[] = [
  declaredReferences,
  noClearSecret,
  noDevelopmentFlags,
  noVaultToken,
  outboundWorkerSecrets,
  outboundWorkerSingle,
  ownHosts,
  ownNamespace,
  pinnedImages,
  probes,
  resources,
  securityContext,
  tlsIngress,
];
