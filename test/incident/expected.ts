/** What must be found in the incident: every finding of the audit that a declaration can show, once. */

/** A finding: environment, rule, resource by its name, property. */
export type Expected = readonly [environment: string, rule: string, resource: string, property: string];

const CONTAINER = "spec.template.spec.containers[0]";
const CONNECTION = "keybuzz-api-keybuzz-api-postgres";

/** In order of the report. What is missing as a whole has no resource. */
export const expected: readonly Expected[] = [
  // F6
  ["dev", "kubernetes/no-vault-token", "keybuzz-api-vault-root-token", "metadata.name"],
  // F1: DEV stands on the shared database too.
  ["dev", "postgres/dedicated-database", CONNECTION, "stringData.PGDATABASE"],
  ["dev", "postgres/dedicated-role", CONNECTION, "stringData.PGUSER"],
  // F14
  ["dev", "vault/own-prefix", "ses", "name"],
  // F8
  ["dev", "postgres/write-address", CONNECTION, "stringData.PGHOST"],
  // F1: the user is DEV's, and so is its password.
  ["prod", "isolation/distinct-secrets", CONNECTION, "stringData.PGPASSWORD"],
  // F5
  ["prod", "kubernetes/no-clear-secret", "client", `${CONTAINER}.env[3].value`],
  // F2
  ["prod", "kubernetes/own-hosts", "client", `${CONTAINER}.env[2].value`],
  // F1
  ["prod", "postgres/dedicated-database", CONNECTION, "stringData.PGDATABASE"],
  ["prod", "postgres/dedicated-role", CONNECTION, "stringData.PGUSER"],
  // F14
  ["prod", "vault/own-prefix", "ses", "name"],
  // F3: DEV neither runs nor has run PROD's build of the API.
  ["prod", "isolation/proven-images", "api", `${CONTAINER}.image`],
  // F10: the Secret is missing, and the worker does not take it.
  ["prod", "isolation/same-shape", "", ""],
  // F11
  ["prod", "kubernetes/no-development-flags", "outbound-worker", `${CONTAINER}.env[3].value`],
  // F10
  ["prod", "kubernetes/outbound-worker-secrets", "outbound-worker", `${CONTAINER}.envFrom`],
  // F16
  ["prod", "kubernetes/pinned-images", "outbound-worker", `${CONTAINER}.image`],
];
