/** The rules on AWS for projects of others: nothing says what a user may do. */
import { expect, it } from "vitest";
import { estateOf } from "../../../../policies/estate";
import { noWildcards } from "../../../../policies/rules/aws/no-wildcards";
import { resource } from "../../cases";

it("without a configuration a user is given no policy of administrators either", () => {
  const given = resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", {
    user: "deploy",
    policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
  });
  expect(noWildcards.check(given, estateOf("prod", [])).outcome).toBe("findings");
});
