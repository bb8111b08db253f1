/** What the rules on AWS say, where a value may be a secret. */
import { expect, it } from "vitest";
import { ownRegion } from "../../../../policies/rules/aws/own-region";
import { estate, object } from "../../cases";

it.each([
  ["us-east-1", "names the region us-east-1; eu-west-1 is this environment's"],
  ["us-gov-west-1", "names the region us-gov-west-1; eu-west-1 is this environment's"],
  ["wJalrXUtnFEMI-K7MDENG", "names no region; eu-west-1 is this environment's"],
  ["correcthorse", "names no region; eu-west-1 is this environment's"],
])("a Secret's region is told only if it can be one: %s", (text, message) => {
  const given = object("core/v1:Secret", { stringData: { AWS_SES_REGION: text } });
  const verdict = ownRegion.check(given, estate());
  expect(verdict).toEqual({
    outcome: "findings",
    findings: [{ property: "stringData.AWS_SES_REGION", message }],
  });
});
