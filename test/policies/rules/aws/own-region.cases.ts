import { ownRegion } from "../../../../policies/rules/aws/own-region";
import { OWN_UNKNOWN, UNKNOWN, type Value } from "../../../../policies/value";
import { object, type RuleCase, type RuleCases, resource } from "../../cases";
import { document, IDENTITY, sending, userPolicy } from "./policies";

const identity = (properties: Readonly<Record<string, Value>>) =>
  resource("aws:sesv2/emailIdentity:EmailIdentity", { emailIdentity: "keybuzz.io", ...properties });

const worker = (env: Value) =>
  object("apps/v1:Deployment", {
    metadata: { name: "keybuzz-outbound-worker", namespace: "keybuzz-api-prod" },
    spec: { template: { spec: { containers: [{ name: "worker", env }] } } },
  });

const config = (data: Readonly<Record<string, Value>>) =>
  object("core/v1:ConfigMap", { metadata: { name: "keybuzz-ses" }, data });

const secret = (stringData: Value) =>
  object("core/v1:Secret", { metadata: { name: "keybuzz-ses" }, stringData });

const variable = "spec.template.spec.containers[0].env[0].value";
const abroad = IDENTITY.replace("eu-west-1", "us-east-1");

export const cases: RuleCases = {
  rule: ownRegion,
  cases: [
    {
      name: "a provider for the configured region is right",
      given: resource("pulumi:providers:aws", { region: "eu-west-1" }),
      want: "compliant",
    },
    {
      name: "a provider for another region is refused",
      given: resource("pulumi:providers:aws", { region: "us-east-1" }),
      want: "findings",
      at: ["region"],
    },
    {
      name: "a provider without a region takes the shell's, and is refused",
      given: resource("pulumi:providers:aws", { allowedAccountIds: '["123456789012"]' }),
      want: "findings",
      at: ["region"],
    },
    {
      name: "a provider's region that is not known stays open",
      given: resource("pulumi:providers:aws", { region: UNKNOWN }),
      want: "undetermined",
      at: ["region"],
    },
    {
      name: "a resource in the configured region is right",
      given: identity({ region: "eu-west-1" }),
      want: "compliant",
    },
    {
      name: "a resource in another region is refused",
      given: identity({ region: "eu-west-2" }),
      want: "findings",
      at: ["region"],
    },
    {
      name: "a region is compared letter by letter",
      given: identity({ region: "EU-WEST-1" }),
      want: "findings",
      at: ["region"],
    },
    {
      name: "a resource without a region stands in its provider's",
      given: identity({}),
      want: "not-applicable",
    },
    {
      name: "a resource's region that is not known stays open",
      given: identity({ region: UNKNOWN }),
      want: "undetermined",
      at: ["region"],
    },
    {
      name: "the region of a resource of this environment is this environment's",
      given: identity({ region: OWN_UNKNOWN }),
      want: "compliant",
    },
    {
      name: "a policy for the configured region is right",
      given: userPolicy(document(sending())),
      want: "compliant",
    },
    {
      name: "a policy for another region is refused",
      given: userPolicy(document(sending({ Resource: [IDENTITY, abroad] }))),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "a region is found where JSON writes its letters as numbers",
      given: userPolicy(
        JSON.stringify(document(sending({ Resource: abroad }))).replace("us-east", "us\\u002deast"),
      ),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "an ARN of another region is found deep in a resource",
      given: resource("aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination", {
        region: "eu-west-1",
        eventDestination: { snsDestination: { topicArn: "arn:aws:sns:us-east-1:123456789012:a" } },
      }),
      want: "findings",
      at: ["eventDestination.snsDestination.topicArn"],
    },
    {
      name: "a wildcard that leaves the configured region out is refused",
      given: userPolicy(document(sending({ Resource: IDENTITY.replace("eu-west-1", "us-*") }))),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "a wildcard that covers the configured region is another rule's matter",
      given: userPolicy(document(sending({ Resource: IDENTITY.replace("eu-west-1", "eu-west-?") }))),
      want: "compliant",
    },
    {
      name: "a wildcard for many letters stands for many",
      given: userPolicy(document(sending({ Resource: IDENTITY.replace("eu-west-1", "eu-*") }))),
      want: "compliant",
    },
    ...["eu.west.1", "eu.west-*", "(*", "[a-z]*", "\\*"].map(
      (region): RuleCase => ({
        name: `signs that mean something elsewhere mean nothing in the region ${region}`,
        given: config({ AWS_REGION: region }),
        want: "findings",
        at: ["data.AWS_REGION"],
      }),
    ),
    {
      name: "a wildcard for one letter stands for one",
      given: userPolicy(document(sending({ Resource: IDENTITY.replace("eu-west-1", "eu-wes?-?1") }))),
      want: "findings",
      at: ["policy"],
    },
    {
      name: "an ARN without a region names none",
      given: resource("aws:iam/role:Role", { permissionsBoundary: "arn:aws:iam::123456789012:policy/a" }),
      want: "not-applicable",
    },
    {
      name: "a host of another region is refused",
      given: resource("aws:sns/topicSubscription:TopicSubscription", {
        endpoint: "https://SQS.us-east-1.AmazonAWS.com/123456789012/a",
      }),
      want: "findings",
      at: ["endpoint"],
    },
    {
      name: "AWS_SES_REGION in a ConfigMap is compared",
      given: config({ AWS_SES_REGION: "us-east-1" }),
      want: "findings",
      at: ["data.AWS_SES_REGION"],
    },
    {
      name: "AWS_SES_REGION in a Secret is compared",
      given: secret({ AWS_SES_REGION: "eu-central-1", AWS_SES_ACCESS_KEY_ID: "x" }),
      want: "findings",
    },
    {
      name: "the configured region in a Secret is right",
      given: secret({ AWS_SES_REGION: "eu-west-1" }),
      want: "compliant",
    },
    {
      name: "AWS_REGION of a container is compared",
      given: worker([{ name: "AWS_REGION", value: "us-east-1" }]),
      want: "findings",
      at: [variable],
    },
    {
      name: "AWS_DEFAULT_REGION of a container is compared, whatever stands before it",
      given: worker([{ name: "MAIL_AWS_DEFAULT_REGION", value: "us-east-1" }]),
      want: "findings",
      at: [variable],
    },
    {
      name: "the configured region of a container is right",
      given: worker([{ name: "aws_ses_region", value: "eu-west-1" }]),
      want: "compliant",
    },
    {
      name: "a region that is not AWS's is left alone",
      given: worker([{ name: "SALES_REGION", value: "us-east-1" }]),
      want: "not-applicable",
    },
    {
      name: "a variable whose value stands in a Secret is judged there",
      given: worker([{ name: "AWS_REGION", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }]),
      want: "not-applicable",
    },
    {
      name: "a setting that is not known stays open",
      given: config({ AWS_SES_REGION: UNKNOWN }),
      want: "undetermined",
      at: ["data.AWS_SES_REGION"],
    },
    {
      name: "a Secret of which nothing is known tells of no region",
      given: secret(UNKNOWN),
      want: "not-applicable",
    },
    {
      name: "components are left alone",
      given: resource("keybuzz:aws:MailIdentity", { region: "us-east-1" }, { component: true }),
      want: "not-applicable",
    },
  ],
};
