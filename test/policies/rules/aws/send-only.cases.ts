import { sendOnly } from "../../../../policies/rules/aws/send-only";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCase, type RuleCases, resource } from "../../cases";
import { CONFIGURATION_SET, document, IDENTITY, sending, userPolicy } from "./policies";

const at = ["policy"];
const SENDER = { "ses:FromAddress": "noreply@keybuzz.io" };

const sent = (parts: Readonly<Record<string, Value | undefined>> = {}) =>
  userPolicy(document([sending(parts)]));
/** A policy given as an object, in which something may be unknown. */
const given = (policy: Value) =>
  resource("aws:iam/userPolicy:UserPolicy", { name: "send-mail", user: "keybuzz-ses-prod", policy });

const right: readonly RuleCase[] = [
  { name: "the policy that the project writes is right", given: sent(), want: "compliant" },
  {
    name: "a policy given as an object is read like its text",
    given: given(document([sending()])),
    want: "compliant",
  },
  {
    name: "one statement, one action and one resource need no lists",
    given: userPolicy(document(sending({ Action: "ses:SendRawEmail", Resource: IDENTITY }))),
    want: "compliant",
  },
  {
    name: "names of actions, of elements and of condition keys are the same in every case",
    given: userPolicy({
      statement: {
        effect: "Allow",
        ACTION: "SES:sendemail",
        resource: [CONFIGURATION_SET, IDENTITY],
        condition: { stringequals: { "SES:fromADDRESS": ["noreply@keybuzz.io"] } },
      },
    }),
    want: "compliant",
  },
  {
    name: "StringLike without a wildcard is as exact as StringEquals",
    given: sent({ Condition: { StringLike: SENDER } }),
    want: "compliant",
  },
  {
    name: "a further condition only narrows",
    given: sent({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/16" }, StringEquals: SENDER } }),
    want: "compliant",
  },
  {
    name: "what a statement denies is denied",
    given: userPolicy(document([sending(), { Effect: "Deny", Action: "*", NotResource: IDENTITY }])),
    want: "compliant",
  },
  {
    name: "DEV's user may send from DEV's identity",
    environment: "dev",
    given: sent({
      Resource: IDENTITY.replace("keybuzz.io", "dev.keybuzz.io"),
      Condition: { StringEquals: { "ses:FromAddress": "noreply@dev.keybuzz.io" } },
    }),
    want: "compliant",
  },
];

const tooMuch: readonly RuleCase[] = [
  { name: "all of SES is refused", given: sent({ Action: "ses:*" }), want: "findings", at },
  { name: "everything is refused", given: sent({ Action: "*", Resource: "*" }), want: "findings" },
  {
    name: "an action behind the right ones is refused",
    given: sent({ Action: ["ses:SendEmail", "ses:SendRawEmail", "ses:DeleteIdentity"] }),
    want: "findings",
    at,
  },
  {
    name: "another way to send is refused",
    given: sent({ Action: "ses:SendBulkEmail" }),
    want: "findings",
    at,
  },
  {
    name: "an action with a wildcard is refused",
    given: sent({ Action: "ses:Send*" }),
    want: "findings",
    at,
  },
  {
    name: "another service's action of the same name is refused",
    given: sent({ Action: "pinpoint:SendEmail" }),
    want: "findings",
    at,
  },
  {
    name: "DEV's identity is refused in PROD",
    given: sent({ Resource: [IDENTITY.replace("keybuzz.io", "dev.keybuzz.io"), CONFIGURATION_SET] }),
    want: "findings",
    at,
  },
  {
    name: "DEV's configuration set is refused in PROD",
    given: sent({ Resource: [IDENTITY, CONFIGURATION_SET.replace("prod", "dev")] }),
    want: "findings",
    at,
  },
  {
    name: "the identity of another account is refused",
    given: sent({ Resource: IDENTITY.replace("123456789012", "210987654321") }),
    want: "findings",
    at,
  },
  {
    name: "the identity in another region is refused",
    given: sent({ Resource: IDENTITY.replace("eu-west-1", "us-east-1") }),
    want: "findings",
    at,
  },
  {
    name: "every identity is refused",
    given: sent({ Resource: IDENTITY.replace("keybuzz.io", "*") }),
    want: "findings",
    at,
  },
  {
    name: "a statement without a resource is refused",
    given: sent({ Resource: undefined }),
    want: "findings",
    at,
  },
  {
    name: "NotAction is refused",
    given: sent({ Action: undefined, NotAction: "ses:DeleteIdentity" }),
    want: "findings",
    at,
  },
  {
    name: "NotResource is refused",
    given: sent({ Resource: undefined, NotResource: IDENTITY }),
    want: "findings",
    at,
  },
  {
    name: "a principal in a user's policy is refused",
    given: sent({ Principal: { AWS: "arn:aws:iam::123456789012:user/keybuzz-ses-prod" } }),
    want: "findings",
    at,
  },
  {
    name: "NotPrincipal is refused",
    given: sent({ NotPrincipal: "*" }),
    want: "findings",
    at,
  },
  {
    name: "a second statement is judged like the first",
    given: userPolicy(document([sending(), sending({ Action: "iam:CreateAccessKey" })])),
    want: "findings",
    at,
  },
  {
    name: "a deny before it does not hide what is allowed",
    given: userPolicy(
      document([{ Effect: "Deny", Action: "iam:*", Resource: "*" }, sending({ Action: "ses:*" })]),
    ),
    want: "findings",
    at,
  },
];

const asAnybody: readonly RuleCase[] = [
  {
    name: "sending as anybody is refused",
    given: sent({ Condition: undefined }),
    want: "findings",
    at,
  },
  { name: "an empty condition binds nothing", given: sent({ Condition: {} }), want: "findings", at },
  ...[
    ["StringLike with a wildcard", { StringLike: { "ses:FromAddress": "*@keybuzz.io" } }],
    ["DEV's sender", { StringEquals: { "ses:FromAddress": "noreply@dev.keybuzz.io" } }],
    ["a second sender", { StringEquals: { "ses:FromAddress": ["noreply@keybuzz.io", "boss@keybuzz.io"] } }],
    ["no sender at all", { StringEquals: { "ses:FromAddress": [] } }],
    ["a condition on the recipient", { StringEquals: { "ses:Recipients": "noreply@keybuzz.io" } }],
    ["an operator that leaves the sender out", { StringNotEquals: SENDER }],
    ["a condition that holds where the key is missing", { StringEqualsIfExists: SENDER }],
    ["a condition that holds for no value", { "ForAllValues:StringEquals": SENDER }],
    ["a number for a sender", { StringEquals: { "ses:FromAddress": 5 } }],
  ].map(
    ([name, Condition]): RuleCase => ({
      name: `${name} binds the sender to nothing`,
      given: sent({ Condition: Condition as Value }),
      want: "findings",
      at,
    }),
  ),
];

const malformed: readonly RuleCase[] = (
  [
    ["text that is no JSON", "{"],
    ["an empty text", ""],
    ["a list", "[]"],
    ["a document without statements", document([])],
    ["a document that says Statement twice", { Statement: [sending()], statement: [sending()] }],
    ["a statement that is a text", document(["Allow"])],
    ["an effect that AWS does not know", document(sending({ Effect: "allow" }))],
    ["a statement without an effect", document(sending({ Effect: undefined }))],
    ["a statement without actions", document(sending({ Action: undefined }))],
    ["a statement with both kinds of actions", document(sending({ NotAction: "ses:SendEmail" }))],
    ["an action that is a number", document(sending({ Action: 5 }))],
    ["a condition that is a text", document(sending({ Condition: "StringEquals" }))],
    ["an operator without a map", document(sending({ Condition: { StringEquals: "ses:FromAddress" } }))],
  ] as const
).map(
  ([name, policy]): RuleCase => ({
    name: `${name} is refused as no policy`,
    given: userPolicy(policy as Value),
    want: "findings",
    at,
  }),
);

const attached: readonly RuleCase[] = [
  {
    name: "AmazonSESFullAccess is refused",
    given: resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", {
      user: "keybuzz-ses-prod",
      policyArn: "arn:aws:iam::aws:policy/AmazonSESFullAccess",
    }),
    want: "findings",
    at: ["policyArn"],
  },
  {
    name: "a managed policy is refused whichever it is",
    given: resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", {
      user: "keybuzz-ses-prod",
      policyArn: OWN_UNKNOWN,
    }),
    want: "findings",
    at: ["policyArn"],
  },
  {
    name: "a managed policy for a list of users is refused",
    given: resource("aws:iam/policyAttachment:PolicyAttachment", {
      users: ["keybuzz-ses-prod"],
      policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
    want: "findings",
    at: ["users"],
  },
  {
    name: "a managed policy for a list of groups is refused",
    given: resource("aws:iam/policyAttachment:PolicyAttachment", {
      groups: ["mailers"],
      policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    }),
    want: "findings",
    at: ["groups"],
  },
  {
    name: "an attachment to users that are not known stays open",
    given: resource("aws:iam/policyAttachment:PolicyAttachment", { users: UNKNOWN, policyArn: "a" }),
    want: "undetermined",
    at: ["users"],
  },
  {
    name: "an attachment to roles is left alone",
    given: resource("aws:iam/policyAttachment:PolicyAttachment", {
      users: [],
      groups: null,
      roles: ["backup"],
      policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
    }),
    want: "not-applicable",
  },
  {
    name: "managed policies kept as a list are refused",
    given: resource("aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive", {
      userName: "keybuzz-ses-prod",
      policyArns: ["arn:aws:iam::aws:policy/AmazonSESFullAccess"],
    }),
    want: "findings",
    at: ["policyArns"],
  },
  {
    name: "a managed policy for a group is refused",
    given: resource("aws:iam/groupPolicyAttachment:GroupPolicyAttachment", {
      group: "senders",
      policyArn: "arn:aws:iam::aws:policy/AmazonSESFullAccess",
    }),
    want: "findings",
    at: ["policyArn"],
  },
  {
    name: "membership of a group is refused",
    given: resource("aws:iam/userGroupMembership:UserGroupMembership", {
      user: "keybuzz-ses-prod",
      groups: ["administrators"],
    }),
    want: "findings",
    at: ["groups"],
  },
  {
    name: "a group with the user is refused",
    given: resource("aws:iam/groupMembership:GroupMembership", { group: "a", users: ["keybuzz-ses-prod"] }),
    want: "findings",
    at: ["users"],
  },
];

export const cases: RuleCases = {
  rule: sendOnly,
  cases: [
    ...right,
    ...tooMuch,
    ...asAnybody,
    ...malformed,
    ...attached,
    { name: "a policy that is not known stays open", given: userPolicy(UNKNOWN), want: "undetermined", at },
    ...(
      [
        ["a statement", document([UNKNOWN])],
        ["a list of statements", document(UNKNOWN)],
        ["an action", document([sending({ Action: ["ses:SendEmail", OWN_UNKNOWN] })])],
        ["a resource", document([sending({ Resource: [IDENTITY, OWN_UNKNOWN] })])],
        ["an effect", document([sending({ Effect: UNKNOWN })])],
        ["an operator", document([sending({ Condition: { StringEquals: UNKNOWN } })])],
        ["a sender", document([sending({ Condition: { StringEquals: { "ses:FromAddress": UNKNOWN } } })])],
      ] as const
    ).map(
      ([name, policy]): RuleCase => ({
        name: `a policy with ${name} that is not known stays open`,
        given: given(policy as Value),
        want: "undetermined",
        at,
      }),
    ),
    {
      name: "what else a condition asks for decides nothing",
      given: given(
        document([sending({ Condition: { IpAddress: { "aws:SourceIp": UNKNOWN }, StringEquals: SENDER } })]),
      ),
      want: "compliant",
    },
    {
      name: "what is wrong beside what is not known is told",
      given: given(document([sending({ Action: ["ses:*", UNKNOWN] })])),
      want: "findings",
      at,
    },
    {
      name: "policies of roles are left alone",
      given: resource("aws:iam/rolePolicy:RolePolicy", {
        role: "backup",
        policy: JSON.stringify(document(sending({ Action: "s3:GetObject" }))),
      }),
      want: "not-applicable",
    },
    {
      name: "components are left alone",
      given: resource(
        "aws:iam/userPolicy:UserPolicy",
        { policy: JSON.stringify(document(sending({ Action: "*" }))) },
        { component: true },
      ),
      want: "not-applicable",
    },
  ],
};
