/** Rules of the family kubernetes. */
import type { Rule } from "../../rule";
import { declaredReferences } from "./declared-references";
import { noClearSecret } from "./no-clear-secret";
import { noDevelopmentFlags } from "./no-development-flags";
import { noVaultToken } from "./no-vault-token";
import { outboundWorkerSecrets } from "./outbound-worker-secrets";
import { outboundWorkerSingle } from "./outbound-worker-single";
import { ownHosts } from "./own-hosts";
import { ownNamespace } from "./own-namespace";
import { pinnedImages } from "./pinned-images";
import { probes } from "./probes";
import { resources } from "./resources";
import { securityContext } from "./security-context";
import { tlsIngress } from "./tls-ingress";

export const kubernetesRules: readonly Rule[] = [
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
