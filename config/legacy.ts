/**
 * Names that PROD is live on until its data has moved: the databases and users that both environments came to
 * share. No environment owns them, and nothing declared may refer to them. They go by a runbook, not by `up`.
 */

export const legacyDatabases: readonly string[] = ["keybuzz", "keybuzz_backend"];

export const legacyRoles: readonly string[] = ["keybuzz_api_dev", "kb_backend"];

/** Beginnings of the names of users that Vault's database engine made for the shared database. */
export const legacyRolePrefixes: readonly string[] = ["v-kubernet-"];

export function isLegacyDatabase(name: string): boolean {
  return legacyDatabases.includes(name);
}

export function isLegacyRole(name: string): boolean {
  return legacyRoles.includes(name) || legacyRolePrefixes.some((prefix) => name.startsWith(prefix));
}

/** Why a name may not be declared; undefined when it may. */
export function legacyReason(name: string): string | undefined {
  if (!isLegacyDatabase(name) && !isLegacyRole(name)) return undefined;
  const what = isLegacyDatabase(name) ? "shared database" : "shared database's user";
  return `is the legacy ${what} that PROD is live on; nothing declared may own it or refer to it`;
}
