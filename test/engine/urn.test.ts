/** URNs are made and split as Pulumi's engine does it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isProviderType, makeUrn, packageOf, parseUrn, STACK_TYPE, urnType } from "../../engine/urn";
import { seed } from "../support/seed";

describe("makeUrn", () => {
  const stack = makeUrn("dev", "keybuzz", "", STACK_TYPE, "keybuzz-dev");
  const database = makeUrn("dev", "keybuzz", stack, "keybuzz:postgres:Database", "api");

  it("leaves the stack out of its children's type", () => {
    expect(database).toBe("urn:pulumi:dev::keybuzz::keybuzz:postgres:Database::api");
  });

  it("puts the types of all ancestors before a resource's own", () => {
    expect(makeUrn("dev", "keybuzz", database, "postgresql:index/role:Role", "owner")).toBe(
      "urn:pulumi:dev::keybuzz::keybuzz:postgres:Database$postgresql:index/role:Role::owner",
    );
  });
});

describe("parseUrn", () => {
  it("keeps colons in a name", () => {
    expect(parseUrn("urn:pulumi:dev::keybuzz::a:b:C::one::two").name).toBe("one::two");
  });

  it("refuses text that is no URN, and says what one looks like", () => {
    expect(() => parseUrn("api-owner")).toThrow('"api-owner" is not a URN; expected urn:pulumi:<stack>::');
  });

  it("undoes makeUrn for any names", () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/);
    const type = fc.tuple(word, word, word).map((parts) => parts.join(":"));
    fc.assert(
      fc.property(
        word,
        word,
        type,
        type,
        fc.string({ minLength: 1 }),
        (stack, project, outer, inner, name) => {
          const parent = makeUrn(stack, project, "", outer, "parent");
          const urn = makeUrn(stack, project, parent, inner, name);
          expect(parseUrn(urn)).toEqual({ stack, project, qualifiedType: `${outer}$${inner}`, name });
          expect(urnType(urn)).toBe(inner);
        },
      ),
      { seed: seed() },
    );
  });
});

it("takes the package from resource types and provider types alike", () => {
  expect(packageOf("aws:iam/user:User")).toBe("aws");
  expect(packageOf("pulumi:providers:aws")).toBe("aws");
  expect(isProviderType("pulumi:providers:aws")).toBe(true);
  expect(isProviderType("aws:iam/user:User")).toBe(false);
});
