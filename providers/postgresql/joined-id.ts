/**
 * Ids that are names joined by underscores, which names hold too. Such an id is taken apart by the names that there
 * are; one that can be read in two ways is refused.
 */
import { ProviderError } from "../../engine/provider/errors";
import type { Session } from "./session";

/** The ways to take one of the names off the front, each with what follows it. */
export function splits(text: string, names: readonly string[]): { name: string; rest: string }[] {
  return names
    .filter((name) => text === name || text.startsWith(`${name}_`))
    .map((name) => ({ name, rest: text.slice(name.length + 1) }));
}

/** The only way to read an id; undefined when there is none. */
export function onlyReading<Reading>(
  id: string,
  noun: string,
  readings: readonly Reading[],
): Reading | undefined {
  if (readings.length > 1) {
    throw new ProviderError(
      `${noun} ${JSON.stringify(id)} can be read in ${readings.length} ways, since names hold underscores: ${readings.map((reading) => JSON.stringify(reading)).join(" or ")}; create it instead of importing it: it takes over what is there`,
    );
  }
  return readings[0];
}

export async function roleNames(session: Session): Promise<string[]> {
  const rows = await session.rows<{ name: string }>("SELECT rolname AS name FROM pg_roles ORDER BY 1");
  return ["public", ...rows.map(({ name }) => name)];
}

export async function databaseNames(session: Session): Promise<string[]> {
  const rows = await session.rows<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datallowconn ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

export async function schemaNames(session: Session): Promise<string[]> {
  const rows = await session.rows<{ name: string }>("SELECT nspname AS name FROM pg_namespace ORDER BY 1");
  return rows.map(({ name }) => name);
}
