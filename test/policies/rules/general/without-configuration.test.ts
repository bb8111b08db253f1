/** What is KeyBuzz's own convention is asked of no other project. */
import { expect, it } from "vitest";
import { estateOf } from "../../../../policies/estate";
import { check } from "../../../../policies/judge";
import { environmentLabel } from "../../../../policies/rules/general/environment-label";
import { explicitNames } from "../../../../policies/rules/general/explicit-names";
import { estate, object, resource } from "../../cases";

const unlabelled = object("core/v1:ConfigMap", { metadata: { name: "a", namespace: "b" } });

it("an object without the label is refused in KeyBuzz's project, and left alone in another one", () => {
  expect(check(environmentLabel, unlabelled, estate("prod")).outcome).toBe("findings");
  const elsewhere = estateOf("prod", [{ name: "prod", claims: [] }]);
  expect(check(environmentLabel, unlabelled, elsewhere).outcome).toBe("not-applicable");
});

it("a name that Pulumi makes up is refused in KeyBuzz's project, and is the custom in another one", () => {
  const unnamed = resource("aws:sns/topic:Topic", { tags: {} });
  expect(check(explicitNames, unnamed, estate("prod")).outcome).toBe("findings");
  const elsewhere = estateOf("prod", [{ name: "prod", claims: [] }]);
  expect(check(explicitNames, unnamed, elsewhere).outcome).toBe("not-applicable");
});
