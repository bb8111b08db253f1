/**
 * The objects that a Grant is about, as the catalogue has them, each with what the grantee holds. A list that is
 * NULL in the catalogue means PostgreSQL's default, which gives PUBLIC something: it is never taken for empty.
 */
import { ProviderError } from "../../engine/provider/errors";
import type { Plain } from "../table/plain";
import { type Held, heldIn } from "./acl";
import type { ObjectType } from "./privileges";
import type { Session } from "./session";

export interface GrantTarget {
  /** As a program names it: `f` or `f(integer)` for functions. */
  readonly name: string;
  /** As SQL names it, after the type's keyword. */
  readonly reference: string;
  /** Quoted, where the privilege is for a column. */
  readonly column: string | null;
  readonly owner: string;
  readonly held: readonly Held[];
  /** For routines: the given names that mean this one, whichever way they spell its types. */
  readonly asked?: readonly string[];
}

/** Views, partitioned and foreign tables too: GRANT ON ALL TABLES reaches all of these. */
const TABLES = "c.relkind IN ('r', 'v', 'm', 'f', 'p')";
const SIGNATURE = "p.proname || '(' || oidvectortypes(p.proargtypes) || ')'";

/** Types whose objects do not stand in a schema, or are one. */
export const WITHOUT_SCHEMA: readonly ObjectType[] = ["database", "foreign_data_wrapper", "foreign_server"];

/** Every query is given the same four values, and PostgreSQL demands a use for each. */
const USED = "$2::text IS NOT NULL AND $4::text[] IS NOT NULL";

/** For each type: $2 is the database or the schema, $3 the objects' names (null for all), $4 those of columns. */
const QUERIES: Readonly<Record<ObjectType, string>> = {
  database: simple(
    "pg_database",
    "datname",
    "datdba",
    "coalesce(t.datacl, acldefault('d', t.datdba))",
    "t.datname = $2",
  ),
  schema: simple(
    "pg_namespace",
    "nspname",
    "nspowner",
    "coalesce(t.nspacl, acldefault('n', t.nspowner))",
    "t.nspname = $2",
  ),
  foreign_data_wrapper: simple(
    "pg_foreign_data_wrapper",
    "fdwname",
    "fdwowner",
    "coalesce(t.fdwacl, acldefault('F', t.fdwowner))",
  ),
  foreign_server: simple(
    "pg_foreign_server",
    "srvname",
    "srvowner",
    "coalesce(t.srvacl, acldefault('S', t.srvowner))",
  ),
  type: simple("pg_type", "typname", "typowner", "coalesce(t.typacl, acldefault('T', t.typowner))"),
  table: relations(TABLES, "r"),
  sequence: relations("c.relkind = 'S'", "s"),
  function: routines("p.prokind <> 'p'"),
  procedure: routines("p.prokind = 'p'"),
  routine: routines("true"),
  column: `SELECT c.relname AS name, format('%I.%I', n.nspname, c.relname) AS reference, quote_ident(a.attname) AS "column",
                  o.rolname AS owner, ${heldIn("a.attacl")} AS held
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles o ON o.oid = c.relowner
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname = $2 AND ${TABLES} AND c.relname = ANY($3::text[]) AND a.attname = ANY($4::text[])
            ORDER BY a.attnum`,
};

/** @param oid of the grantee, 0 for PUBLIC */
export async function grantTargets(session: Session, oid: string, grant: Plain): Promise<GrantTarget[]> {
  const type = grant.text("objectType") as ObjectType;
  const place = type === "database" ? grant.text("database") : (grant.optionalText("schema") ?? "");
  const objects = grant.list("objects");
  const values = [oid, place, objects.length > 0 ? objects : null, grant.list("columns")];
  return session.rows<GrantTarget>(QUERIES[type], values);
}

/** The objects and columns that the program names and that are not there. */
export function missingObjects(grant: Plain, targets: readonly GrantTarget[]): string[] {
  const objects = grant
    .list("objects")
    .filter((object) => !targets.some(({ name, asked = [] }) => [name, ...asked].includes(object)));
  const columns = grant
    .list("columns")
    .filter((column) => !targets.some((target) => unquoted(target.column) === column))
    .map((column) => `column ${column}`);
  return objects.length > 0 ? objects : columns;
}

export function refuseMissing(grant: Plain, targets: readonly GrantTarget[]): void {
  const missing = missingObjects(grant, targets);
  if (missing.length === 0) return;
  const schema = grant.optionalText("schema");
  const where = `${schema === undefined ? "" : `schema ${schema} of `}database ${grant.text("database")}`;
  throw new ProviderError(
    `no ${grant.text("objectType")} ${missing.map((name) => JSON.stringify(name)).join(", ")} in ${where}: create it first, or correct objects and columns`,
  );
}

function unquoted(column: string | null): string {
  return column?.startsWith('"') ? column.slice(1, -1).replaceAll('""', '"') : (column ?? "");
}

function simple(catalogue: string, name: string, owner: string, acl: string, where = "true"): string {
  return `SELECT t.${name} AS name, quote_ident(t.${name}) AS reference, NULL AS "column", o.rolname AS owner,
                 ${heldIn(acl)} AS held
            FROM ${catalogue} t JOIN pg_roles o ON o.oid = t.${owner}
           WHERE ${where} AND ($3::text[] IS NULL OR t.${name} = ANY($3)) AND ${USED}
           ORDER BY t.${name}`;
}

function relations(which: string, letter: string): string {
  return `SELECT c.relname AS name, format('%I.%I', n.nspname, c.relname) AS reference, NULL AS "column",
                 o.rolname AS owner, ${heldIn(`coalesce(c.relacl, acldefault('${letter}', c.relowner))`)} AS held
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles o ON o.oid = c.relowner
           WHERE n.nspname = $2 AND ${which} AND ($3::text[] IS NULL OR c.relname = ANY($3)) AND ${USED}
           ORDER BY c.relname`;
}

function routines(which: string): string {
  const isMeant = `a.name IN (p.proname, ${SIGNATURE}) OR a.oid = p.oid`;
  // The server resolves spellings of types: int for integer, varchar for character varying.
  return `WITH asked AS MATERIALIZED (
            SELECT o AS name, CASE WHEN o LIKE '%(%)' THEN to_regprocedure(format('%I.%I%s', $2::text,
                     split_part(o, '(', 1), substr(o, strpos(o, '('))))::oid END AS oid
              FROM unnest($3::text[]) o)
          SELECT ${SIGNATURE} AS name, array(SELECT a.name FROM asked a WHERE ${isMeant}) AS asked,
                 format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) AS reference, NULL AS "column",
                 o.rolname AS owner, ${heldIn("coalesce(p.proacl, acldefault('f', p.proowner))")} AS held
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles o ON o.oid = p.proowner
           WHERE n.nspname = $2 AND ${which} AND ${USED}
             AND ($3::text[] IS NULL OR EXISTS (SELECT FROM asked a WHERE ${isMeant}))
           ORDER BY 1`;
}
