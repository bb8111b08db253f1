/**
 * What holds the things that a resource declares: a database `app` on one server is not the one on another. Only what
 * the program says of its provider is known, and a name is taken for another thing only where both say something.
 */
import type { ClaimKind } from "../../config";
import type { Resource } from "../resource";
import type { Value } from "../value";

/**
 * The settings of a provider that lead to a server or an account, by kind of name; the first that is set counts. No
 * ports: one database server often has several.
 */
const LEADS: Readonly<Partial<Record<ClaimKind, readonly string[]>>> = {
  database: ["host"],
  role: ["host"],
  namespace: ["cluster", "context"],
  "vault-prefix": ["address"],
  "vault-policy": ["address"],
  "iam-user": ["allowedAccountIds"],
  "ses-identity": ["allowedAccountIds"],
  "ses-configuration-set": ["allowedAccountIds"],
  "sns-topic": ["allowedAccountIds"],
};

/** The server or account of a resource; undefined where the program does not say it. */
export function serverOf(kind: ClaimKind, { provider, properties }: Resource): string | undefined {
  // A role of an auth method is another one at another mount, whatever the server is.
  if (kind === "vault-role") return textOf(properties.backend);
  return LEADS[kind]?.flatMap((setting) => textOf(provider?.properties[setting]) ?? [])[0];
}

/** Lists stand in a provider's properties as JSON. */
function textOf(value: Value | undefined): string | undefined {
  const text = Array.isArray(value) ? JSON.stringify(value) : value;
  if (typeof text !== "string" || text === "" || text === "[]") return undefined;
  return text.toLowerCase().replace(/[./]+$/, "");
}
