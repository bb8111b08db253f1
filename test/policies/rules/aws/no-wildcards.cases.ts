import { noWildcards } from "../../../../policies/rules/aws/no-wildcards";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { type RuleCase, type RuleCases, resource } from "../../cases";
import { document, IDENTITY, sending, userPolicy } from "./policies";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:keybuzz-prod-mail-events";

const sent = (parts: Readonly<Record<string, Value | undefined>>) => userPolicy(document([sending(parts)]));

/** A topic with a policy of one statement. */
const topic = (parts: Readonly<Record<string, Value>>) =>
  resource("aws:sns/topic:Topic", {
    name: "keybuzz-prod-mail-events",
    policy: JSON.stringify(document([{ Effect: "Allow", Action: "sns:Publish", Resource: TOPIC, ...parts }])),
  });

const MANAGED = "arn:aws:iam::aws:policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const attached = (policyArn: Value) => resource(ATTACHMENT, { role: "keybuzz-prod-task", policyArn });

const managed: readonly RuleCase[] = [
  ...[
    "AdministratorAccess",
    "AdministratorAccess-Amplify",
    "PowerUserAccess",
    "job-function/SystemAdministrator",
    "AmazonSESFullAccess",
    "AmazonBedrockFullAccess_v2",
  ].map(
    (name): RuleCase => ({
      name: `AWS's ${name} is refused`,
      given: attached(`${MANAGED}/${name}`),
      want: "findings",
      at: ["policyArn"],
    }),
  ),
  ...[
    "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "arn:aws:iam::123456789012:policy/keybuzz-FullAccess",
  ].map(
    (arn): RuleCase => ({ name: `${arn} is left to its author`, given: attached(arn), want: "compliant" }),
  ),
  {
    name: "a policy of the same environment is judged where it is declared",
    given: attached(OWN_UNKNOWN),
    want: "compliant",
  },
  {
    name: "an attached policy that is not known stays open",
    given: attached(UNKNOWN),
    want: "undetermined",
    at: ["policyArn"],
  },
  {
    name: "the policies in a role's own list are judged one by one",
    given: resource("aws:iam/role:Role", {
      assumeRolePolicy: JSON.stringify(
        document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs.amazonaws.com" } }),
      ),
      managedPolicyArns: [`${MANAGED}/ReadOnlyAccess`, `${MANAGED}/IAMFullAccess`],
    }),
    want: "findings",
    at: ["managedPolicyArns[1]"],
  },
  {
    name: "one policy that AWS made beside one of a role's own is judged",
    given: resource("aws:iam/role:Role", {
      assumeRolePolicy: document({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "ecs.amazonaws.com" },
      }),
      managedPolicyArns: [`${MANAGED}/ReadOnlyAccess`],
    }),
    want: "compliant",
  },
  {
    name: "what a user is given is another rule's matter where its policy is configured",
    given: resource("aws:iam/userPolicyAttachment:UserPolicyAttachment", {
      user: "keybuzz-ses-prod",
      policyArn: `${MANAGED}/AdministratorAccess`,
    }),
    want: "not-applicable",
  },
  {
    name: "a component that is called like an attachment is left alone",
    given: resource(ATTACHMENT, { policyArn: `${MANAGED}/AdministratorAccess` }, { component: true }),
    want: "not-applicable",
  },
];

const ofIdentities: readonly RuleCase[] = [
  { name: "named actions on named resources are right", given: sent({}), want: "compliant" },
  ...(
    [
      ["an action with a star", { Action: ["ses:SendEmail", "ses:Get*"] }],
      ["all actions", { Action: "*" }],
      ["an action with a question mark", { Action: "ses:SendEmai?" }],
      ["all resources", { Resource: "*" }],
      ["a resource with a star, last in its list", { Resource: [IDENTITY, `${IDENTITY}*`] }],
      [
        "a resource with a question mark",
        { Resource: "arn:aws:ses:eu-west-?:123456789012:identity/keybuzz.io" },
      ],
      ["NotAction", { Action: undefined, NotAction: "iam:CreateUser" }],
      ["NotResource", { Resource: undefined, NotResource: IDENTITY }],
    ] as const
  ).map(
    ([name, parts]): RuleCase => ({
      name: `${name} is refused`,
      given: sent(parts as Record<string, Value>),
      want: "findings",
      at: ["policy"],
    }),
  ),
  {
    name: "every wildcard is told by itself",
    given: sent({ Action: "*", Resource: "*" }),
    want: "findings",
    at: ["policy", "policy"],
  },
  {
    name: "what is denied may be anything",
    given: userPolicy(document([sending(), { Effect: "Deny", Action: "*", Resource: "*" }])),
    want: "compliant",
  },
  {
    name: "a managed policy is judged",
    given: resource("aws:iam/policy:Policy", { policy: document(sending({ Resource: "*" })) }),
    want: "findings",
    at: ["policy"],
  },
  {
    name: "a group's policy is judged",
    given: resource("aws:iam/groupPolicy:GroupPolicy", { policy: document(sending({ Action: "ses:*" })) }),
    want: "findings",
    at: ["policy"],
  },
  {
    name: "a role's policy is judged",
    given: resource("aws:iam/rolePolicy:RolePolicy", { policy: document(sending({ Action: "ses:*" })) }),
    want: "findings",
    at: ["policy"],
  },
  {
    name: "a policy inside of a role is judged",
    given: resource("aws:iam/role:Role", {
      assumeRolePolicy: document({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "lambda.amazonaws.com" },
      }),
      inlinePolicies: [
        { name: "a", policy: document(sending()) },
        { name: "b", policy: JSON.stringify(document(sending({ Action: "*" }))) },
      ],
    }),
    want: "findings",
    at: ["inlinePolicies[1].policy"],
  },
  {
    name: "a role that everybody may take is refused",
    given: resource("aws:iam/role:Role", {
      assumeRolePolicy: document({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS: "*" } }),
    }),
    want: "findings",
    at: ["assumeRolePolicy"],
  },
  {
    name: "a policy that is missing is refused",
    given: resource("aws:iam/userPolicy:UserPolicy", { user: "keybuzz-ses-prod" }),
    want: "findings",
    at: ["policy"],
  },
  { name: "a policy that is no JSON is refused", given: userPolicy("{"), want: "findings", at: ["policy"] },
];

const ofTopics: readonly RuleCase[] = [
  {
    name: "a topic that SES alone may publish to is right",
    given: topic({
      Principal: { Service: "ses.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
    }),
    want: "compliant",
  },
  {
    name: "a topic of a named account needs no condition, and its actions may have wildcards",
    given: topic({ Principal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sns:*" }),
    want: "compliant",
  },
  ...(
    [
      ["everybody", { Principal: "*" }],
      ["everybody, as a map", { Principal: { AWS: "*" } }],
      ["everybody, by two stars", { Principal: { AWS: "**" } }],
      ["everybody, in a list", { Principal: { AWS: ["arn:aws:iam::123456789012:root", "*"] } }],
      ["everybody, beside a service", { Principal: { Service: "ses.amazonaws.com", AWS: "*" } }],
      ["everybody but one", { NotPrincipal: { AWS: "arn:aws:iam::123456789012:user/a" } }],
      ["everybody, with an empty condition", { Principal: "*", Condition: {} }],
      [
        "everybody, with a condition that all meet",
        { Principal: "*", Condition: { StringLike: { "aws:SourceArn": "*" } } },
      ],
      [
        "everybody, with a condition of two stars that all meet",
        { Principal: "*", Condition: { StringLike: { "aws:SourceArn": "**" } } },
      ],
      [
        "everybody, with a condition that all meet in its list",
        { Principal: "*", Condition: { StringLike: { "aws:SourceArn": [IDENTITY, "*"] } } },
      ],
      [
        "everybody, with a condition that a missing key meets",
        { Principal: "*", Condition: { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } } },
      ],
      [
        "everybody, with a condition that no value meets",
        {
          Principal: "*",
          Condition: { "ForAllValues:StringEquals": { "aws:SourceAccount": "123456789012" } },
        },
      ],
      [
        "everybody, with a condition without values",
        { Principal: "*", Condition: { StringEquals: { "aws:SourceAccount": [] } } },
      ],
    ] as const
  ).map(
    ([name, parts]): RuleCase => ({
      name: `a topic that lets ${name} publish is refused`,
      given: topic(parts as unknown as Record<string, Value>),
      want: "findings",
      at: ["policy"],
    }),
  ),
  ...["arn:aws:iam::123456789012:role/*", "*:role/publisher"].map(
    (name): RuleCase => ({
      name: `${name} is not everybody`,
      given: topic({ Principal: { AWS: name } }),
      want: "compliant",
    }),
  ),
  ...["arn:aws:ses:eu-west-1:123456789012:*", "*:identity/keybuzz.io"].map(
    (name): RuleCase => ({
      name: `a condition on the source ${name} bounds everybody`,
      given: topic({ Principal: "*", Condition: { ArnLike: { "aws:SourceArn": name } } }),
      want: "compliant",
    }),
  ),
  {
    name: "a statement that names nobody allows nobody",
    given: topic({}),
    want: "compliant",
  },
  {
    name: "everybody within the account is bounded by a condition",
    given: topic({
      Principal: { AWS: "*" },
      Condition: {
        StringEquals: { "AWS:SourceOwner": "123456789012" },
        Bool: { "aws:SecureTransport": true },
      },
    }),
    want: "compliant",
  },
  {
    name: "everybody may be denied",
    given: topic({ Effect: "Deny", Principal: "*" }),
    want: "compliant",
  },
  {
    name: "a principal that is not known stays open",
    given: resource("aws:sns/topicPolicy:TopicPolicy", {
      arn: TOPIC,
      policy: document({
        Effect: "Allow",
        Action: "sns:Publish",
        Resource: TOPIC,
        Principal: { AWS: ["arn:aws:iam::123456789012:root", UNKNOWN] },
      }),
    }),
    want: "undetermined",
    at: ["policy"],
  },
  {
    name: "a topic without a policy is left alone",
    given: resource("aws:sns/topic:Topic", { name: "keybuzz-prod-mail-events" }),
    want: "not-applicable",
  },
  {
    name: "a topic with an empty policy is left alone",
    given: resource("aws:sns/topic:Topic", { name: "keybuzz-prod-mail-events", policy: "" }),
    want: "not-applicable",
  },
];

export const cases: RuleCases = {
  rule: noWildcards,
  cases: [
    ...ofIdentities,
    ...ofTopics,
    {
      name: "a policy that is not known stays open",
      given: userPolicy(UNKNOWN),
      want: "undetermined",
      at: ["policy"],
    },
    {
      name: "a resource that is not known stays open",
      given: resource("aws:iam/policy:Policy", {
        policy: document(sending({ Resource: [IDENTITY, UNKNOWN] })),
      }),
      want: "undetermined",
      at: ["policy"],
    },
    {
      name: "an action that is not known stays open",
      given: resource("aws:iam/policy:Policy", { policy: document(sending({ Action: UNKNOWN })) }),
      want: "undetermined",
      at: ["policy"],
    },
    {
      name: "a resource that is not known but denied decides nothing",
      given: resource("aws:iam/policy:Policy", {
        policy: document([sending(), sending({ Effect: "Deny", Resource: [UNKNOWN] })]),
      }),
      want: "compliant",
    },
    ...managed,
    {
      name: "Vault's policies are left alone",
      given: resource("vault:index/policy:Policy", { name: "a", policy: 'path "*" {}' }),
      want: "not-applicable",
    },
    {
      name: "components are left alone",
      given: resource(
        "aws:iam/policy:Policy",
        { policy: document(sending({ Action: "*" })) },
        { component: true },
      ),
      want: "not-applicable",
    },
  ],
};
