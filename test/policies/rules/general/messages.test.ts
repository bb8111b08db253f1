/** What the rules on resources of every kind say, where one word decides what somebody does about it. */
import { describe, expect, it } from "vitest";
import { environmentLabel } from "../../../../policies/rules/general/environment-label";
import type { Value } from "../../../../policies/value";
import { estate, object } from "../../cases";

describe("general/environment-label", () => {
  it.each<[Value | undefined, string]>([
    [undefined, "is missing; prod is what belongs there"],
    [null, "is missing; prod is what belongs there"],
    ["dev", "is dev; prod is what belongs there"],
    [true, "is no text; prod is what belongs there"],
  ])("says of %j what is wrong with it", (value, message) => {
    const labels = value === undefined ? {} : { "keybuzz.io/environment": value };
    const verdict = environmentLabel.check(object("core/v1:ConfigMap", { metadata: { labels } }), estate());
    const property = 'metadata.labels["keybuzz.io/environment"]';
    expect(verdict).toEqual({ outcome: "findings", findings: [{ property, message }] });
  });
});
