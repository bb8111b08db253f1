/**
 * Physical names that follow from an environment's configuration. The program and the claims take them from
 * here, so that what is declared and what is compared between environments cannot differ.
 */

/** What every name outside a cluster, a database or a domain begins with, and the configuration's namespace. */
export const PROJECT = "keybuzz";

/** Endings of the roles of a database, by what each is for. Only the last four log in. */
export const roleEndings = {
  owner: "owner",
  readWrite: "rw",
  readOnly: "ro",
  applicationA: "app_a",
  applicationB: "app_b",
  migration: "migrate",
  reader: "read",
} as const;

export type DatabaseRole = keyof typeof roleEndings;

/** PostgreSQL cuts longer identifiers off without an error. */
export const LONGEST_IDENTIFIER = 63;

/** Longest name of a database whose roles' names are still whole. */
export const LONGEST_DATABASE =
  LONGEST_IDENTIFIER - Math.max(...Object.values(roleEndings).map((ending) => ending.length + 1));

/** Names of all roles of a database. */
export function roleNames(database: string): Record<DatabaseRole, string> {
  const entries = Object.entries(roleEndings).map(([role, ending]) => [role, `${database}_${ending}`]);
  return Object.fromEntries(entries) as Record<DatabaseRole, string>;
}

/** Who reads entries in Vault by itself. Everything else gets its values through Kubernetes Secrets. */
export type VaultConsumer = "api" | "outbound-worker" | "client" | "backend";

/** Name of a consumer's policy in Vault, and of the role by which it logs in: `keybuzz-dev-api`. */
export function vaultName(vault: { readonly prefix: string }, consumer: VaultConsumer): string {
  return `${vault.prefix.replaceAll("/", "-")}-${consumer}`;
}

/** Path of an entry below the mount: the environment's prefix, then the entry. */
export function vaultEntryPath(vault: { readonly prefix: string }, entry: string): string {
  return `${vault.prefix}/${entry}`;
}

/** Address and port of the Vault server, for those that take no URL. */
export function vaultEndpoint(vault: { readonly address: string }): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(vault.address);
  // A URL leaves out the port that its protocol has anyway.
  return { host: hostname, port: Number(port) || (protocol === "https:" ? 443 : 80) };
}

/** Name of the SES configuration set that an environment sends with. */
export function configurationSetName(environment: string): string {
  return `${PROJECT}-${environment}`;
}

/** Name of the SNS topic that takes an environment's bounces and complaints. */
export function mailEventsTopicName(environment: string): string {
  return `${PROJECT}-${environment}-mail-events`;
}
