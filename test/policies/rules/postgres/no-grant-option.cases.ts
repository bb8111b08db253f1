import { noGrantOption } from "../../../../policies/rules/postgres/no-grant-option";
import { UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCases, resource } from "../../cases";

type Properties = Readonly<Record<string, Value>>;
const grant = (properties: Properties) =>
  resource("postgresql:index/grant:Grant", {
    database: "keybuzz_prod",
    role: "keybuzz_prod_rw",
    ...properties,
  });

export const cases: RuleCases = {
  rule: noGrantOption,
  cases: [
    {
      name: "the grant option is refused",
      given: grant({ withGrantOption: true }),
      want: "findings",
      at: ["withGrantOption"],
    },
    {
      name: "the grant option as a text is refused",
      given: grant({ withGrantOption: "true" }),
      want: "findings",
    },
    {
      name: "the grant option of default privileges is refused",
      given: resource("postgresql:index/defaultPrivileges:DefaultPrivileges", { withGrantOption: true }),
      want: "findings",
      at: ["withGrantOption"],
    },
    {
      name: "the grant option of default privileges under their old name is refused",
      given: resource("postgresql:index/defaultPrivileg:DefaultPrivileg", { withGrantOption: true }),
      want: "findings",
      at: ["withGrantOption"],
    },
    {
      name: "the admin option of a membership is refused",
      given: resource("postgresql:index/grantRole:GrantRole", {
        role: "a",
        grantRole: "b",
        withAdminOption: true,
      }),
      want: "findings",
      at: ["withAdminOption"],
    },
    { name: "a grant without the option is right", given: grant({}), want: "compliant" },
    {
      name: "a grant with the option off is right",
      given: grant({ withGrantOption: false }),
      want: "compliant",
    },
    {
      name: "an option that is not known stays open",
      given: grant({ withGrantOption: UNKNOWN }),
      want: "undetermined",
      at: ["withGrantOption"],
    },
    {
      name: "other resources are left alone",
      given: resource("postgresql:index/role:Role", { withGrantOption: true }),
      want: "not-applicable",
    },
  ],
};
