/** What a provider's check says of a name that it made up itself. */
import { describe, expect, it } from "vitest";
import { check } from "../../policies/judge";
import { explicitNames } from "../../policies/rules/general/explicit-names";
import { estate, resource } from "./cases";

const topic = (filledIn: readonly string[]) =>
  resource("aws:sns/topic:Topic", { name: "mail-events-1a2b3c4", __defaults: filledIn });

describe("a name in checked inputs", () => {
  it("is refused when the bridge filled it in", () => {
    expect(check(explicitNames, topic(["fifoTopic", "name"]), estate())).toMatchObject({
      outcome: "findings",
      findings: [{ property: "name" }],
    });
  });

  it("is right when the bridge filled in something else", () => {
    expect(check(explicitNames, topic(["fifoTopic"]), estate())).toEqual({ outcome: "compliant" });
  });
});
