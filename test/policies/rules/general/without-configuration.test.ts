/** What is KeyBuzz's own convention is asked of no other project. */
import { expect, it } from "vitest";
import { estateOf } from "../../../../policies/estate";
import { check } from "../../../../policies/judge";
import { environmentLabel } from "../../../../policies/rules/general/environment-label";
import { estate, object } from "../../cases";

const unlabelled = object("core/v1:ConfigMap", { metadata: { name: "a", namespace: "b" } });

it("an object without the label is refused in KeyBuzz's project, and left alone in another one", () => {
  expect(check(environmentLabel, unlabelled, estate("prod")).outcome).toBe("findings");
  const elsewhere = estateOf("prod", [{ name: "prod", claims: [] }]);
  expect(check(environmentLabel, unlabelled, elsewhere).outcome).toBe("not-applicable");
});
