import { dedicatedRole } from "../../../../policies/rules/postgres/dedicated-role";
import { OWN_UNKNOWN, UNKNOWN } from "../../../../policies/value";
import { object, type RuleCases, resource } from "../../cases";

const secret = (stringData: object) =>
  object("core/v1:Secret", {
    metadata: { name: "keybuzz-api-postgres", namespace: "keybuzz-api-prod" },
    stringData: { ...stringData },
  });

export const cases: RuleCases = {
  rule: dedicatedRole,
  cases: [
    {
      name: "the legacy user in PROD's connection Secret is refused",
      given: secret({ PGUSER: "keybuzz_api_dev", PGPASSWORD: "x" }),
      want: "findings",
    },
    {
      name: "DEV's role in a DATABASE_URL is refused",
      given: secret({ DATABASE_URL: "postgres://keybuzz_dev_app_a:x@10.0.0.10:5432/keybuzz_prod" }),
      want: "findings",
    },
    {
      name: "a grant to DEV's role is refused",
      given: resource("postgresql:index/grant:Grant", { database: "keybuzz_prod", role: "keybuzz_dev_rw" }),
      want: "findings",
      at: ["role"],
    },
    {
      name: "PROD's own role is right",
      given: secret({ PGUSER: "keybuzz_prod_app_a", PGPASSWORD: "keybuzz_dev_app_a" }),
      want: "compliant",
    },
    {
      name: "a Secret with values from nowhere known stays open",
      given: object("core/v1:Secret", { metadata: { name: "a" }, stringData: UNKNOWN }),
      want: "undetermined",
    },
    {
      name: "a Secret made of outputs of this environment is this environment's",
      given: object("core/v1:Secret", { metadata: { name: "a" }, stringData: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "a resource that names no role is left alone",
      given: object("core/v1:Namespace", { metadata: { name: "keybuzz-api-prod" } }),
      want: "not-applicable",
    },
  ],
};
