/** What a role may be given. Every change is made in place. */

import type { CheckFailure } from "../../engine/provider/provider";
import { isUnknown, type PropertyMap, type PropertyValue } from "../../engine/provider/values";
import type { Field, ResourceTable } from "../table/table";
import { isPublic, refuseName } from "./names";

/** Properties that are one word in CREATE and ALTER ROLE, and the catalogue's columns for them. */
export const ROLE_FLAGS = {
  superuser: { on: "SUPERUSER", off: "NOSUPERUSER", column: "rolsuper" },
  createDatabase: { on: "CREATEDB", off: "NOCREATEDB", column: "rolcreatedb" },
  createRole: { on: "CREATEROLE", off: "NOCREATEROLE", column: "rolcreaterole" },
  inherit: { on: "INHERIT", off: "NOINHERIT", column: "rolinherit" },
  login: { on: "LOGIN", off: "NOLOGIN", column: "rolcanlogin" },
  replication: { on: "REPLICATION", off: "NOREPLICATION", column: "rolreplication" },
  bypassRowLevelSecurity: { on: "BYPASSRLS", off: "NOBYPASSRLS", column: "rolbypassrls" },
} as const;

/** The password that stands for none. */
export const NO_PASSWORD = "NULL";

const off: Field = { type: "flag", default: false };
const onlyHere: Field = { type: "flag", default: false, unobserved: true };
const milliseconds: Field = {
  type: "integer",
  refuse: (value) =>
    typeof value === "number" && value >= 0 ? undefined : `must be 0 or more, not ${value}`,
};
const text: Field = { type: "text", refuse: refuseName };
const password: Field = {
  type: "text",
  secret: true,
  refuse: (value) => (String(value).includes("\0") ? "must not contain a zero byte" : undefined),
};

export const roleTable: ResourceTable = {
  fields: {
    name: text,
    superuser: off,
    createDatabase: off,
    createRole: off,
    inherit: { type: "flag", default: true },
    login: off,
    replication: off,
    bypassRowLevelSecurity: off,
    connectionLimit: {
      type: "integer",
      default: -1,
      refuse: (value) =>
        typeof value === "number" && value >= -1 ? undefined : `must be -1, no limit, or more, not ${value}`,
    },
    encryptedPassword: {
      type: "flag",
      default: true,
      refuse: (value) =>
        value === false ? "must be true: PostgreSQL 10 and newer keep no password in clear" : undefined,
    },
    password: { ...password, normalise: (value) => (value === NO_PASSWORD ? "" : value) },
    passwordWo: { ...password, writeOnly: true },
    passwordWoVersion: { type: "text", unobserved: true },
    roles: { type: "set", refuse: refuseName },
    searchPaths: { type: "list", refuse: refuseName },
    statementTimeout: milliseconds,
    idleInTransactionSessionTimeout: milliseconds,
    assumeRole: text,
    validUntil: {
      type: "text",
      default: "infinity",
      normalise: instant,
      refuse: (value) =>
        pointInTime(value) !== undefined
          ? undefined
          : `must be infinity or a time such as 2030-01-31 or 2030-01-31T12:00:00+02:00 (UTC without a zone), not ${JSON.stringify(value)}`,
    },
    skipDropRole: onlyHere,
    skipReassignOwned: onlyHere,
  },
  refused: { encrypted: "it is the old name of encryptedPassword; PostgreSQL always encrypts" },
  defaultsStandIn: "inputs",
  deleteBeforeReplace: "never",
  refuse: refuseTogether,
};

/** One spelling for a point in time; one without a zone is in UTC. What is no plain date stays as it is. */
function instant(value: PropertyValue): PropertyValue {
  return pointInTime(value) ?? value;
}

function pointInTime(value: PropertyValue): string | undefined {
  if (typeof value !== "string") return undefined;
  if (value === "" || value.toUpperCase() === "NULL" || value.toLowerCase() === "infinity") return "infinity";
  const parts =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i.exec(value);
  if (parts === null) return undefined;
  const [, date = "", time = "00:00:00", zone = "Z"] = parts;
  const parsed = Date.parse(`${date}T${time}${offset(zone)}`);
  // Date.parse goes on counting after a month's last day; the server does not.
  const isDay = new Date(Date.parse(date) || 0).toISOString().startsWith(date);
  return Number.isNaN(parsed) || !isDay ? undefined : new Date(parsed).toISOString();
}

/** `+02`, `+0200` and `UTC` as ISO 8601 writes them in full. */
function offset(zone: string): string {
  if (/^[a-z]/i.test(zone)) return "Z";
  const digits = zone.replaceAll(/\D/g, "").padEnd(4, "0");
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function refuseTogether(inputs: PropertyMap): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (inputs.password !== undefined && inputs.passwordWo !== undefined) {
    failures.push({ property: "passwordWo", reason: "and password exclude each other: give one" });
  }
  if ((inputs.passwordWo === undefined) !== (inputs.passwordWoVersion === undefined)) {
    failures.push({
      property: "passwordWoVersion",
      reason: "and passwordWo go together: a new version is what sends the password",
    });
  }
  const { name, roles } = inputs;
  if (typeof name === "string" && !isUnknown(name)) {
    if (isPublic(name) || name === "none" || name.startsWith("pg_")) {
      failures.push({
        property: "name",
        reason: `must not be ${JSON.stringify(name)}: PostgreSQL keeps it for itself`,
      });
    }
    if (Array.isArray(roles) && roles.includes(name)) {
      failures.push({ property: "roles", reason: `must not hold ${JSON.stringify(name)} itself` });
    }
  }
  return failures;
}
