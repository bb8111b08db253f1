/** What cases cannot say: of which of a stack's resources the rule says nothing. */
import { expect, it } from "vitest";
import { ownerCannotLogin } from "../../../../policies/rules/postgres/owner-cannot-login";
import { UNKNOWN } from "../../../../policies/value";
import { estate, resource } from "../../cases";

it("a role whose name is not known is not taken for the owner of whom nothing is known either", () => {
  const role = resource("postgresql:index/role:Role", { name: UNKNOWN, login: true });
  const database = resource("postgresql:index/database:Database", { name: "keybuzz_prod", owner: UNKNOWN });
  expect(ownerCannotLogin.check({ resources: [role, database] }, estate())).toEqual([
    { urn: database.urn, verdict: { outcome: "undetermined", properties: ["owner"] } },
  ]);
});
