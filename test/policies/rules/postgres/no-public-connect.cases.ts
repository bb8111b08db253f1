import { noPublicConnect } from "../../../../policies/rules/postgres/no-public-connect";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCases, resource } from "../../cases";

type Properties = Readonly<Record<string, Value>>;
const database = (name: Value = "keybuzz_prod") =>
  resource("postgresql:index/database:Database", { name }, { name: "database" });
const grant = (properties: Properties = {}) =>
  resource("postgresql:index/grant:Grant", {
    database: "keybuzz_prod",
    objectType: "database",
    role: "public",
    privileges: [],
    ...properties,
  });

export const cases: RuleCases = {
  rule: noPublicConnect,
  cases: [
    {
      name: "a database without a grant for PUBLIC is refused",
      given: [database()],
      want: "findings",
      at: ["name"],
    },
    {
      name: "a grant on another database closes nothing",
      given: [database(), grant({ database: "keybuzz_backend_prod" })],
      want: "findings",
      at: ["name"],
    },
    {
      name: "a grant on a schema closes no database",
      given: [database(), grant({ objectType: "schema", schema: "public" })],
      want: "findings",
      at: ["name"],
    },
    {
      name: "only a Grant closes a database",
      given: [database(), { ...grant(), type: "postgresql:index/defaultPrivileges:DefaultPrivileges" }],
      want: "findings",
      at: ["name"],
    },
    {
      name: "a grant to another role closes nothing to PUBLIC",
      given: [database(), grant({ role: "keybuzz_prod_rw", privileges: ["CONNECT"] })],
      want: "findings",
      at: ["name"],
    },
    {
      name: "a grant to the role PUBLIC in quotes closes nothing",
      given: [database(), grant({ role: "PUBLIC" })],
      want: "findings",
      at: ["name"],
    },
    {
      name: "a grant to another role is no candidate, though its database is not known",
      given: [database(), grant({ database: UNKNOWN, role: "keybuzz_prod_rw" })],
      want: "findings",
      at: ["name"],
    },
    {
      name: "CONNECT for PUBLIC is refused",
      given: [grant({ privileges: ["CONNECT"] }), database()],
      want: "findings",
      at: ["privileges[0]"],
    },
    {
      name: "every privilege for PUBLIC is refused, in any order and spelling",
      given: [grant({ role: "Public", objectType: "DATABASE", privileges: ["TEMPORARY", "all"] })],
      want: "findings",
      at: ["privileges[0]", "privileges[1]"],
    },
    { name: "a database that is closed to PUBLIC is right", given: [database(), grant()], want: "compliant" },
    { name: "a grant that takes everything from PUBLIC is right", given: [grant()], want: "compliant" },
    {
      name: "a database whose name is not known stays open",
      given: [database(UNKNOWN), grant()],
      want: "undetermined",
      at: ["name"],
    },
    {
      name: "a database that a grant on something unknown may close stays open",
      given: [database(), grant({ database: UNKNOWN })],
      want: "undetermined",
      at: ["name"],
    },
    {
      name: "a database that a grant to somebody unknown may close stays open",
      given: [database(), grant({ role: UNKNOWN })],
      want: "undetermined",
      at: ["name"],
    },
    {
      name: "privileges of PUBLIC that are not known stay open",
      given: [grant({ privileges: UNKNOWN })],
      want: "undetermined",
      at: ["privileges"],
    },
    {
      name: "a privilege of PUBLIC that is not known stays open",
      given: [grant({ privileges: [UNKNOWN] })],
      want: "undetermined",
      at: ["privileges[0]"],
    },
    {
      name: "what other roles may do is left alone",
      given: [grant({ role: "keybuzz_prod_rw", privileges: ["CONNECT"] })],
      want: "not-applicable",
    },
    {
      name: "privileges of PUBLIC on what is not said are left alone",
      given: [grant({ objectType: null, privileges: ["CONNECT"] })],
      want: "not-applicable",
    },
    {
      name: "what other resources say of PUBLIC is left alone",
      given: [
        {
          ...grant({ privileges: ["CONNECT"] }),
          type: "postgresql:index/defaultPrivileges:DefaultPrivileges",
        },
      ],
      want: "not-applicable",
    },
    {
      name: "what PUBLIC may do in a schema is left alone",
      given: [grant({ objectType: "schema", privileges: ["USAGE"] })],
      want: "not-applicable",
    },
  ],
};
