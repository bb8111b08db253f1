import { ownerCannotLogin } from "../../../../policies/rules/postgres/owner-cannot-login";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCases, resource } from "../../cases";

type Properties = Readonly<Record<string, Value>>;
const role = (properties: Properties) =>
  resource("postgresql:index/role:Role", { name: "keybuzz_prod_owner", ...properties }, { name: "role" });
const database = (properties: Properties = {}) =>
  resource("postgresql:index/database:Database", {
    name: "keybuzz_prod",
    owner: "keybuzz_prod_owner",
    ...properties,
  });
const schema = (properties: Properties = {}) =>
  resource("postgresql:index/schema:Schema", { name: "public", owner: "keybuzz_prod_owner", ...properties });
const defaults = resource("postgresql:index/defaultPrivileges:DefaultPrivileges", {
  owner: "keybuzz_prod_owner",
  role: "keybuzz_prod_rw",
});

export const cases: RuleCases = {
  rule: ownerCannotLogin,
  cases: [
    {
      name: "an owner that logs in is refused",
      given: [role({ login: true }), database()],
      want: "findings",
      at: ["login"],
    },
    {
      name: "login as a text is read",
      given: [role({ login: "true" }), database()],
      want: "findings",
      at: ["login"],
    },
    {
      name: "an owner of a schema may not log in",
      given: [role({ login: true }), schema()],
      want: "findings",
      at: ["login"],
    },
    {
      name: "a role whose name is not known may be the owner or not, and what it owns stays open",
      given: [database(), role({ name: UNKNOWN, login: true })],
      want: "undetermined",
      at: ["owner"],
    },
    {
      name: "a role whose default privileges are set may not log in",
      given: [role({ login: true }), defaults],
      want: "findings",
      at: ["login"],
    },
    {
      name: "a database without an owner belongs to the login that deploys",
      given: [database({ owner: "" }), role({ login: false })],
      want: "findings",
      at: ["owner"],
    },
    {
      name: "an owner that cannot log in is right",
      given: [role({ login: false }), database()],
      want: "compliant",
    },
    { name: "an owner without login set cannot log in", given: [role({}), database()], want: "compliant" },
    {
      name: "a database whose owner is declared is right",
      given: [database(), role({ login: false })],
      want: "compliant",
    },
    {
      name: "a login that is not known stays open",
      given: [role({ login: UNKNOWN }), database()],
      want: "undetermined",
      at: ["login"],
    },
    {
      name: "a database whose owner is not known stays open",
      given: [database({ owner: UNKNOWN })],
      want: "undetermined",
      at: ["owner"],
    },
    {
      name: "a database whose owner is declared elsewhere stays open",
      given: [database({ owner: "somebody" }), role({ login: false })],
      want: "undetermined",
      at: ["owner"],
    },
    {
      name: "a database whose owner is declared among other roles is right",
      given: [
        database(),
        role({ login: false }),
        resource("postgresql:index/role:Role", { name: "keybuzz_prod_rw" }, { name: "group" }),
      ],
      want: "compliant",
    },
    {
      name: "something else that is called like the owner is no role",
      given: [
        database(),
        resource("postgresql:index/extension:Extension", { name: "keybuzz_prod_owner" }, { name: "other" }),
      ],
      want: "undetermined",
      at: ["owner"],
    },
    {
      name: "a role whose default privileges are set under their old name may not log in",
      given: [
        role({ login: true }),
        resource("postgresql:index/defaultPrivileg:DefaultPrivileg", { owner: "keybuzz_prod_owner" }),
      ],
      want: "findings",
      at: ["login"],
    },
    {
      name: "a role beside the owner may log in",
      given: [
        role({ name: "keybuzz_prod_app_a", login: true }),
        resource("postgresql:index/schema:Schema", { owner: "" }),
        resource("postgresql:index/extension:Extension", { name: "citext" }),
      ],
      want: "not-applicable",
    },
    {
      name: "a login beside an owner is right",
      given: [
        role({ name: "keybuzz_prod_app_a", login: true }),
        database(),
        resource("postgresql:index/role:Role", { name: "keybuzz_prod_owner" }, { name: "owner" }),
      ],
      want: "compliant",
    },
    {
      name: "a role that owns nothing may log in",
      given: [role({ name: "keybuzz_prod_app_a", login: true })],
      want: "not-applicable",
    },
    {
      name: "a schema that keeps its owner is left alone",
      given: [schema({ owner: "" })],
      want: "not-applicable",
    },
    {
      name: "owners of other things are left alone",
      given: [
        role({ login: true }),
        resource("postgresql:index/extension:Extension", { owner: "keybuzz_prod_owner" }),
      ],
      want: "not-applicable",
    },
  ],
};
