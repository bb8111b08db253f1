/**
 * Proves that a mail identity is complete when it is declared: verified by DKIM, with its MAIL FROM domain and
 * the records to publish, known in a preview as far as anybody can know it, and kept in production.
 */
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { MailIdentity, type MailIdentityArgs } from "../../components/mail-identity";
import {
  clearStrings,
  readOutput,
  recordProgram,
  resourceOf,
  resourcesOf,
  UNKNOWN,
  waitsFor,
} from "../support/mocks";
import { dev, prod, recordMail, refusalOf } from "./mail-fixtures";

const COMPONENT = "keybuzz:aws:MailIdentity";
const IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity";
const MAIL_FROM = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes";
const SET = "aws:sesv2/configurationSet:ConfigurationSet";

describe("the identity", () => {
  test("a domain is verified by a DKIM key of 2048 bits and sends through the configuration set", async () => {
    const { resources } = await recordMail(dev);
    const identity = resourceOf(resources, IDENTITY, "mail-domain");
    expect(identity.inputs).toEqual({
      emailIdentity: "dev.keybuzz.io",
      region: "eu-west-1",
      configurationSetName: "keybuzz-dev",
      dkimSigningAttributes: { nextSigningKeyLength: "RSA_2048_BIT" },
      tags: { "keybuzz:environment": "dev", "keybuzz:managed-by": "pulumi" },
    });
    expect(identity).toMatchObject({ parent: "mail", provider: "aws" });
    expect(waitsFor(resources, identity, resourceOf(resources, SET))).toBe(true);
  });

  test("mail still leaves while the MX record of the MAIL FROM domain is missing", async () => {
    const { resources } = await recordMail(dev);
    const mailFrom = resourceOf(resources, MAIL_FROM, "mail-mail-from");
    expect(mailFrom.inputs).toEqual({
      emailIdentity: "dev.keybuzz.io",
      region: "eu-west-1",
      mailFromDomain: "bounce.dev.keybuzz.io",
      behaviorOnMxFailure: "USE_DEFAULT_VALUE",
    });
    expect(mailFrom).toMatchObject({ parent: "mail", provider: "aws" });
    expect(waitsFor(resources, mailFrom, resourceOf(resources, IDENTITY))).toBe(true);
  });

  test("in production the identity can be neither deleted nor lost with its stack", async () => {
    const { options } = resourceOf((await recordMail(prod)).resources, IDENTITY);
    expect(options).toMatchObject({ protect: true, retainOnDelete: true });
  });

  test("elsewhere the identity goes with its environment", async () => {
    const { options } = resourceOf((await recordMail(dev)).resources, IDENTITY);
    expect([options.protect ?? false, options.retainOnDelete ?? false]).toEqual([false, false]);
  });

  test("nothing waits for verification", async () => {
    const { resources } = await recordMail(dev);
    expect(resources.filter((resource) => /verification/i.test(resource.type))).toEqual([]);
  });

  test("every resource stands in the component, uses the explicit provider and is declared once", async () => {
    const { resources } = await recordMail(dev);
    expect(resources.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "aws:iam/accessKey:AccessKey mail-sender-access-key-1",
      "aws:iam/user:User mail-sender-user",
      "aws:iam/userPolicy:UserPolicy mail-sender-policy",
      "aws:sesv2/configurationSet:ConfigurationSet mail-events-configuration-set",
      "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination mail-events-destination",
      `${IDENTITY} mail-domain`,
      `${MAIL_FROM} mail-mail-from`,
      "aws:sns/topic:Topic mail-events-topic",
      "keybuzz:aws:MailEvents mail-events",
      `${COMPONENT} mail`,
      "keybuzz:aws:MailSender mail-sender",
      "pulumi:providers:aws aws",
    ]);
    const custom = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
    expect(custom.map((resource) => resource.provider)).toEqual(custom.map(() => "aws"));
  });
});

describe("what a preview knows", () => {
  test("no input of any resource is unknown: names and ARNs are built from configuration", async () => {
    const { resources } = await recordMail(dev, { preview: true });
    expect(JSON.stringify(resources.map(({ inputs }) => inputs))).not.toContain(UNKNOWN);
  });

  test("the component records its arguments for the rules", async () => {
    const { resources } = await recordMail(prod, { preview: true });
    expect(resourceOf(resources, COMPONENT).inputs).toEqual(prod);
  });

  test("the list of DNS records is complete, with only the DKIM tokens unknown", async () => {
    const { resources } = await recordMail(dev, { preview: true });
    const records = resourceOf(resources, COMPONENT).outputs?.dnsRecords;
    const dkim = { purpose: "dkim", type: "CNAME", name: UNKNOWN, value: UNKNOWN };
    expect(records).toMatchObject([
      dkim,
      dkim,
      dkim,
      { purpose: "mail-from-mx", name: "bounce.dev.keybuzz.io" },
      { purpose: "mail-from-spf", name: "bounce.dev.keybuzz.io" },
      { purpose: "dmarc", action: "merge", name: "_dmarc.dev.keybuzz.io" },
    ]);
  });
});

describe("outputs", () => {
  test("three different DKIM records stand below the identity once SES has issued the tokens", async () => {
    const { resources } = await recordMail(dev);
    const records = resourceOf(resources, COMPONENT).outputs?.dnsRecords as {
      name: string;
      value: string;
    }[];
    const dkim = records.slice(0, 3);
    for (const { name, value } of dkim) {
      const token = /^([0-9a-z]{32})\._domainkey\.dev\.keybuzz\.io$/.exec(name)?.[1];
      expect(value).toBe(`${token}.dkim.amazonses.com`);
    }
    expect(new Set(dkim.map(({ name }) => name)).size).toBe(3);
  });

  test("an identity without tokens is declared all the same", async () => {
    const { resources } = await recordProgram(() => new MailIdentity("mail", dev), {
      outputs: (type) => (type === IDENTITY ? { dkimSigningAttributes: undefined } : undefined),
    });
    const records = resourceOf(resources, COMPONENT).outputs?.dnsRecords as { name: string }[];
    expect(records[0]?.name).toContain("(token-not-issued-yet)");
  });

  test("sender, region and names are plain, the key is secret in both parts", async () => {
    const { resources, result } = await recordMail(dev, {
      read: async (mail) => ({
        id: await readOutput(mail.accessKey.id),
        secret: await readOutput(mail.accessKey.secret),
        resources: mail.resources.length,
      }),
    });
    const outputs = resourceOf(resources, COMPONENT).outputs;
    expect(outputs).toMatchObject({
      sender: "noreply@dev.keybuzz.io",
      region: "eu-west-1",
      configurationSet: "keybuzz-dev",
      eventsTopicArn: "arn:aws:sns:eu-west-1:123456789012:keybuzz-dev-mail-events",
      accessKey: { id: { secret: expect.any(String) }, secret: { secret: expect.any(String) } },
    });
    expect(result?.id.secret && result.secret.secret).toBe(true);
    expect(result?.resources).toBe(3);
    const clear = clearStrings(resources.map((resource) => [resource.inputs, resource.outputs]));
    expect(clear.map(({ text }) => text)).not.toContain(result?.id.value);
    expect(clear.map(({ text }) => text)).not.toContain(result?.secret.value);
  });
});

test("two environments share no physical name", async () => {
  const names = async (args: MailIdentityArgs) => {
    const { resources } = await recordMail(args);
    const physical = ["name", "user", "emailIdentity", "mailFromDomain", "configurationSetName"];
    const policies = new Set(["send-mail"]);
    return resources
      .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
      .flatMap(({ inputs }) => physical.flatMap((key) => (inputs[key] ? [String(inputs[key])] : [])))
      .filter((name) => !policies.has(name));
  };
  const ofProd = new Set(await names(prod));
  expect(ofProd.size).toBe(5);
  expect((await names(dev)).filter((name) => ofProd.has(name))).toEqual([]);
});

describe("wrong arguments", () => {
  const cases: { why: string; given: Partial<MailIdentityArgs>; says: string }[] = [
    { why: "an account id without its zero", given: { accountId: "12345678901" }, says: "accountId: is" },
    { why: "a region that does not exist", given: { region: "eu-west" }, says: 'region: is "eu-west"' },
    { why: "a region with a DKIM domain of its own", given: { region: "af-south-1" }, says: "region: is" },
    { why: "an identity that is an address", given: { identity: "a@dev.keybuzz.io" }, says: "identity: is" },
    { why: "an identity in upper case", given: { identity: "Dev.KeyBuzz.io" }, says: "identity: is" },
    { why: "a final dot", given: { identity: "dev.keybuzz.io." }, says: "identity: is" },
    { why: "PROD's domain in DEV", given: { identity: "keybuzz.io" }, says: "only production sends" },
    { why: "a sender elsewhere", given: { sender: "noreply@keybuzz.io" }, says: "sender: is" },
    { why: "a sender below", given: { sender: "noreply@x.dev.keybuzz.io" }, says: "sender: is" },
    { why: "a sender without a mailbox", given: { sender: "dev.keybuzz.io" }, says: "sender: is" },
    { why: "a sender in upper case", given: { sender: "NoReply@dev.keybuzz.io" }, says: "sender: is" },
    { why: "MAIL FROM at the identity", given: { mailFromDomain: "dev.keybuzz.io" }, says: "mailFromDomain" },
    { why: "MAIL FROM elsewhere", given: { mailFromDomain: "bounce.keybuzz.io" }, says: "mailFromDomain" },
    { why: "MAIL FROM glued on", given: { mailFromDomain: "xdev.keybuzz.io" }, says: "mailFromDomain" },
    { why: "a set with a dot", given: { configurationSet: "keybuzz.dev" }, says: "configurationSet: is" },
    { why: "another's set", given: { configurationSet: "keybuzz-prod" }, says: 'with the part "dev"' },
    { why: "a topic with a space", given: { eventsTopic: "dev events" }, says: "eventsTopic: is" },
    { why: "another's topic", given: { eventsTopic: "keybuzz-prod-mail" }, says: 'with the part "dev"' },
    { why: "a user with a slash", given: { iamUser: "ses/dev" }, says: "iamUser: is" },
    { why: "the old shared user", given: { iamUser: "keybuzz-ses" }, says: 'with the part "dev"' },
    {
      why: "generation zero",
      given: { accessKeyRotation: { generation: 0, idleSlot: "closed" } },
      says: "accessKeyRotation.generation",
    },
    {
      why: "an idle slot open at the first generation",
      given: { accessKeyRotation: { generation: 1, idleSlot: "open" } },
      says: "accessKeyRotation.idleSlot",
    },
  ];
  test.each(cases)("$why is refused", async ({ given, says }) => {
    expect(await refusalOf({ ...dev, ...given })).toContain(says);
  });

  test("all of them are reported at once, in an error that a runner prints without a stack", async () => {
    const wrong = { ...dev, accountId: "1", sender: "x@y.z", iamUser: "ses", mailFromDomain: "b.z" };
    const failing = recordProgram(() => new MailIdentity("mail", wrong));
    await expect(failing).rejects.toBeInstanceOf(pulumi.RunError);
    const message = await refusalOf(wrong);
    expect(message).toMatch(/^Mail identity mail has 4 problems:/);
    for (const property of ["accountId", "sender", "iamUser", "mailFromDomain"]) {
      expect(message).toContain(`- ${property}: is`);
    }
  });

  test("nothing is declared when an argument is wrong", async () => {
    const resources: unknown[] = [];
    const run = recordProgram(() => {
      try {
        new MailIdentity("mail", { ...dev, accountId: "1" });
      } catch (error) {
        resources.push(error);
      }
    });
    expect((await run).resources).toEqual([]);
    expect(resources).toHaveLength(1);
  });

  test("a third environment is taken with a subdomain of its own", async () => {
    const staging: MailIdentityArgs = JSON.parse(JSON.stringify(dev).replaceAll("dev", "staging"));
    expect(resourcesOf((await recordMail(staging)).resources, IDENTITY)).toHaveLength(1);
  });
});
