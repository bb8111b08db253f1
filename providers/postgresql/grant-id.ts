/** Ids of Grants: `role_database[_schema]_type[_objects][_columns]`. */
import type { PropertyMap } from "../../engine/provider/values";
import { Plain } from "../table/plain";
import { grantTargets, WITHOUT_SCHEMA } from "./grant-targets";
import { databaseNames, onlyReading, roleNames, schemaNames, splits } from "./joined-id";
import { OBJECT_KINDS, type ObjectType } from "./privileges";
import type { Server } from "./server";
import type { Session } from "./session";

const TYPES = Object.keys(OBJECT_KINDS) as ObjectType[];

export function grantId(grant: Plain): string {
  const type = grant.text("objectType") as ObjectType;
  return [
    grant.text("role"),
    grant.text("database"),
    ...(WITHOUT_SCHEMA.includes(type) ? [] : [grant.text("schema")]),
    type,
    ...grant.list("objects").sort(),
    ...grant.list("columns").sort(),
  ].join("_");
}

/** What an id is about, by the names that the server has; undefined when nothing there has these names. */
export async function readGrantId(server: Server, id: string): Promise<Plain | undefined> {
  const subject = `grant ${JSON.stringify(id)}`;
  const starts = await server.read({ subject }, async (session) => {
    const databases = await databaseNames(session);
    return splits(id, await roleNames(session)).flatMap(({ name: role, rest }) =>
      splits(rest, databases).map(({ name: database, rest }) => ({ role, database, rest })),
    );
  });
  const readings: PropertyMap[] = [];
  for (const { role, database, rest } of starts) {
    const ends = await server.read({ subject, database }, (session) => readEnd(session, rest));
    readings.push(...ends.map((end) => ({ role, database, ...end })));
  }
  const only = onlyReading(id, "grant", readings);
  return only && new Plain(only);
}

async function readEnd(session: Session, text: string): Promise<PropertyMap[]> {
  const inSchemas = splits(text, await schemaNames(session)).flatMap(({ name: schema, rest }) =>
    splits(rest, TYPES)
      .filter(({ name: type }) => !WITHOUT_SCHEMA.includes(type as ObjectType))
      .map(({ name: objectType, rest }) => ({ schema, objectType, rest })),
  );
  const ends = [
    ...inSchemas,
    ...splits(text, WITHOUT_SCHEMA).map(({ name: objectType, rest }) => ({ objectType, rest })),
  ];
  const readings: PropertyMap[] = [];
  for (const { rest, ...start } of ends) {
    if (rest === "") readings.push(start);
    else if (start.objectType === "column") readings.push(...(await readColumns(session, start, rest)));
    else {
      const names = await objectNames(session, start);
      readings.push(...combinations(rest, names).map((objects) => ({ ...start, objects })));
    }
  }
  return readings;
}

/** Names as objects may be given: functions with their arguments and without. */
async function objectNames(session: Session, start: PropertyMap): Promise<string[]> {
  const targets = await grantTargets(session, "0", new Plain({ database: session.database, ...start }));
  return [...new Set(targets.flatMap(({ name }) => [name, name.replace(/\(.*\)$/s, "")]))];
}

async function readColumns(session: Session, start: PropertyMap, text: string): Promise<PropertyMap[]> {
  const rows = await session.rows<{ name: string; columns: string[] }>(
    `SELECT c.relname AS name, array_agg(a.attname::text) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE n.nspname = $1 GROUP BY c.relname`,
    [start.schema],
  );
  return rows.flatMap(({ name, columns }) =>
    splits(text, [name]).flatMap(({ rest }) =>
      combinations(rest, columns).map((chosen) => ({ ...start, objects: [name], columns: chosen })),
    ),
  );
}

/** The ways to read a text as different names in a row, in their order. */
function combinations(text: string, names: readonly string[]): string[][] {
  return splits(text, names).flatMap(({ name, rest }) =>
    rest === ""
      ? [[name]]
      : combinations(
          rest,
          names.filter((other) => other > name),
        ).map((others) => [name, ...others]),
  );
}
