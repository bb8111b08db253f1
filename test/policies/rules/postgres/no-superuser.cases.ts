import { noSuperuser } from "../../../../policies/rules/postgres/no-superuser";
import { UNKNOWN } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

const role = (properties: object) =>
  resource("postgresql:index/role:Role", { name: "keybuzz_prod_app_a", ...properties });

export const cases: RuleCases = {
  rule: noSuperuser,
  cases: [
    { name: "a superuser is refused", given: role({ superuser: true }), want: "findings", at: ["superuser"] },
    {
      name: "every attribute that reaches beyond the database is refused",
      given: role({
        createRole: true,
        createDatabase: true,
        replication: true,
        bypassRowLevelSecurity: true,
      }),
      want: "findings",
      at: ["createRole", "createDatabase", "replication", "bypassRowLevelSecurity"],
    },
    {
      name: "attributes that are off, or left out, are right",
      given: role({ superuser: false, createRole: false, login: true }),
      want: "compliant",
    },
    {
      name: "an attribute that is not known stays open",
      given: role({ superuser: UNKNOWN }),
      want: "undetermined",
      at: ["superuser"],
    },
    {
      name: "objects that are no roles are left alone",
      given: object("core/v1:ConfigMap", { metadata: { name: "a" }, data: { superuser: "true" } }),
      want: "not-applicable",
    },
  ],
};
