/** Which privileges there are on what. The words stand in SQL as they are, so no others are let through. */
import type { CheckFailure } from "../../engine/provider/provider";
import { isUnknown, type PropertyMap } from "../../engine/provider/values";

export const ALL = "ALL";

/** How a type of object appears in SQL and in the catalogue. */
export interface ObjectKind {
  readonly keyword: string;
  /** Its letter for acldefault(). */
  readonly letter: string;
  readonly privileges: readonly string[];
}

const TABLE = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];

const kind = (keyword: string, letter: string, ...privileges: string[]): ObjectKind => ({
  keyword,
  letter,
  privileges: [ALL, ...privileges],
});

/** By the official provider's objectType. MAINTAIN is known to version 17 and newer. */
export const OBJECT_KINDS = {
  database: kind("DATABASE", "d", "CREATE", "CONNECT", "TEMPORARY"),
  schema: kind("SCHEMA", "n", "CREATE", "USAGE"),
  table: kind("TABLE", "r", ...TABLE, "MAINTAIN"),
  sequence: kind("SEQUENCE", "s", "USAGE", "SELECT", "UPDATE"),
  function: kind("FUNCTION", "f", "EXECUTE"),
  procedure: kind("PROCEDURE", "f", "EXECUTE"),
  routine: kind("ROUTINE", "f", "EXECUTE"),
  type: kind("TYPE", "T", "USAGE"),
  column: { keyword: "TABLE", letter: "c", privileges: ["SELECT", "INSERT", "UPDATE", "REFERENCES"] },
  foreign_data_wrapper: kind("FOREIGN DATA WRAPPER", "F", "USAGE"),
  foreign_server: kind("FOREIGN SERVER", "S", "USAGE"),
} as const satisfies Record<string, ObjectKind>;

export type ObjectType = keyof typeof OBJECT_KINDS;

export function isObjectType(text: string): text is ObjectType {
  return Object.hasOwn(OBJECT_KINDS, text);
}

/** What is wrong with the privileges that inputs list for their objectType. */
export function refusePrivileges({ objectType, privileges }: PropertyMap): CheckFailure[] {
  if (typeof objectType !== "string" || !isObjectType(objectType) || !Array.isArray(privileges)) return [];
  const { privileges: allowed }: ObjectKind = OBJECT_KINDS[objectType];
  return privileges
    .filter((privilege) => !isUnknown(privilege) && !allowed.includes(String(privilege)))
    .map((privilege) => ({
      property: "privileges",
      reason: `must not hold ${JSON.stringify(privilege)}: on a ${objectType} there are ${allowed.join(", ")}, in capitals`,
    }));
}
