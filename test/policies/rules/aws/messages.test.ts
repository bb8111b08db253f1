/** What the rules on AWS say, where a value may be a secret or one word decides what somebody does about it. */
import { describe, expect, it } from "vitest";
import type { Resource } from "../../../../policies/resource";
import type { ResourceRule } from "../../../../policies/rule";
import { boundedAccount } from "../../../../policies/rules/aws/bounded-account";
import { noWildcards } from "../../../../policies/rules/aws/no-wildcards";
import { ownNames } from "../../../../policies/rules/aws/own-names";
import { ownRegion } from "../../../../policies/rules/aws/own-region";
import { sendOnly } from "../../../../policies/rules/aws/send-only";
import type { Value } from "../../../../policies/value";
import { estate, object, resource } from "../../cases";
import { document, sending, userPolicy } from "./policies";

function messages(rule: ResourceRule, given: Resource): string[] {
  const verdict = rule.check(given, estate());
  return verdict.outcome === "findings" ? verdict.findings.map(({ message }) => message) : [];
}

it.each([
  ["us-east-1", "names the region us-east-1; eu-west-1 is this environment's"],
  ["us-gov-west-1", "names the region us-gov-west-1; eu-west-1 is this environment's"],
  ["wJalrXUtnFEMI-K7MDENG", "names no region; eu-west-1 is this environment's"],
  ["eu-west-12", "names the region eu-west-12; eu-west-1 is this environment's"],
  ["us-*", "names the region us-*; eu-west-1 is this environment's"],
  ["us-west-1*", "names the region us-west-1*; eu-west-1 is this environment's"],
  ["us-?est-1*", "names the region us-?est-1*; eu-west-1 is this environment's"],
  ["correcthorse", "names no region; eu-west-1 is this environment's"],
  ["hunter2/us-east-1", "names no region; eu-west-1 is this environment's"],
  ["us-east-1/hunter2", "names no region; eu-west-1 is this environment's"],
  ["hunter2/*", "names no region; eu-west-1 is this environment's"],
  ["*/hunter2", "names no region; eu-west-1 is this environment's"],
])("a Secret's region is told only if it can be one: %s", (text, message) => {
  const given = object("core/v1:Secret", { stringData: { AWS_SES_REGION: text } });
  const verdict = ownRegion.check(given, estate());
  expect(verdict).toEqual({
    outcome: "findings",
    findings: [{ property: "stringData.AWS_SES_REGION", message }],
  });
});

describe("aws/bounded-account", () => {
  const nothing = "names no account, so any is accepted; 123456789012 is the only one allowed";
  const noList = "is no list of accounts; 123456789012 is the only one allowed";

  it.each<[Value | undefined, string]>([
    [undefined, nothing],
    [null, nothing],
    ["", nothing],
    ["[]", nothing],
    ["[123456789012", noList],
    [true, noList],
    [["210987654321"], "allows the account 210987654321; only 123456789012 is this environment's"],
  ])("says of %j what is wrong with it", (allowedAccountIds, message) => {
    const given = allowedAccountIds === undefined ? {} : { allowedAccountIds };
    expect(messages(boundedAccount, resource("pulumi:providers:aws", given))).toEqual([message]);
  });
});

describe("aws/own-names", () => {
  it.each([
    ["aws:iam/user:User", "name", "IAM user"],
    ["aws:sesv2/emailIdentity:EmailIdentity", "emailIdentity", "SES identity"],
    ["aws:ses/domainIdentity:DomainIdentity", "domain", "SES identity"],
    ["aws:ses/emailIdentity:EmailIdentity", "email", "SES identity"],
    ["aws:sns/topic:Topic", "name", "SNS topic"],
  ])("says of %s what it declares", (type, property, word) => {
    expect(messages(ownNames, resource(type, { [property]: "stranger.org" }))).toEqual([
      `declares the ${word} stranger.org, which prod's configuration does not name`,
    ]);
  });
});

it("policies that allow too much say which action and which resource it is", () => {
  const given = userPolicy(document(sending({ Sid: undefined, Action: "ses:*", Resource: "*" })));
  expect(messages(noWildcards, given)).toEqual([
    "statement 1 allows the action ses:*; name each one",
    "statement 1 allows the resource *; name each one",
  ]);
  expect(messages(sendOnly, given)).toEqual([
    "statement 1 allows ses:*; only ses:SendEmail and ses:SendRawEmail are allowed",
    "statement 1 allows *; only arn:aws:ses:eu-west-1:123456789012:identity/keybuzz.io and " +
      "arn:aws:ses:eu-west-1:123456789012:configuration-set/keybuzz-prod are allowed",
  ]);
});

it("a user's further policies are told by what they are", () => {
  const type = "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive";
  expect(messages(sendOnly, resource(type, { policyArns: ["a"] }))).toEqual([
    "gives managed policies to a user; all that it may do stands in its own policy",
  ]);
});
