/** Policies and login roles of Vault bear names of their own environment. */
import { judgeReferences } from "../../foreign";
import type { ResourceRule } from "../../rule";

export const ownNames: ResourceRule = {
  id: "vault/own-names",
  title: "Policies and login roles that are declared, attached or logged in with are the environment's own",
  why:
    "A login role of DEV that hands out PROD's policy reads PROD's entries, however well the policy itself is written; " +
    "a policy declared under the other environment's name replaces that environment's.",
  prevents: ["F14"],
  fix: "Name policies and roles after this environment's prefix: keybuzz-prod-api for keybuzz/prod.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) => judgeReferences(resource, estate, ["vault-policy", "vault-role"]),
};
