/**
 * The rules on AWS where the configuration says nothing, or too little to judge by: what is not configured is no
 * fault, and nothing is vouched for.
 */
import { describe, expect, it } from "vitest";
import { type EnvironmentFacts, estateOf } from "../../../../policies/estate";
import { boundedAccount } from "../../../../policies/rules/aws/bounded-account";
import { noWildcards } from "../../../../policies/rules/aws/no-wildcards";
import { ownNames } from "../../../../policies/rules/aws/own-names";
import { ownRegion } from "../../../../policies/rules/aws/own-region";
import { sendOnly } from "../../../../policies/rules/aws/send-only";
import { resource } from "../../cases";
import { document, sending, userPolicy } from "./policies";

type Configuration = NonNullable<EnvironmentFacts["configuration"]>;
const estateWith = (configuration?: Configuration, name = "prod") =>
  estateOf(name, [{ name, claims: [], ...(configuration && { configuration }) }]);

const attachment = resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", {
  user: "deploy",
  policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
});
const policy = userPolicy(document(sending()));

it("without a configuration a user is given no policy of administrators either", () => {
  expect(noWildcards.check(attachment, estateWith()).outcome).toBe("findings");
});

it("without a configuration nobody says what a user may do", () => {
  expect(sendOnly.check(attachment, estateWith()).outcome).toBe("not-applicable");
  expect(sendOnly.check(policy, estateWith()).outcome).toBe("not-applicable");
});

it.each([undefined, {}, { aws: {} }])(
  "no account and no region is right or wrong with %j",
  (configuration) => {
    const provider = resource("pulumi:providers:aws", { region: "eu-west-1" });
    expect(boundedAccount.check(provider, estateWith(configuration)).outcome).toBe("not-applicable");
    expect(ownRegion.check(provider, estateWith(configuration)).outcome).toBe("not-applicable");
  },
);

it("where an environment claims no names, every name may be declared", () => {
  const user = resource("aws:iam/user:User", { name: "deploy" });
  expect(ownNames.check(user, estateWith()).outcome).toBe("compliant");
});

describe("aws/send-only", () => {
  const aws = { accountId: "123456789012", region: "eu-west-1" as const };
  const mail = { identity: "keybuzz.io", sender: "noreply@keybuzz.io" };

  it.each<[string, Configuration]>([
    ["the account", { aws: { region: aws.region }, mail }],
    ["the region", { aws: { accountId: aws.accountId }, mail }],
    ["the identity", { aws, mail: { sender: mail.sender } }],
    ["the sender", { aws, mail: { identity: mail.identity } }],
    ["all of them", {}],
  ])("vouches for no policy where the configuration lacks %s", (_, configuration) => {
    expect(sendOnly.check(policy, estateWith(configuration))).toEqual({
      outcome: "undetermined",
      properties: ["policy"],
    });
  });

  it("takes the environment's name from its configuration, else from its file", () => {
    expect(sendOnly.check(policy, estateWith({ aws, mail })).outcome).toBe("compliant");
    const named = estateWith({ aws, mail, environment: { name: "prod" } }, "live");
    expect(sendOnly.check(policy, named).outcome).toBe("compliant");
    expect(sendOnly.check(policy, estateWith({ aws, mail }, "live")).outcome).toBe("findings");
  });
});
