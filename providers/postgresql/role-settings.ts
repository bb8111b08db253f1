/** A role's settings as pg_roles.rolconfig holds them: `name=value`, lists with quoted names, times with units. */

const MILLISECONDS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The settings by name. */
export function settingsOf(rolconfig: readonly string[] | null): Map<string, string> {
  return new Map(
    (rolconfig ?? []).map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at).toLowerCase(), entry.slice(at + 1)];
    }),
  );
}

/** The names of a search path; those that are not quoted are folded, as the server folds them. */
export function searchPathsOf(text: string): string[] {
  return [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,"\s]+))\s*(?:,|$)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? "").toLowerCase() : quoted.replaceAll('""', '"'),
  );
}

/** A time in whole milliseconds; 0 when it is off or no time at all. */
export function millisecondsOf(text: string | undefined): number {
  const [, amount = "0", unit = "ms"] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)?\s*$/.exec(text ?? "") ?? [];
  return Math.round(Number(amount) * (MILLISECONDS[unit] ?? 1));
}
