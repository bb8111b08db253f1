import { noSuperuser } from "../../../../policies/rules/postgres/no-superuser";
import { OWN_UNKNOWN, UNKNOWN } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";

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
    { name: "an attribute as a text is read", given: role({ superuser: "True" }), want: "findings" },
    {
      name: "memberships in roles of the server are refused, wherever in the list they stand",
      given: role({ roles: ["keybuzz_prod_rw", "pg_read_all_data"], assumeRole: "postgres" }),
      want: "findings",
      at: ["roles[1]", "assumeRole"],
    },
    ...[
      "postgres",
      "pg_read_all_data",
      "pg_write_all_data",
      "pg_maintain",
      "pg_signal_backend",
      "pg_create_subscription",
      "pg_read_server_files",
      "pg_write_server_files",
      "pg_execute_server_program",
    ].map(
      (name): RuleCase => ({
        name: `a membership in ${name} is refused`,
        given: role({ roles: [name] }),
        want: "findings",
        at: ["roles[0]"],
      }),
    ),
    {
      name: "a membership in a role of the server is refused where it is granted",
      given: resource("postgresql:index/grantRole:GrantRole", { role: "a", grantRole: "pg_write_all_data" }),
      want: "findings",
      at: ["grantRole"],
    },
    {
      name: "memberships in the database's own roles, and in those that only watch, are right",
      given: role({ roles: ["keybuzz_prod_rw", "pg_monitor"], assumeRole: "keybuzz_prod_owner" }),
      want: "compliant",
    },
    {
      name: "memberships in roles of this environment are right",
      given: role({ roles: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "memberships that are not known stay open",
      given: role({ roles: ["keybuzz_prod_rw", UNKNOWN] }),
      want: "undetermined",
      at: ["roles[1]"],
    },
    {
      name: "a list of memberships that is not known stays open",
      given: role({ roles: UNKNOWN }),
      want: "undetermined",
      at: ["roles"],
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
