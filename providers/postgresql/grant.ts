/**
 * postgresql:index/grant:Grant. What one role, or PUBLIC, holds on a database, a schema, or objects in it: exactly
 * the privileges listed. It takes over what is there, since privileges have no owner of their own; an empty list
 * takes everything away.
 *
 * Read sees what the official provider misses: a default that the catalogue does not spell out (a fresh database
 * lets PUBLIC connect), the grant option, views, and grants on columns.
 */
import type { CheckFailure } from "../../engine/provider/provider";
import { isUnknown, type PropertyMap } from "../../engine/provider/values";
import type { Plain } from "../table/plain";
import type { Found, ResourceType } from "../table/resource-type";
import { changesFor, granteeOid, isDone, observedPrivileges, wantedBy } from "./acl";
import { asMemberOf } from "./as-member";
import { ifDatabaseExists, isNotThere } from "./existing";
import { grantId, readGrantId } from "./grant-id";
import { syncGrants } from "./grant-sync";
import {
  type GrantTarget,
  grantTargets,
  missingObjects,
  refuseMissing,
  WITHOUT_SCHEMA,
} from "./grant-targets";
import { isPublic, quoted, refuseName } from "./names";
import { OBJECT_KINDS, type ObjectType, refusePrivileges } from "./privileges";
import type { Place, Server } from "./server";
import type { Session } from "./session";

const TYPES: readonly string[] = Object.keys(OBJECT_KINDS).filter((type) => type !== "type");
/** Of these, only privileges that were listed are taken away again: others may be for columns. */
const TABLE_LIKE: readonly string[] = ["table", "sequence", "column"];

export const grant: ResourceType<Server> = {
  noun: "grant",
  repeatable: () => true,
  table: {
    fields: {
      role: { type: "text", required: true, replaces: true, refuse: refuseName },
      database: { type: "text", required: true, replaces: true, refuse: refuseName },
      schema: { type: "text", replaces: true, refuse: refuseName },
      objectType: {
        type: "text",
        required: true,
        replaces: true,
        refuse: (value) =>
          TYPES.includes(String(value))
            ? undefined
            : `must be one of ${TYPES.join(", ")}, not ${JSON.stringify(value)}`,
      },
      objects: { type: "set", replaces: true },
      columns: { type: "set", replaces: true },
      privileges: { type: "set", required: true },
      withGrantOption: { type: "flag", default: false, replaces: true },
    },
    defaultsStandIn: "inputs",
    deleteBeforeReplace: "always",
    refuse: (inputs) => [...refuseShape(inputs), ...refusePrivileges(inputs)],
  },
  identify: (_server, inputs) => grantId(inputs),

  async create(server, inputs) {
    await apply(server, inputs, undefined);
    return { id: grantId(inputs) };
  },

  async read(server, id, known) {
    const about = known ?? (await readGrantId(server, id));
    return (
      about && ifDatabaseExists(() => server.read(place(about), (session) => observe(session, about, known)))
    );
  },

  async update(server, _known, inputs) {
    await apply(server, inputs, undefined);
  },

  async delete(server, { old }) {
    await ifDatabaseExists(() => apply(server, old, { gone: true }));
  },
};

/** Grants on a database change a row that all databases share, so they are changed where databases are. */
function place(grant: Plain): Place {
  const { role, database, schema, objectType } = grant.properties;
  const where = schema === undefined ? `database ${database}` : `schema ${schema} of database ${database}`;
  const subject = `grant of ${objectType} to ${quoted(String(role))} in ${where}`;
  return objectType === "database" ? { subject } : { subject, database: grant.text("database") };
}

async function observe(session: Session, about: Plain, known: Plain | undefined): Promise<Found | undefined> {
  const oid = await granteeOid(session, about.text("role"));
  if (oid === undefined || !(await containerExists(session, about))) return undefined;
  const targets = await grantTargets(session, oid, about);
  const type = about.text("objectType") as ObjectType;
  // Objects that are named and not there have no privileges on them.
  const isMissing = missingObjects(about, targets).length > 0;
  const wanted = known && (await wantedBy(session, type, known));
  const deviating = wanted && targets.find(({ held }) => !isDone(changesFor(held, wanted)));
  const first: Pick<GrantTarget, "held"> | undefined = isMissing ? { held: [] } : (deviating ?? targets[0]);
  const observed =
    first === undefined
      ? {
          privileges: known?.list("privileges") ?? [],
          withGrantOption: known?.flag("withGrantOption") ?? false,
        }
      : await observedPrivileges(session, type, first.held, known);
  return { id: grantId(about), properties: { ...about.properties, ...observed } };
}

async function containerExists(session: Session, about: Plain): Promise<boolean> {
  const type = about.text("objectType") as ObjectType;
  const [catalogue, name] =
    type === "database"
      ? ["pg_database WHERE datname", about.text("database")]
      : ["pg_namespace WHERE nspname", about.optionalText("schema")];
  if (type !== "database" && WITHOUT_SCHEMA.includes(type)) return true;
  return (await session.row(`SELECT 1 FROM ${catalogue} = $1`, [name])) !== undefined;
}

async function apply(server: Server, about: Plain, removal: { gone: true } | undefined): Promise<void> {
  const type = about.text("objectType") as ObjectType;
  const role = about.text("role");
  await server.change(place(about), async (session) => {
    const oid = await granteeOid(session, role);
    if (oid === undefined || !(await containerExists(session, about))) {
      if (removal) return;
      throw isNotThere(
        oid === undefined ? "role" : type === "database" ? "database" : "schema",
        missingName(about, oid),
      );
    }
    const targets = (): Promise<GrantTarget[]> => grantTargets(session, oid, about);
    const now = await targets();
    if (!removal) refuseMissing(about, now);
    const named = TABLE_LIKE.includes(type) && about.list("objects").length > 0;
    const listed = (await wantedBy(session, type, about)).privileges;
    const wanted = removal
      ? { privileges: [], grantable: false }
      : { privileges: listed, grantable: about.flag("withGrantOption") };
    // Where nothing changes, nobody need be asked.
    const deviating = now.filter(({ held }) => !isDone(changesFor(held, wanted)));
    await asMemberOf(session, [...new Set(deviating.map(({ owner }) => owner))], () =>
      syncGrants(session, {
        role,
        oid,
        keyword: OBJECT_KINDS[type].keyword,
        schema: type === "schema" ? undefined : about.optionalText("schema"),
        wanted,
        ...(removal && named && listed.length > 0 && { only: listed }),
        targets,
      }),
    );
  });
}

function missingName(about: Plain, oid: string | undefined): string {
  if (oid === undefined) return about.text("role");
  return about.optionalText("schema") ?? about.text("database");
}

/** Which of schema, objects and columns go with an objectType. */
function refuseShape(inputs: PropertyMap): CheckFailure[] {
  const { role, objectType, schema, objects, columns, withGrantOption } = inputs;
  if (isUnknown(objectType ?? null)) return [];
  const failures: CheckFailure[] = [];
  const refuse = (property: string, wrong: boolean, reason: string): void => {
    if (wrong && !isUnknown(inputs[property] ?? null)) failures.push({ property, reason });
  };
  const type = String(objectType);
  const count = (list: unknown): number => (Array.isArray(list) ? list.length : 0);
  const inSchema = !WITHOUT_SCHEMA.includes(type as ObjectType);
  refuse("schema", inSchema && (schema ?? "") === "", `is missing: a ${type} stands in a schema`);
  refuse(
    "objects",
    ["database", "schema"].includes(type) && count(objects) > 0,
    `must be left out for a ${type}`,
  );
  const single = ["column", "foreign_data_wrapper", "foreign_server"].includes(type);
  refuse(
    "objects",
    single && count(objects) !== 1,
    `must name exactly one ${type === "column" ? "table" : type}`,
  );
  refuse("columns", type === "column" && count(columns) === 0, "must name at least one column");
  refuse(
    "columns",
    type !== "column" && count(columns) > 0,
    "must be left out: they go with objectType column",
  );
  refuse(
    "withGrantOption",
    typeof role === "string" && isPublic(role) && withGrantOption === true,
    "must be false: PUBLIC cannot pass privileges on",
  );
  return failures;
}
