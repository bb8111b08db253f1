/**
 * Proves that the sender's user can send as one address and do nothing else, and that a rotation of its key
 * never leaves clients without one that works, nor asks IAM for a third.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MailSender, type MailSenderArgs } from "../../components/mail-sender";
import { type Rotation, stepBetween } from "../../components/rotation";
import {
  type RecordedResource,
  readOutput,
  recordProgram,
  recordResources,
  resourceOf,
  resourcesOf,
  waitsFor,
} from "../support/mocks";
import { policyOf } from "./mail-fixtures";

const USER = "aws:iam/user:User";
const POLICY = "aws:iam/userPolicy:UserPolicy";
const KEY = "aws:iam/accessKey:AccessKey";

const args: MailSenderArgs = {
  environment: { name: "prod", production: true },
  accountId: "123456789012",
  region: "eu-west-1",
  iamUser: "keybuzz-ses-prod",
  identity: "keybuzz.io",
  sender: "noreply@keybuzz.io",
  configurationSet: "keybuzz-prod",
  accessKeyRotation: { generation: 1, idleSlot: "closed" },
};

const record = (changed: Partial<MailSenderArgs> = {}) =>
  recordResources(() => new MailSender("sender", { ...args, ...changed }));

const keysAt = async (accessKeyRotation: Rotation) =>
  resourcesOf(await record({ accessKeyRotation }), KEY).map((key) => key.name);

describe("what the user may do", () => {
  test("it may send as the sender, from its identity and through its configuration set alone", async () => {
    const policy = resourceOf(await record(), POLICY, "sender-policy");
    expect(policy.inputs).toMatchObject({ name: "send-mail", user: "keybuzz-ses-prod" });
    expect(policyOf(policy)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "SendAsTheSenderOnly",
          Effect: "Allow",
          Action: ["ses:SendEmail", "ses:SendRawEmail"],
          Resource: [
            "arn:aws:ses:eu-west-1:123456789012:identity/keybuzz.io",
            "arn:aws:ses:eu-west-1:123456789012:configuration-set/keybuzz-prod",
          ],
          Condition: { StringEquals: { "ses:FromAddress": "noreply@keybuzz.io" } },
        },
      ],
    });
  });

  test("it has no other policy, no group and no password", async () => {
    const types = (await record()).filter((resource) => resource.custom).map((resource) => resource.type);
    expect(types).toEqual([USER, POLICY, KEY]);
  });

  test("a key that nobody declared stops the user's deletion", async () => {
    const user = resourceOf(await record(), USER, "sender-user");
    expect(user.inputs).toEqual({
      name: "keybuzz-ses-prod",
      tags: { "keybuzz:environment": "prod", "keybuzz:managed-by": "pulumi" },
    });
  });

  test("another name makes another user, and the old one can send until clients changed over", async () => {
    const resources = await record();
    expect(resourceOf(resources, USER).options.replaceOnChanges).toEqual(["name"]);
    expect(resourceOf(resources, POLICY).options.deleteBeforeReplace).toBe(false);
  });
});

describe("access keys", () => {
  test("a key is handed out only when it can send", async () => {
    const resources = await record();
    const key = resourceOf(resources, KEY, "sender-access-key-1");
    expect(key.inputs).toEqual({ user: "keybuzz-ses-prod", status: "Active" });
    expect(waitsFor(resources, key, resourceOf(resources, USER))).toBe(true);
    expect(waitsFor(resources, key, resourceOf(resources, POLICY))).toBe(true);
  });

  const cases: { why: string; given: Rotation; want: string[] }[] = [
    {
      why: "the first generation has one key",
      given: { generation: 1, idleSlot: "closed" },
      want: ["sender-access-key-1"],
    },
    {
      why: "during a rotation the key before stays",
      given: { generation: 2, idleSlot: "open" },
      want: ["sender-access-key-1", "sender-access-key-2"],
    },
    {
      why: "closing the idle slot ends it",
      given: { generation: 2, idleSlot: "closed" },
      want: ["sender-access-key-2"],
    },
    {
      why: "the next rotation keeps only the one before it",
      given: { generation: 3, idleSlot: "open" },
      want: ["sender-access-key-2", "sender-access-key-3"],
    },
  ];
  test.each(cases)("$why", async ({ given, want }) => {
    expect(await keysAt(given)).toEqual(want);
  });

  test("the key handed out is the one of the present generation, as a secret", async () => {
    const accessKeyRotation: Rotation = { generation: 5, idleSlot: "open" };
    const ids: string[] = [];
    const { result } = await recordProgram(
      async () => {
        const { accessKey, userArn } = new MailSender("sender", { ...args, accessKeyRotation });
        return { id: await readOutput(accessKey.id), secret: await readOutput(accessKey.secret), userArn };
      },
      {
        outputs: (type, name) => {
          if (type !== KEY) return undefined;
          ids.push(name);
          return { id: `id of ${name}`, secret: `secret of ${name}` };
        },
      },
    );
    expect(ids.sort()).toEqual(["sender-access-key-4", "sender-access-key-5"]);
    expect(result).toEqual({
      id: { value: "id of sender-access-key-5", secret: true },
      secret: { value: "secret of sender-access-key-5", secret: true },
      userArn: "arn:aws:iam::123456789012:user/keybuzz-ses-prod",
    });
  });

  test("no step of a rotation deletes the key in use or needs a third one", async () => {
    const generation = fc.integer({ min: 1, max: 6 });
    const rotation = fc
      .record({ generation, idleSlot: fc.constantFrom<"open" | "closed">("open", "closed") })
      .filter((one) => one.generation > 1 || one.idleSlot === "closed");
    await fc.assert(
      fc.asyncProperty(rotation, rotation, async (before, after) => {
        fc.pre(stepBetween(before, after) !== undefined);
        const [old, next] = [await keysAt(before), await keysAt(after)];
        expect(next).toContain(`sender-access-key-${before.generation}`);
        expect(new Set([...old, ...next]).size).toBeLessThanOrEqual(2);
      }),
      { numRuns: 25 },
    );
  });
});

test("no component output shows the SMTP password that follows from the key", async () => {
  const component: RecordedResource = resourceOf(await record(), "keybuzz:aws:MailSender");
  expect(component.inputs).toEqual(args);
  expect(Object.keys(component.outputs ?? {}).sort()).toEqual(["accessKey", "userArn"]);
});

test("wrong arguments are reported together", async () => {
  const wrong = { iamUser: "keybuzz-ses", sender: "noreply@dev.keybuzz.io", configurationSet: "keybuzz-dev" };
  await expect(record(wrong)).rejects.toThrow(/^Mail sender sender has 3 problems:/);
});
