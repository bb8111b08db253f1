/** What the audit of DEV and PROD found: the reasons why rules exist. */
import type { AuditFinding } from "./rule";

/** Each finding in one sentence without a full stop. */
export const auditFindings: Readonly<Record<AuditFinding, string>> = {
  F1: "PROD used DEV's database with DEV's user",
  F2: "PROD's client called DEV's backend",
  F3: "PROD ran images that DEV had not proved",
  F4: "PROD's API and client were declared nowhere",
  F5: "Credentials stood in clear in the environment of processes",
  F6: "Vault's root token lay in a namespace",
  F7: "A token of Vault that never ends stood in a file in clear",
  F8: "Clients connected to a node of the cluster instead of HAProxy",
  F9: "HAProxy's write port did not follow the leader",
  F10: "The outbound worker lacked its credentials for mail",
  F11: "A flag that makes mail fail on purpose could reach PROD",
  F12: "Vault did not answer at the address that was written down",
  F13: "No credential was ever rotated",
  F14: "DEV and PROD shared one path of Vault",
  F15: "PROD needed SES, which was in its sandbox still",
  F16: "PROD ran images with a development tag, or with no fixed one",
};
