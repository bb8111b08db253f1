/** Proves that failed mail is reported, to a topic that nobody but this environment's SES can write to. */
import { describe, expect, test } from "vitest";
import { MailEvents, type MailEventsArgs } from "../../components/mail-events";
import { recordResources, resourceOf, waitsFor } from "../support/mocks";
import { policyOf } from "./mail-fixtures";

const SET = "aws:sesv2/configurationSet:ConfigurationSet";
const TOPIC = "aws:sns/topic:Topic";
const DESTINATION = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination";
const tags = { "keybuzz:environment": "prod", "keybuzz:managed-by": "pulumi" };

const args: MailEventsArgs = {
  environment: { name: "prod", production: true },
  accountId: "123456789012",
  region: "eu-west-1",
  configurationSet: "keybuzz-prod",
  eventsTopic: "keybuzz-prod-mail-events",
};

const record = (changed: Partial<MailEventsArgs> = {}) =>
  recordResources(() => new MailEvents("events", { ...args, ...changed }));

describe("the configuration set", () => {
  test("addresses that bounced or complained are not written to again", async () => {
    const set = resourceOf(await record(), SET, "events-configuration-set");
    expect(set.inputs).toEqual({
      configurationSetName: "keybuzz-prod",
      region: "eu-west-1",
      reputationOptions: { reputationMetricsEnabled: true },
      suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
      tags,
    });
  });

  test("a set that SES stopped is not started again: whether it sends is left undeclared", async () => {
    expect(resourceOf(await record(), SET).inputs).not.toHaveProperty("sendingOptions");
  });
});

describe("the topic", () => {
  test("only SES may publish, for this set of this account", async () => {
    const topic = resourceOf(await record(), TOPIC, "events-topic");
    expect(topic.inputs).toMatchObject({ name: "keybuzz-prod-mail-events", region: "eu-west-1", tags });
    expect(policyOf(topic)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ReportsOfThisConfigurationSetOnly",
          Effect: "Allow",
          Principal: { Service: "ses.amazonaws.com" },
          Action: "sns:Publish",
          Resource: "arn:aws:sns:eu-west-1:123456789012:keybuzz-prod-mail-events",
          Condition: {
            StringEquals: {
              "aws:SourceAccount": "123456789012",
              "aws:SourceArn": "arn:aws:ses:eu-west-1:123456789012:configuration-set/keybuzz-prod",
            },
          },
        },
      ],
    });
  });
});

describe("the event destination", () => {
  test("bounces, complaints, delays and rejections reach the topic", async () => {
    const destination = resourceOf(await record(), DESTINATION, "events-destination");
    expect(destination.inputs).toEqual({
      configurationSetName: "keybuzz-prod",
      eventDestinationName: "keybuzz-prod-mail-events",
      region: "eu-west-1",
      eventDestination: {
        enabled: true,
        matchingEventTypes: ["BOUNCE", "COMPLAINT", "DELIVERY_DELAY", "REJECT"],
        snsDestination: { topicArn: "arn:aws:sns:eu-west-1:123456789012:keybuzz-prod-mail-events" },
      },
    });
  });

  test("it waits for set and topic, since SES tries to publish when it is made", async () => {
    const resources = await record();
    const destination = resourceOf(resources, DESTINATION);
    expect(waitsFor(resources, destination, resourceOf(resources, SET))).toBe(true);
    expect(waitsFor(resources, destination, resourceOf(resources, TOPIC))).toBe(true);
  });
});

test("the outputs name set and topic, both known", async () => {
  const component = resourceOf(await record(), "keybuzz:aws:MailEvents");
  expect(component.inputs).toEqual(args);
  expect(component.outputs).toEqual({
    configurationSet: "keybuzz-prod",
    topicArn: "arn:aws:sns:eu-west-1:123456789012:keybuzz-prod-mail-events",
  });
});

test("wrong arguments are reported together", async () => {
  const wrong = { accountId: "x", region: "mars", configurationSet: "a b", eventsTopic: "keybuzz-dev" };
  await expect(record(wrong)).rejects.toThrow(/^Mail events events has 5 problems:/);
});
