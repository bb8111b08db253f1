import { boundedConnections } from "../../../../policies/rules/postgres/bounded-connections";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCases, resource } from "../../cases";

type Properties = Readonly<Record<string, Value>>;
const database = (properties: Properties) =>
  resource("postgresql:index/database:Database", { name: "keybuzz_prod", ...properties });
const role = (properties: Properties) =>
  resource("postgresql:index/role:Role", { name: "keybuzz_prod_app_a", ...properties });
const AT = ["connectionLimit"];

export const cases: RuleCases = {
  rule: boundedConnections,
  cases: [
    { name: "a database without a limit is refused", given: database({}), want: "findings", at: AT },
    {
      name: "a database with the provider's default is refused",
      given: database({ connectionLimit: -1 }),
      want: "findings",
      at: AT,
    },
    {
      name: "a database that nobody can connect to is refused",
      given: database({ connectionLimit: 0 }),
      want: "findings",
      at: AT,
    },
    {
      name: "a limit that is no number is refused",
      given: database({ connectionLimit: "many" }),
      want: "findings",
      at: AT,
    },
    { name: "a login without a limit is refused", given: role({ login: true }), want: "findings", at: AT },
    {
      name: "a login whose limits are texts is read",
      given: role({ login: "true", connectionLimit: "-1" }),
      want: "findings",
      at: AT,
    },
    {
      name: "a database with a limit is right",
      given: database({ connectionLimit: 190 }),
      want: "compliant",
    },
    {
      name: "one connection is a limit",
      given: role({ login: true, connectionLimit: 1 }),
      want: "compliant",
    },
    { name: "a limit as a text is right", given: database({ connectionLimit: "190" }), want: "compliant" },
    {
      name: "a limit that is not known stays open",
      given: database({ connectionLimit: UNKNOWN }),
      want: "undetermined",
      at: AT,
    },
    {
      name: "a role that may log in for all that is known stays open",
      given: role({ login: UNKNOWN }),
      want: "undetermined",
      at: ["login"],
    },
    {
      name: "a role with a limit is right, whether or not it logs in",
      given: role({ login: UNKNOWN, connectionLimit: 5 }),
      want: "compliant",
    },
    {
      name: "a role that cannot log in is left alone",
      given: role({ login: false, connectionLimit: -1 }),
      want: "not-applicable",
    },
    { name: "a role that says nothing about logging in cannot", given: role({}), want: "not-applicable" },
    {
      name: "other resources are left alone",
      given: resource("postgresql:index/schema:Schema", { login: true }),
      want: "not-applicable",
    },
  ],
};
