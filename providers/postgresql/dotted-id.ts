/** Ids `database.name`. Both names may hold dots; the database is the one that there is. */
import { databaseNames } from "./joined-id";
import { quoted } from "./names";
import type { Server } from "./server";

/** Undefined when no database fits. */
export async function readDottedId(
  server: Server,
  noun: string,
  id: string,
): Promise<{ database: string; name: string } | undefined> {
  const databases = await server.read({ subject: `${noun} ${quoted(id)}` }, databaseNames);
  const fitting = databases.filter(
    (database) => id.startsWith(`${database}.`) && id.length > database.length + 1,
  );
  // The shortest is what the official provider reads.
  const [database] = fitting.sort((a, b) => a.length - b.length);
  return database === undefined ? undefined : { database, name: id.slice(database.length + 1) };
}
