/** Ids `database.name`. Both names may hold dots; the right reading is the one of which the object is there. */
import type { Found } from "../table/resource-type";
import { databaseNames, onlyReading } from "./joined-id";
import { quoted } from "./names";
import type { Server } from "./server";

/** Undefined when no reading of the id finds an object. */
export async function findByDottedId(
  server: Server,
  noun: string,
  id: string,
  readAt: (database: string, name: string) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  const databases = await server.read({ subject: `${noun} ${quoted(id)}` }, databaseNames);
  const found: { database: string; object: Found }[] = [];
  for (const database of databases.filter((name) => id.startsWith(`${name}.`))) {
    const object = await readAt(database, id.slice(database.length + 1));
    if (object !== undefined) found.push({ database, object });
  }
  return onlyReading(id, noun, found)?.object;
}
