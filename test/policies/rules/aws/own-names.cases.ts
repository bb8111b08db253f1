import { ownNames } from "../../../../policies/rules/aws/own-names";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";
import { document, IDENTITY, sending, userPolicy } from "./policies";

/** Types that declare a name, with the property, PROD's name, DEV's name, and one that nobody claims. */
const DECLARED = [
  ["aws:iam/user:User", "name", "keybuzz-ses-prod", "keybuzz-ses-dev", "keybuzz-ses"],
  ["aws:sesv2/emailIdentity:EmailIdentity", "emailIdentity", "keybuzz.io", "dev.keybuzz.io", "x.keybuzz.io"],
  ["aws:ses/domainIdentity:DomainIdentity", "domain", "keybuzz.io", "dev.keybuzz.io", "keybuzz.pro"],
  [
    "aws:ses/emailIdentity:EmailIdentity",
    "email",
    "noreply@keybuzz.io",
    "noreply@dev.keybuzz.io",
    "noreply@inbound.keybuzz.io",
  ],
  [
    "aws:sesv2/configurationSet:ConfigurationSet",
    "configurationSetName",
    "keybuzz-prod",
    "keybuzz-dev",
    "keybuzz",
  ],
  ["aws:ses/configurationSet:ConfigurationSet", "name", "keybuzz-prod", "keybuzz-dev", "keybuzz-prod-2"],
  [
    "aws:sns/topic:Topic",
    "name",
    "keybuzz-prod-mail-events",
    "keybuzz-dev-mail-events",
    "keybuzz-mail-events",
  ],
  [
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
    "mailFromDomain",
    "bounce.keybuzz.io",
    "bounce.dev.keybuzz.io",
    "mail.keybuzz.io",
  ],
  [
    "aws:ses/mailFrom:MailFrom",
    "mailFromDomain",
    "bounce.keybuzz.io",
    "bounce.dev.keybuzz.io",
    "mail.keybuzz.io",
  ],
] as const;

const declared = DECLARED.flatMap(([type, property, own, other, stranger]): RuleCase[] => [
  {
    name: `${own} as ${property} of ${type} is PROD's own`,
    given: resource(type, { [property]: own }),
    want: "compliant",
  },
  {
    name: `${other} as ${property} of ${type} is DEV's, and refused`,
    given: resource(type, { [property]: other }),
    want: "findings",
    at: [property],
  },
  {
    name: `${stranger} as ${property} of ${type} is nobody's, and refused`,
    given: resource(type, { [property]: stranger }),
    want: "findings",
    at: [property],
  },
]);

const ses = (data: Readonly<Record<string, Value>>) =>
  object("core/v1:ConfigMap", { metadata: { name: "keybuzz-ses", namespace: "keybuzz-api-prod" }, data });

export const cases: RuleCases = {
  rule: ownNames,
  cases: [
    ...declared,
    {
      name: "a user's name is the same in upper case",
      given: resource("aws:iam/user:User", { name: "KeyBuzz-SES-Dev" }),
      want: "findings",
      at: ["name"],
    },
    {
      name: "the own user's name is the same in upper case",
      given: resource("aws:iam/user:User", { name: "KEYBUZZ-SES-PROD" }),
      want: "compliant",
    },
    {
      name: "an identity is the same in upper case and with a final dot",
      given: resource("aws:sesv2/emailIdentity:EmailIdentity", { emailIdentity: "DEV.KeyBuzz.io." }),
      want: "findings",
      at: ["emailIdentity"],
    },
    {
      name: "a key for DEV's user is refused",
      given: resource("aws:iam/accessKey:AccessKey", { user: "keybuzz-ses-dev", status: "Active" }),
      want: "findings",
      at: ["user"],
    },
    {
      name: "reports of PROD's mail to DEV's topic are refused",
      given: resource("aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination", {
        configurationSetName: "keybuzz-prod",
        eventDestinationName: "a",
        eventDestination: {
          snsDestination: { topicArn: "arn:aws:sns:eu-west-1:123456789012:keybuzz-dev-mail-events" },
        },
      }),
      want: "findings",
      at: ["eventDestination.snsDestination.topicArn"],
    },
    {
      name: "a topic that nobody claims may be named by the policy of an own one",
      given: resource("aws:sns/topic:Topic", {
        name: "keybuzz-prod-mail-events",
        policy: JSON.stringify(document({ Resource: "arn:aws:sns:eu-west-1:123456789012:alarms" })),
      }),
      want: "compliant",
    },
    {
      name: "an ARN in place of a name is refused once, for what it is declared as",
      given: resource("aws:sns/topic:Topic", { name: "arn:aws:iam::123456789012:user/deploy" }),
      want: "findings",
      at: ["name"],
    },
    {
      name: "a policy for DEV's identity is refused",
      given: userPolicy(document(sending({ Resource: IDENTITY.replace("keybuzz.io", "dev.keybuzz.io") }))),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "a sender below DEV's identity is refused",
      given: ses({ AWS_SES_FROM_EMAIL: "noreply@dev.keybuzz.io" }),
      want: "findings",
      at: ["data.AWS_SES_FROM_EMAIL"],
    },
    {
      name: "PROD's own sender is right",
      given: ses({ AWS_SES_FROM_EMAIL: "noreply@keybuzz.io", AWS_SES_REGION: "eu-west-1" }),
      want: "compliant",
    },
    {
      name: "DEV may not declare PROD's identity",
      environment: "dev",
      given: resource("aws:sesv2/emailIdentity:EmailIdentity", { emailIdentity: "keybuzz.io" }),
      want: "findings",
      at: ["emailIdentity"],
    },
    {
      name: "a user whose name is not known stays open",
      given: resource("aws:iam/user:User", { name: UNKNOWN }),
      want: "undetermined",
      at: ["name"],
    },
    {
      name: "a key for a user of this environment is its own",
      given: resource("aws:iam/accessKey:AccessKey", { user: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "a role of AWS has a name that no environment claims the like of",
      given: resource("aws:iam/role:Role", { name: "keybuzz-backup", path: "/" }),
      want: "not-applicable",
    },
    {
      name: "components are left alone",
      given: resource("aws:iam/user:User", { name: "keybuzz-ses-dev" }, { component: true }),
      want: "not-applicable",
    },
  ],
};
